package dev.agentroles.engine.mysql;

import dev.agentroles.access.Sha256;
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

    private static final Pattern CHARACTERISTICS =
            Pattern.compile("(?<deterministic>(?:NOT )?(?:DETERMINISTIC )?)(?<access>NO SQL|READS SQL DATA)(?: AS)?$");

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

    /// As the catalog tells a routine.
    ///
    /// @param mode the `sql_mode` that it keeps
    record Found(
            String kind,
            String name,
            String mode,
            boolean deterministic,
            String access,
            String security,
            String definer,
            String collation,
            String body) {
        /// One text; equal only if the routine does the same.
        String fact() {
            return String.join(
                    " | ",
                    kind + " " + name,
                    mode,
                    deterministic ? "deterministic" : "not deterministic",
                    access,
                    security,
                    definer,
                    collation,
                    Sha256.of(body.strip()).hex());
        }
    }

    /// What the catalog says of this routine where it is as it should be.
    String fact(GuardForm form, String mode) {
        var characteristics = CHARACTERISTICS.matcher(head);
        boolean said = characteristics.find();
        return new Found(
                        kind,
                        name,
                        form.modeAsStored(mode),
                        said && characteristics.group("deterministic").equals("DETERMINISTIC "),
                        said ? characteristics.group("access") : "CONTAINS SQL",
                        "DEFINER",
                        "agentroles_guard@localhost",
                        form.collation(),
                        form.bodyAsTold(head.endsWith("AS") ? "AS\n" + body : body))
                .fact();
    }
}
