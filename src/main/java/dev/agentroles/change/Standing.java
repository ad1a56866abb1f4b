package dev.agentroles.change;

/// How a change request stands now.
public enum Standing {
    /// Nobody has decided.
    REQUESTED,
    /// It may be run.
    APPROVED,
    /// It was approved, and that was too long ago.
    EXPIRED,
    /// It was approved, and is not what was approved: another statement, server or database.
    ALTERED,
    REJECTED,
    /// Somebody runs it, or died while they did.
    RUNNING,
    DONE,
    /// It was run, and the server refused it.
    FAILED
}
