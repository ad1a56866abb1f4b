package dev.agentroles.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Whether this process was told to end (TERM, INT, HUP), and the work that is finished before it does.
/// Java runs on while a shutdown hook waits, and then ends with 128 and the number of the signal.
public final class Ending {
    /// Shorter than what systemd (90 s) and Kubernetes (30 s) wait before they kill.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Semaphore idle = new Semaphore(1);
    private volatile boolean near;
    private volatile Optional<String> unfinished = Optional.empty();

    /// Whether no more work should be begun.
    boolean isNear() {
        return near;
    }

    /// Work in pieces, which ends soon once the end [#isNear].
    interface Work extends AutoCloseable {
        @Override
        void close();
    }

    Work begin() {
        idle.acquireUninterruptibly();
        return idle::release;
    }

    /// Work that an end cuts off wherever it is.
    ///
    /// @param command that does it
    Work amid(String command) {
        return cutOff("told to end before " + command
                + " was done: it is done in part or not at all; run it again, and see agentroles status");
    }

    /// The same of work about which there is something else to say.
    ///
    /// @param said when an end cuts it off
    Work cutOff(String said) {
        unfinished = Optional.of(said);
        return () -> unfinished = Optional.empty();
    }

    /// Lets the work in pieces that goes on come to an end.
    ///
    /// @return what to say of work that is cut off
    public Optional<String> comes() {
        near = true;
        try {
            boolean _ = idle.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
        return unfinished.map(said -> "agentroles: " + said);
    }
}
