package dev.agentroles.harness;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what other processes do, and leaves them the processor.
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private Await() {}

    /// Comes back when that is so. How long that may take is the condition's affair.
    public static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            pause();
        }
    }

    /// A few milliseconds.
    public static void pause() {
        LockSupport.parkNanos(PAUSE.toNanos());
    }
}
