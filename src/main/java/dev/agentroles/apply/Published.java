package dev.agentroles.apply;

import dev.agentroles.credential.Readings;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.StorePath;
import dev.agentroles.problem.Alike;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// What the store holds for the agents of one database.
///
/// @param byAgent of those whose path could be read
/// @param problems why the others' could not
record Published(SortedMap<String, SecretStore.Current> byAgent, List<Problem> problems) {
    Published {
        byAgent = Collections.unmodifiableSortedMap(byAgent);
        problems = List.copyOf(problems);
    }

    /// @param paths where each agent's login is published
    static Published read(Collection<String> agents, SecretStore store, Function<String, StorePath> paths) {
        var found = new TreeMap<String, SecretStore.Current>();
        var unread = new LinkedHashMap<String, List<Problem>>();
        for (var reading : new Readings<>(store::read, agents, paths)) {
            try {
                found.put(reading.of(), reading.current());
            } catch (Failure refused) {
                unread.put(reading.of(), refused.problems());
            }
        }
        return new Published(found, Alike.once(unread, agents.size() - found.size() - unread.size()));
    }
}
