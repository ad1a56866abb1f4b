package dev.agentroles.engine;

/// Which server and database a session really is on.
///
/// @param product `PostgreSQL`
/// @param version as the server says it: `18.6`
/// @param identifier the server's own identity: PostgreSQL's system identifier
/// @param database the database's name on the server
/// @param user the administrator as the server sees it
/// @param writable whether the server takes writes: false on a replica
public record ServerIdentity(
        String product, String version, String identifier, String database, String user, boolean writable) {}
