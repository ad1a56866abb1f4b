package dev.agentroles.workspace;

import dev.agentroles.problem.Failure;

/// How a piece of work ended on one database.
///
/// @param <R> what it reports
public sealed interface Result<R> {
    /// The entry's name in the profile.
    String database();

    record Done<R>(String database, R report) implements Result<R> {}

    record Failed<R>(String database, Failure failure) implements Result<R> {}
}
