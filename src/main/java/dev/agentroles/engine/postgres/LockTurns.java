package dev.agentroles.engine.postgres;

import dev.agentroles.problem.Failure;
import java.time.Duration;

/// Waits for a lock in short turns: whoever comes later waits behind us, and goes on between two of them.
final class LockTurns {
    /// More than `deadlock_timeout` usually is (1 s): by then the server has ended an autovacuum that is in the way.
    private static final Duration TURN = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final long end;

    /// @param patience of all turns together
    LockTurns(Duration patience) {
        end = System.nanoTime() + patience.toNanos();
    }

    /// How long this turn is; at least a millisecond, as none would be for ever.
    Duration turn() {
        long left = Math.max(Duration.ofMillis(1).toNanos(), end - System.nanoTime());
        return Duration.ofNanos(Math.min(TURN.toNanos(), left));
    }

    /// Lets the others go on.
    ///
    /// @return false, at once, where no time would be left for another turn
    boolean pause() {
        if (end - System.nanoTime() <= PAUSE.toNanos()) {
            return false;
        }
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException stopped) {
            throw Failure.interrupted();
        }
    }
}
