package dev.agentroles.apply;

import java.util.concurrent.Future;

/// Tasks of ours that have ended.
public final class Ended {
    private Ended() {}

    /// What a task gave.
    ///
    /// @throws IllegalStateException with the cause, if it ended in an error that it should have told
    public static <R> R result(Future<R> task) {
        if (task.state() == Future.State.FAILED) {
            throw new IllegalStateException("a task of agentroles ended in an error of its own", task.exceptionNow());
        }
        return task.resultNow();
    }
}
