package dev.agentroles.access;

import java.time.Instant;
import java.util.Optional;

/// One issued login of an agent.
///
/// @param id unique, part of the login's name
/// @param login the role that logs in
/// @param digest of the grants the agent had when it was issued
/// @param storeVersion of the secret that holds it, once published
public record Lease(
        String id,
        String agent,
        RoleName login,
        State state,
        Instant issuedAt,
        Instant expiresAt,
        String digest,
        Optional<Long> storeVersion) {
    /// Where a lease is in its life. Stored by name.
    public enum State {
        /// The login exists, nobody has been told. Left behind by a crash, it is an orphan.
        ISSUED,
        /// Proven, and the store holds it or held it until a newer one took its place.
        PUBLISHED,
        /// Ended: the login is gone.
        ENDED
    }

    public Lease endingAt(Instant end) {
        return new Lease(id, agent, login, state, issuedAt, end, digest, storeVersion);
    }

    /// The same lease once the store holds it.
    public Lease published(long version) {
        return new Lease(id, agent, login, State.PUBLISHED, issuedAt, expiresAt, digest, Optional.of(version));
    }

    /// Whether an agent may log in with it at a time of the server's clock.
    public boolean liveAt(Instant now) {
        return state == State.PUBLISHED && now.isBefore(expiresAt);
    }
}
