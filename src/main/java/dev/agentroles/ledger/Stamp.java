package dev.agentroles.ledger;

import java.time.Instant;

/// Which environment a database belongs to. Written once, at the first apply; compared before anything else
/// after.
///
/// @param entry the database's name in the profile
/// @param serverIdentifier the server's own identity at the time
/// @param database its name on the server at the time
public record Stamp(
        String environment,
        String entry,
        String serverIdentifier,
        String database,
        Instant madeAt,
        String toolVersion) {}
