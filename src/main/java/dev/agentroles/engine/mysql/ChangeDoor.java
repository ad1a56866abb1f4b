package dev.agentroles.engine.mysql;

import dev.agentroles.access.Grant;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Sha256;
import dev.agentroles.engine.Asking;
import dev.agentroles.engine.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The procedures by which agents ask for schema changes, in a database of their own, as one look at the server found
/// them. They run as the administrator that made them. An account of their own would have less, but to make code
/// for another account is a right over every account there is (SET_ANY_DEFINER, SET USER): the administrator would have
/// more for good, and what the procedures do is written down here.
///
/// @param found what stands in the database, and the database itself
record ChangeDoor(List<Found> found) {
    static final String SCHEMA = "agentroles_changes";

    static final Asking ASKING = new Asking(
            "CALL agentroles_changes.request('STATEMENT', 'REASON')", "CALL agentroles_changes.requests()", true);

    /// Of an administrator. EVENT, because a database is only dropped when its administrator can see that nobody has an
    /// event there.
    static final List<String> RIGHTS = List.of("CREATE", "DROP", "CREATE ROUTINE", "ALTER ROUTINE", "EXECUTE", "EVENT");

    private static final String PROCEDURE = "PROCEDURE";
    private static final String MARK = "agentroles";
    private static final Set<String> NAMES = Set.of("asking", "request", "requests");

    private static final Pattern CREATE = Pattern.compile(
            "CREATE PROCEDURE agentroles_changes\\.(?<name>\\w+)\\((?<parameters>[^\\n]*)\\)\\n"
                    + "(?<access>READS SQL DATA|MODIFIES SQL DATA) SQL SECURITY DEFINER COMMENT 'agentroles'\\n(?<body>BEGIN.*)",
            Pattern.DOTALL);

    private static final Pattern PARAMETER = Pattern.compile(
            "(?<mode>IN|OUT) (?<name>\\w+) (?<type>\\S+) CHARACTER SET utf8mb4 COLLATE (?<collation>\\w+)");

    ChangeDoor {
        found = List.copyOf(found);
    }

    /// @param kind `PROCEDURE`, or in words what it is
    /// @param untouchable whether only an account with SYSTEM_USER may drop it
    record Found(
            String kind,
            String name,
            String mode,
            String access,
            String security,
            String definer,
            String body,
            String mark,
            boolean untouchable,
            String parameters) {
        private boolean ours() {
            return kind.equals(PROCEDURE) && NAMES.contains(name);
        }

        private boolean marked() {
            return ours() && mark.equals(MARK);
        }

        private boolean stranger() {
            return !ours() && !kind.equals("database");
        }

        /// Equal only if it works the same.
        private String fact() {
            return String.join(
                    " | ",
                    name,
                    parameters,
                    mode,
                    access,
                    security,
                    definer,
                    mark,
                    Sha256.of(body.strip()).hex());
        }
    }

    static ChangeDoor read(Connection connection, Dialect dialect) throws SQLException {
        return new ChangeDoor(Rows.read(
                connection,
                Sql.resource("door.sql").formatted(dialect.query("events")),
                row -> new Found(
                        row.getString("kind"),
                        row.getString("name"),
                        row.getString("mode"),
                        row.getString("data_access"),
                        row.getString("security"),
                        row.getString("definer"),
                        Optional.ofNullable(row.getString("body")).orElse("not shown to this administrator"),
                        row.getString("mark"),
                        row.getBoolean("untouchable"),
                        row.getString("parameters"))));
    }

    /// Whether agentroles made what is there.
    boolean ours() {
        return found.stream().anyMatch(Found::marked);
    }

    /// A fingerprint of what is there, if agentroles made it.
    Optional<String> fingerprint() {
        return Optional.of(found)
                .filter(_ -> ours())
                .map(rows -> fingerprint(rows.stream()
                        .filter(row -> !row.kind().equals("database"))
                        .map(row -> row.ours() ? row.fact() : what(row))
                        .toList()));
    }

    /// The same of what this version makes.
    ///
    /// @param administrator as the server counts the account that makes it
    static String wanted(String administrator) {
        return fingerprint(statements().stream()
                .map(statement -> made(statement, administrator).fact())
                .toList());
    }

    private static String fingerprint(Collection<String> facts) {
        return Sha256.ofLines(facts).hex(6);
    }

    private static Found made(String statement, String administrator) {
        var made = CREATE.matcher(statement);
        made.find();
        return new Found(
                PROCEDURE,
                made.group("name"),
                Session.SQL_MODE,
                made.group("access"),
                "DEFINER",
                administrator,
                made.group("body"),
                MARK,
                false,
                parameters(made.group("parameters")));
    }

    /// As the catalog tells them.
    private static String parameters(String text) {
        return PARAMETER
                .matcher(text)
                .results()
                .map(one -> String.join(
                        " ",
                        one.group("mode"),
                        one.group("name"),
                        one.group("type").toLowerCase(Locale.ROOT),
                        one.group("collation")))
                .collect(Collectors.joining(", "));
    }

    private static List<String> statements() {
        return Arrays.stream(Sql.resource("change-door.sql").split("\n//\n"))
                .map(text -> text.substring(text.indexOf("CREATE PROCEDURE")).strip())
                .toList();
    }

    /// What an agent needs to ask.
    static List<Grant> grants(RoleName agent) {
        return Stream.of("request", "requests")
                .map(name -> Grant.of(agent, Privilege.EXECUTE, new Securable.Routine(SCHEMA, name, PROCEDURE)))
                .toList();
    }

    static boolean isPart(Securable on) {
        return on instanceof Securable.Routine(var schema, var _, var _) && schema.equals(SCHEMA);
    }

    /// Why nothing of ours can stand or go there, in a clause.
    Optional<String> taken() {
        var strangers = found.stream()
                .filter(Found::stranger)
                .map(ChangeDoor::what)
                .sorted()
                .toList();
        if (strangers.isEmpty()) {
            return Optional.of("database " + SCHEMA + " is taken: agentroles did not make what is in it")
                    .filter(_ -> !ours() && found.stream().anyMatch(Found::ours));
        }
        return Optional.of("database " + SCHEMA + " has what agentroles did not make: " + String.join(", ", strangers));
    }

    /// Procedures that only an account with SYSTEM_USER may drop.
    List<Found> untouchable() {
        return found.stream().filter(Found::untouchable).toList();
    }

    private static String what(Found row) {
        return row.kind().toLowerCase(Locale.ROOT) + " " + row.name();
    }

    /// Makes it, or brings it to this version. What was granted on a procedure goes with it.
    List<String> put() {
        var statements = new ArrayList<String>();
        statements.add("CREATE DATABASE IF NOT EXISTS agentroles_changes CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        for (var create : statements()) {
            statements.add("DROP PROCEDURE IF EXISTS " + SCHEMA + "."
                    + made(create, "").name());
            statements.add(create);
        }
        return statements;
    }

    static List<String> drop() {
        return List.of("DROP DATABASE IF EXISTS agentroles_changes");
    }
}
