package dev.agentroles.engine;

import java.util.Optional;

/// Which server and database a session really is on.
///
/// @param product `PostgreSQL`
/// @param version as the server says it: `18.6`
/// @param identifier the server's own identity: PostgreSQL's system identifier
/// @param database the database's name on the server
/// @param user the administrator as the server sees it
/// @param obstacle why nothing may be changed here, in a clause: `takes no writes`; empty on a server of one's own
public record ServerIdentity(
        String product, String version, String identifier, String database, String user, Optional<String> obstacle) {
    /// Of a server on which the session can write nothing.
    public static final Optional<String> NO_WRITES = Optional.of("takes no writes: it is a replica or read-only");

    /// What to do about an obstacle.
    public static final String WRITE_ELSEWHERE =
            "point the URL at the primary server; if this is the primary, end what makes it a replica or read-only";
}
