package dev.agentroles.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// What one query says about the ledger of a database.
public sealed interface LedgerState {
    /// The first version that knows of change requests.
    int CHANGES = 2;

    /// There is no ledger, or its making was interrupted: `migrate` makes it.
    record Absent() implements LedgerState {}

    /// @param version of the schema; below [Ledger#VERSION] the next apply migrates it. Leases are kept alike in all
    /// of them, so that a stop never waits for an apply
    /// @param stamp empty only between the first migration and the first stamp
    /// @param serverTime the server's clock when it answered
    record Present(int version, Optional<Stamp> stamp, Optional<StoppedBy> freeze, Instant serverTime)
            implements LedgerState {
        /// Whether it knows of change requests.
        public boolean keepsChanges() {
            return version >= CHANGES;
        }

        /// The server's clock from now on, which decides when a login expires: ours, set right by the
        /// difference.
        ///
        /// @param ours read right after this state was taken
        public InstantSource clock(InstantSource ours) {
            var ahead = ahead(ours);
            return () -> ours.instant().plus(ahead);
        }

        /// How far the server's clock is ahead of ours; negative where it is behind.
        ///
        /// @param ours read right after this state was taken
        public Duration ahead(InstantSource ours) {
            return Duration.between(ours.instant(), serverTime);
        }
    }

    /// The version there is; 0 if there is none.
    default int versionOrZero() {
        return switch (this) {
            case Absent() -> 0;
            case Present present -> present.version();
        };
    }
}
