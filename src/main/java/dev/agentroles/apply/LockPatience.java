package dev.agentroles.apply;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/// How long a run waits for what can be left to the next one, as others hold it: whoever holds one table, as a dump
/// does, often holds them all, so that all waits in vain count together. What a run cannot go on without is no part of
/// it, and waited for by itself.
final class LockPatience {
    private static final Duration MOMENT = Duration.ofMillis(500);

    private Duration left;

    LockPatience(Duration lockTimeout) {
        left = lockTimeout;
    }

    /// Of the next wait; never less than half a second.
    Duration left() {
        return left;
    }

    /// Counts a wait in vain.
    ///
    /// @param began by [System#nanoTime]
    void waitedSince(long began) {
        left = Collections.max(List.of(MOMENT, left.minusNanos(System.nanoTime() - began)));
    }
}
