package dev.agentroles.ledger;

import java.time.Instant;
import java.util.Optional;

/// A statement that an agent asked for, and what became of it. All texts are the agent's or a person's: data,
/// escaped wherever they are shown.
///
/// @param rehearsal the newest trial
/// @param decision the newest one
public record ChangeRequest(
        long id,
        Asked asked,
        State state,
        Optional<Rehearsed> rehearsal,
        Optional<Decision> decision,
        Optional<Approval> approval,
        Optional<Execution> execution) {
    /// Whose it is.
    public String agent() {
        return asked.agent();
    }

    public String statement() {
        return asked.statement();
    }

    /// @param by the login that asked, or the person who asked for the agent
    public record Asked(String agent, String by, Instant at, String statement, String reason) {}

    /// Stored by name.
    public enum State {
        /// Nobody has decided.
        REQUESTED,
        /// It may be run, as it stands and on this server alone.
        APPROVED,
        REJECTED,
        /// Somebody runs it, or died while they did.
        RUNNING,
        DONE,
        /// It was run, and the server refused it.
        FAILED;

        /// Whether something can still become of it.
        public boolean isOpen() {
            return this == REQUESTED || this == APPROVED || this == RUNNING;
        }
    }

    /// @param on where: environment and entry
    /// @param outcome what it showed, as lines of text
    public record Rehearsed(Instant at, String on, String outcome) {}

    /// @param why empty: no reason was given
    public record Decision(String by, Instant at, String why) {}

    /// @param fingerprint of what was approved, 64 hexadecimal digits
    /// @param signature by a key of the approver, where one was asked for
    public record Approval(String fingerprint, Instant validUntil, Optional<String> signature) {}

    /// @param handle by what the server tells afterwards whether it was done; empty where it cannot
    /// @param endedAt empty: nobody has seen its end
    public record Execution(
            String by, Instant startedAt, Optional<String> handle, Optional<Instant> endedAt, String outcome) {}
}
