package dev.agentroles.credential;

import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.engine.AgentUrls;
import java.time.Duration;

/// What a lease is to be issued for.
///
/// @param database the entry's name in the profile
/// @param tier for people; the power itself comes from the agent role
/// @param owner empty if the profile names none
/// @param home where the login is made
/// @param path where the lease is published
/// @param digest of the grants that the agent has now
/// @param ttl how long the login lasts
/// @param connections how many sessions at once
/// @param bounds of its sessions
public record LeaseOrder(
        String environment,
        String database,
        String agent,
        String tier,
        String owner,
        AgentUrls urls,
        Home home,
        StorePath path,
        String digest,
        Duration ttl,
        int connections,
        SessionBounds bounds) {
    RoleName agentRole() {
        return Naming.agentRole(database, agent);
    }
}
