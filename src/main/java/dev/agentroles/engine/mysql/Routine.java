package dev.agentroles.engine.mysql;

import java.util.Optional;
import java.util.regex.Pattern;

/// A routine of the guard, from the statement that makes it.
///
/// @param kind FUNCTION, PACKAGE or PACKAGE BODY
/// @param head what stands in its first line after the name: parameters, result, characteristics
record Routine(String kind, String name, String head, String body, String text) {
    private static final Pattern CREATE = Pattern.compile(
            "CREATE DEFINER='agentroles_guard'@'localhost' (?<kind>FUNCTION|PACKAGE BODY|PACKAGE) agentroles_guard\\.(?<name>\\w+)"
                    + "(?<head>[^\\n]*)\\n(?<body>.*)",
            Pattern.DOTALL);

    /// @param statement with comments before it, perhaps
    static Optional<Routine> of(String statement) {
        var found = CREATE.matcher(statement);
        return found.find()
                ? Optional.of(new Routine(
                        found.group("kind"),
                        found.group("name"),
                        found.group("head").strip(),
                        found.group("body"),
                        statement))
                : Optional.empty();
    }

    String drop() {
        return "DROP %s IF EXISTS %s.%s".formatted(kind, GuardSql.SCHEMA, name);
    }

    String grant() {
        return "GRANT EXECUTE ON %s %s.%s TO %s".formatted(kind, GuardSql.SCHEMA, name, GuardSql.DEFINER);
    }
}
