package dev.agentroles.apply;

import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.StorePath;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// What the store holds for the agents of one database.
///
/// @param byAgent of those whose path could be read
/// @param problems why the others' could not
record Published(SortedMap<String, SecretStore.Current> byAgent, List<Problem> problems) {
    /// A store that has failed so often is down, and each answer is waited for.
    private static final int ENOUGH = 3;

    private static final int READERS = 8;

    Published {
        byAgent = Collections.unmodifiableSortedMap(byAgent);
        problems = List.copyOf(problems);
    }

    /// Reads several at a time: a store that hangs is waited for once, and not for each agent.
    ///
    /// @param paths where each agent's login is published
    static Published read(Collection<String> agents, SecretStore store, Function<String, StorePath> paths) {
        var found = new ConcurrentSkipListMap<String, SecretStore.Current>();
        var problems = new ConcurrentLinkedQueue<Problem>();
        var failures = new AtomicInteger();
        var readings = agents.stream().map(agent -> (Callable<Void>) () -> {
            if (failures.get() < ENOUGH) {
                try {
                    found.put(agent, store.read(paths.apply(agent)));
                } catch (RuntimeException unread) {
                    failures.incrementAndGet();
                    problems.addAll(Failure.unexpected("the reading of " + agent + "'s login", unread)
                            .problems());
                }
            }
            return null;
        });
        try (var threads = Executors.newFixedThreadPool(READERS)) {
            threads.invokeAll(readings.toList()).forEach(Ended::result);
        } catch (InterruptedException stopped) {
            throw Failure.interrupted();
        }
        return new Published(found, problems.stream().distinct().toList());
    }
}
