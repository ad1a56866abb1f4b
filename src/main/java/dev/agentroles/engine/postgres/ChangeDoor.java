package dev.agentroles.engine.postgres;

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
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The functions by which agents ask for schema changes, in a schema of their own, as one look at the catalogs found
/// them. They run as the schema's owner, the administrator, whose the ledger is.
///
/// @param facts about what is there, as [#wanted] has them; none if there is no such schema
/// @param owner of the schema
/// @param ours whether the schema says that agentroles made it
/// @param owned whether it is the administrator's own, or it is a superuser
/// @param strangers what is in the schema and was not made by agentroles, in words
/// @param claims the statements that give to the schema's owner what somebody else owns
/// @param there the functions that are there, by their signatures
record ChangeDoor(
        List<String> facts,
        Optional<RoleName> owner,
        boolean ours,
        boolean owned,
        List<String> strangers,
        List<String> claims,
        Set<String> there) {
    static final String SCHEMA = "agentroles_changes";

    /// Where there is no schema of that name.
    static final ChangeDoor NONE =
            new ChangeDoor(List.of(), Optional.empty(), false, true, List.of(), List.of(), Set.of());

    static final Asking ASKING = new Asking(
            "SELECT agentroles_changes.request('STATEMENT', 'REASON')",
            "SELECT * FROM agentroles_changes.requests()",
            false);

    private static final Securable.Routine REQUEST = new Securable.Routine(SCHEMA, "request", "(text, text)");
    private static final Securable.Routine REQUESTS = new Securable.Routine(SCHEMA, "requests", "()");

    private static final Pattern FUNCTION = Pattern.compile(
            "CREATE OR REPLACE FUNCTION agentroles_changes\\.(?<name>\\w+)\\((?<arguments>[^\\n]*?)\\) RETURNS (?<result>[^\\n]+)\\n"
                    + "LANGUAGE plpgsql (?<volatility>\\w+)(?<definer> SECURITY DEFINER)? SET (?<settings>[^\\n]*?)"
                    + " AS \\$fn\\$(?<body>.*?)\\$fn\\$;",
            Pattern.DOTALL);

    /// There is no empty line in a statement.
    private static final Pattern STATEMENTS = Pattern.compile("\n\n");

    private static final List<String> WANTED = expected();

    private record Fact(
            String what,
            RoleName owner,
            boolean ours,
            boolean owned,
            Optional<String> stranger,
            Optional<String> claim,
            Optional<String> signature) {}

    static ChangeDoor read(Connection connection) throws SQLException {
        var facts = Rows.read(
                connection,
                Sql.resource("door.sql"),
                row -> new Fact(
                        row.getString("what"),
                        new RoleName(row.getString("owner")),
                        row.getBoolean("ours"),
                        row.getBoolean("owned"),
                        Optional.ofNullable(row.getString("stranger")),
                        Optional.ofNullable(row.getString("claim")),
                        Optional.ofNullable(row.getString("signature"))));
        return new ChangeDoor(
                facts.stream().map(Fact::what).toList(),
                facts.stream().map(Fact::owner).findFirst(),
                facts.stream().anyMatch(Fact::ours),
                facts.stream().allMatch(Fact::owned),
                facts.stream().flatMap(fact -> fact.stranger().stream()).toList(),
                facts.stream().flatMap(fact -> fact.claim().stream()).toList(),
                facts.stream().flatMap(fact -> fact.signature().stream()).collect(Collectors.toSet()));
    }

    /// A fingerprint of what is there, if agentroles made it and this administrator may change it.
    Optional<String> fingerprint() {
        return Optional.of(facts).filter(_ -> ours && owned).map(ChangeDoor::fingerprint);
    }

    /// The same of what this version makes.
    static String wanted() {
        return fingerprint(WANTED);
    }

    private static String fingerprint(Collection<String> facts) {
        return Sha256.ofLines(facts).hex(6);
    }

    /// What an agent needs to ask.
    static List<Grant> grants(RoleName agent) {
        return List.of(
                Grant.of(agent, Privilege.USAGE, new Securable.Schema(SCHEMA)),
                Grant.of(agent, Privilege.EXECUTE, REQUEST),
                Grant.of(agent, Privilege.EXECUTE, REQUESTS));
    }

    /// Whether a grant lets somebody ask.
    static boolean opens(Grant grant) {
        return grant.on().equals(REQUEST);
    }

    /// @param identity of a definition
    static boolean isPart(String identity) {
        return identity.startsWith("routine " + SCHEMA + ".");
    }

    /// Why nothing of ours can stand or go there, in a clause.
    Optional<String> taken() {
        if (facts.isEmpty()) {
            return Optional.empty();
        }
        if (!ours) {
            return Optional.of("schema " + SCHEMA + " is taken: agentroles did not make it");
        }
        if (!owned) {
            return Optional.of("schema " + SCHEMA + " is taken: it belongs to " + owner.orElseThrow());
        }
        return strangers.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "schema " + SCHEMA + " has what agentroles did not make: " + String.join(", ", strangers));
    }

    /// Makes it, or brings it to this version.
    List<String> put() {
        var statements = new ArrayList<String>();
        if (facts.isEmpty()) {
            statements.add("CREATE SCHEMA agentroles_changes");
            statements.add(
                    "COMMENT ON SCHEMA agentroles_changes IS 'agentroles: by which agents ask for schema changes'");
        }
        statements.addAll(claims);
        anew().stream().sorted().forEach(signature -> statements.add("DROP FUNCTION agentroles_changes." + signature));
        Stream.of(STATEMENTS.split(Sql.resource("change-door.sql").strip()))
                .map(sql -> sql.replaceFirst(";$", ""))
                .forEach(statements::add);
        return List.copyOf(statements);
    }

    /// Whether a grant on it goes when it is put right, and must be given again.
    boolean loses(Grant grant) {
        return grant.on() instanceof Securable.Routine(var schema, var name, var arguments)
                && schema.equals(SCHEMA)
                && anew().contains(name + arguments);
    }

    /// The signatures of functions that cannot be replaced, as they answer otherwise.
    private Set<String> anew() {
        var replaceable = WANTED.stream().map(ChangeDoor::form).collect(Collectors.toSet());
        var kept = facts.stream()
                .map(ChangeDoor::form)
                .filter(replaceable::contains)
                .collect(Collectors.toSet());
        return there.stream()
                .filter(signature -> kept.stream()
                        .noneMatch(form ->
                                form.startsWith("function " + signature.substring(0, signature.indexOf('(') + 1))))
                .collect(Collectors.toSet());
    }

    /// What CREATE OR REPLACE keeps: arguments by their names, and the result.
    private static String form(String fact) {
        return Stream.of(fact.split(" \\| ", -1)).limit(2).collect(Collectors.joining(" | "));
    }

    /// Not what others have put there, or hung on it.
    List<String> drop() {
        return Stream.concat(
                        there.stream().sorted().map(signature -> "DROP FUNCTION agentroles_changes." + signature),
                        Stream.of("DROP SCHEMA agentroles_changes"))
                .toList();
    }

    /// What `door.sql` finds where all is as it should be.
    private static List<String> expected() {
        return Stream.concat(
                        Stream.of("schema"),
                        FUNCTION.matcher(Sql.resource("change-door.sql"))
                                .results()
                                .map(ChangeDoor::fact))
                .toList();
    }

    private static String fact(MatchResult function) {
        return String.join(
                " | ",
                "function " + function.group("name") + "(" + function.group("arguments") + ")",
                function.group("result"),
                "plpgsql",
                function.group("definer") == null ? "invoker" : "definer",
                function.group("volatility").toLowerCase(Locale.ROOT),
                function.group("settings").replace(" = ", "="),
                "owned",
                "closed",
                Sha256.of(function.group("body")).hex());
    }
}
