package dev.agentroles.engine;

import java.util.Set;

/// What stops have left at the server beside the ledger, where no restore of a database takes it back.
///
/// @param frozen whether all agents of the environment are stopped
/// @param agents that are stopped each by itself
public record StopMarks(boolean frozen, Set<String> agents) {
    public static final StopMarks NONE = new StopMarks(false, Set.of());

    public StopMarks {
        agents = Set.copyOf(agents);
    }

    public boolean isEmpty() {
        return !frozen && agents.isEmpty();
    }
}
