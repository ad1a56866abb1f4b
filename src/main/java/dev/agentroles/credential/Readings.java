package dev.agentroles.credential;

import dev.agentroles.engine.Threads;
import dev.agentroles.problem.Failure;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Gatherers;

/// What a store holds at some paths, in their order. Read several at a time, so that a store that hangs is waited for
/// once and not for each path; but only a little ahead of whoever asks, who must not act on what is long past.
///
/// Ends early where the store is down: after [#ENOUGH] failures.
///
/// @param <K> what is published at a path, or whose
public final class Readings<K> implements Iterable<Readings.Reading<K>> {
    /// A store that has failed so often is down, and each answer is waited for.
    public static final int ENOUGH = 3;

    private static final int READERS = 8;

    private static final int AHEAD = 64;

    private final Function<StorePath, SecretStore.Current> store;
    private final Function<K, StorePath> paths;
    private final List<List<K>> windows;

    /// @param store its [SecretStore#read]
    public Readings(Function<StorePath, SecretStore.Current> store, Collection<K> all, Function<K, StorePath> paths) {
        this.store = store;
        this.paths = paths;
        this.windows = all.stream().gather(Gatherers.windowFixed(AHEAD)).toList();
    }

    /// One path.
    ///
    /// @param outcome throws the failure, if it could not be read
    public record Reading<K>(K of, StorePath path, Supplier<SecretStore.Current> outcome) {
        /// @throws Failure if it could not be read
        public SecretStore.Current current() {
            return outcome.get();
        }
    }

    @Override
    public Iterator<Reading<K>> iterator() {
        return new Walk();
    }

    private final class Walk implements Iterator<Reading<K>> {
        private final Iterator<List<K>> ahead = windows.iterator();
        private final AtomicInteger failures = new AtomicInteger();
        private Iterator<Reading<K>> read = Collections.emptyIterator();

        @Override
        public boolean hasNext() {
            while (!read.hasNext() && ahead.hasNext()) {
                read = read(ahead.next());
            }
            return read.hasNext();
        }

        @Override
        public Reading<K> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return read.next();
        }

        private Iterator<Reading<K>> read(List<K> some) {
            var tasks = some.stream()
                    .map(one -> (Callable<List<Reading<K>>>) () -> read(one))
                    .toList();
            try (var threads = Executors.newFixedThreadPool(READERS, Threads.DAEMONS)) {
                return threads.invokeAll(tasks).stream()
                        .map(Future::resultNow)
                        .flatMap(List::stream)
                        .iterator();
            } catch (InterruptedException stopped) {
                throw Failure.interrupted();
            }
        }

        private List<Reading<K>> read(K one) {
            if (failures.get() >= ENOUGH) {
                return List.of();
            }
            var path = paths.apply(one);
            try {
                var current = store.apply(path);
                return List.of(new Reading<>(one, path, () -> current));
            } catch (RuntimeException unread) {
                failures.incrementAndGet();
                var failure = Failure.unexpected("the reading of " + path, unread);
                return List.of(new Reading<>(one, path, () -> {
                    throw failure;
                }));
            }
        }
    }
}
