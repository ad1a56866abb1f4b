package dev.agentroles.engine;

import java.util.Set;
import java.util.function.UnaryOperator;

/// By which JDBC URLs, without credentials, an agent logs in to one database.
///
/// @param direct by which we do that ourselves to look at the server as the agent
/// @param published what the agent is told: another one where it is to go through a pooler, or to a replica
public record AgentUrls(String direct, String published) {
    /// Whether the agent goes another way than we do.
    public boolean apart() {
        return !published.equals(direct);
    }

    /// The one, or the two.
    public Set<String> all() {
        return apart() ? Set.of(direct, published) : Set.of(direct);
    }

    /// Both changed in the same way.
    public AgentUrls map(UnaryOperator<String> change) {
        return new AgentUrls(change.apply(direct), change.apply(published));
    }
}
