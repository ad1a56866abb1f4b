package dev.agentroles.credential;

/// Told whenever a step of a lease's life, or of a change request's, is done and the next has not begun: the
/// places where a crash would hurt. Production passes [#NONE]; the crash tests die there.
@FunctionalInterface
public interface FaultPoints {
    FaultPoints NONE = point -> {};

    void reached(Point point);

    /// What has just been done, in the order of a lease's life.
    enum Point {
        STORE_READ,
        LOGIN_ISSUED,
        LOGIN_PROVEN,
        SECRET_PUBLISHED,
        PUBLICATION_RECORDED,
        PREDECESSOR_SHORTENED,
        LOGIN_DROPPED,
        END_RECORDED,
        STOP_RECORDED,
        LOGINS_CLOSED,
        SESSIONS_ENDED,
        SECRET_ERASED,
        DEBT_SETTLED,
        STOP_LIFTED,
        /// The ledger says that a change request is being run.
        CHANGE_STARTED,
        /// Its statement is done, and the ledger does not know.
        CHANGE_MADE
    }
}
