package dev.agentroles.workspace;

import dev.agentroles.problem.Failure;

/// A database that could not be opened or asked, so that nothing is known of it.
///
/// @param database the entry's name in the profile; empty: every database of the profile
/// @param failure why
public record Missed(String database, Failure failure) {}
