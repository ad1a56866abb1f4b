package dev.agentroles.engine;

import dev.agentroles.access.Secret;
import java.util.List;

/// How to reach one database.
///
/// @param name of the profile's entry, for messages
/// @param url JDBC URL without credentials
/// @param agentUrl the same for the agents
/// @param hosts from where the logins made there may come; empty: from anywhere
public record Target(String name, String url, String agentUrl, String username, Secret password, List<String> hosts) {
    public Target {
        hosts = List.copyOf(hosts);
    }

    public Target(String name, String url, String username, Secret password) {
        this(name, url, url, username, password, List.of());
    }

    /// For agents that hold nothing which would send them elsewhere.
    public AgentUrls agentUrls() {
        return new AgentUrls(url, agentUrl);
    }

    /// The same database reached by another URL, as by its agents.
    public Target at(String otherUrl) {
        return new Target(name, otherUrl, agentUrl, username, password, hosts);
    }

    /// The same database reached by another login.
    public Target as(String otherUsername, Secret otherPassword) {
        return new Target(name, url, agentUrl, otherUsername, otherPassword, hosts);
    }
}
