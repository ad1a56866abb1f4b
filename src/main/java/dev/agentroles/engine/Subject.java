package dev.agentroles.engine;

import dev.agentroles.access.RoleName;
import dev.agentroles.access.SessionBounds;
import java.time.Instant;

/// Whose power is examined.
public sealed interface Subject {
    RoleName role();

    /// The agent's name in the profile.
    String agent();

    /// Whether the role is the subject's own or its agent's, and not one that agents share.
    default boolean owns(RoleName other) {
        return other.equals(role()) || (this instanceof Login login && other.equals(login.agentRole()));
    }

    /// An agent's stable identity.
    record AgentRole(RoleName role, String agent) implements Subject {}

    /// One issued login of an agent, with what was declared when it was issued.
    ///
    /// @param agentRole the role it should be a member of, and of nothing else
    record Login(
            RoleName role, String agent, RoleName agentRole, int connections, Instant expiresAt, SessionBounds bounds)
            implements Subject {}
}
