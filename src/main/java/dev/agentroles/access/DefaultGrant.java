package dev.agentroles.access;

import java.util.Optional;

/// A privilege on objects that do not exist yet: what `creator` makes later in `schema` will carry it.
///
/// @param schema empty means every schema of the database
/// @param kind which objects, as the engine names them in the plural: `TABLES`, `SEQUENCES`, ...
public record DefaultGrant(
        RoleName creator,
        Optional<String> schema,
        String kind,
        Privilege privilege,
        Grantee grantee,
        boolean grantable) {}
