package dev.agentroles.engine.postgres;

import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Sha256;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The guard as SQL: its own objects, how it hangs on a table, the limits. The functions stand in
/// `guard/*.sql`, each file for one duty; what they come to in the catalog is computed from the same text,
/// so that a function that somebody replaced is seen without trusting what the database says of itself.
final class GuardSql {
    static final String SCHEMA = "agentroles_guard";

    /// Who may SELECT from it is looked at by the guard.
    static final Securable.Relation MARKER = new Securable.Relation(SCHEMA, "marker");

    /// In the order in which they need each other.
    private static final List<String> FILES = List.of(
            "core",
            "refuse",
            "limits",
            "count",
            "reach",
            "plain",
            "lexer",
            "predicate",
            "judge",
            "foresee",
            "admit",
            "settle");

    /// As `guard-tables.sql` tells it: BEFORE (2), DELETE (8) and UPDATE (16), once a statement, enabled
    /// ALWAYS.
    private static final String ATTACHED = "agentroles_guard 26 A  admit when ";

    private static final String LOGIN_IS_MARKED =
            "has_table_privilege(SESSION_USER, ('agentroles_guard.marker'::regclass)::oid, 'SELECT'::text)";

    /// Before PostgreSQL 16 a login that somebody made NOINHERIT carries no mark and can still become the role
    /// that does: SET ROLE cannot be withheld there. The second question costs the application 3 us a
    /// statement, so it is asked only there.
    private static final String ROLE_IS_MARKED =
            "has_table_privilege(('agentroles_guard.marker'::regclass)::oid, 'SELECT'::text)";

    private static final Pattern FUNCTION = Pattern.compile(
            "CREATE OR REPLACE FUNCTION agentroles_guard\\.(?<name>\\w+)\\((?<arguments>[^\\n]*)\\) RETURNS (?<result>\\S+)\\n"
                    + "LANGUAGE plpgsql(?<immutable> IMMUTABLE)?(?<definer> SECURITY DEFINER\\n(?<settings>SET [^\\n]*))?"
                    + " AS \\$fn\\$(?<body>.*?)\\$fn\\$;",
            Pattern.DOTALL);

    private GuardSql() {}

    /// Makes the guard's own objects, or brings them to this version.
    static String core() {
        return FILES.stream()
                .map(file -> Sql.resource("guard/" + file + ".sql"))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    /// What `guard-core.sql` finds where the guard is as it should be, sorted.
    static List<String> expected() {
        var facts = new ArrayList<String>();
        var function = FUNCTION.matcher(core());
        while (function.find()) {
            facts.add(fact(function));
        }
        facts.add("trigger settle | 5 | A | t | t | settle | t | f");
        facts.add("trigger settle_again | 17 | A | t | t | settle | f | t");
        facts.add("relation limits | v | p | owned");
        facts.add("relation mark | r | u | owned");
        facts.add("relation marker | v | p | owned");
        facts.add("relation usage | r | u | owned");
        facts.add("schema");
        facts.sort(Comparator.naturalOrder());
        return List.copyOf(facts);
    }

    private static String fact(Matcher function) {
        var settings = function.group("settings");
        return String.join(
                " | ",
                "function " + function.group("name") + "(" + function.group("arguments") + ")",
                function.group("result"),
                "plpgsql",
                function.group("definer") == null ? "invoker" : "definer",
                function.group("immutable") == null ? "volatile" : "immutable",
                settings == null
                        ? ""
                        : settings.substring("SET ".length())
                                .replace(" SET ", "; ")
                                .replace(" = ", "="),
                "owned",
                "closed",
                Sha256.of(function.group("body")).hex());
    }

    /// One text for all facts; equal only if they are.
    static String fingerprint(Collection<String> facts) {
        return Sha256.of(facts.stream().sorted().collect(Collectors.joining("\n")))
                .hex();
    }

    /// How a guarded table should be.
    ///
    /// @param membershipOptions whether SET ROLE is an option of each membership: PostgreSQL 16 and later
    static Guard.Table attached(Securable.Relation table, boolean membershipOptions) {
        var asked = membershipOptions ? LOGIN_IS_MARKED : "(%s OR %s)".formatted(LOGIN_IS_MARKED, ROLE_IS_MARKED);
        return new Guard.Table(table, ATTACHED + asked, true);
    }

    /// ALWAYS: also while `session_replication_role` is `replica`. ONLY: partitions have triggers of their own.
    static String attach(Securable.Relation table, boolean membershipOptions) {
        return """
                CREATE OR REPLACE TRIGGER agentroles_guard BEFORE UPDATE OR DELETE ON %1$s FOR EACH STATEMENT
                  WHEN (has_table_privilege(session_user, 'agentroles_guard.marker'::regclass, 'SELECT')%2$s) EXECUTE FUNCTION agentroles_guard.admit();
                ALTER TABLE ONLY %1$s ENABLE ALWAYS TRIGGER agentroles_guard""".formatted(
                Sql.name(table),
                membershipOptions ? "" : " OR has_table_privilege('agentroles_guard.marker'::regclass, 'SELECT')");
    }

    static String detach(Securable.Relation table) {
        return "DROP TRIGGER IF EXISTS agentroles_guard ON %s".formatted(Sql.name(table));
    }

    static String remove() {
        return "DROP SCHEMA agentroles_guard CASCADE";
    }

    /// The limits are one view of constants, written as a whole.
    static String limits(Set<Guard.Limits> limits) {
        var rows = limits.isEmpty()
                ? "SELECT ''::name, ''::name, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, false WHERE false"
                : limits.stream()
                        .sorted(Comparator.comparing(Guard.Limits::agent).thenComparing(Guard.Limits::tier))
                        .map(GuardSql::row)
                        .collect(Collectors.joining(",\n         ", "VALUES ", ""));
        return """
                CREATE OR REPLACE VIEW agentroles_guard.limits
                  (agent, tier, rows, rows_per_transaction, whole_table, rows_per_window, window_seconds, functions) AS
                  %s""".formatted(rows);
    }

    private static String row(Guard.Limits limits) {
        var caps = limits.caps();
        var window = caps.flatMap(Guard.Caps::window);
        return Stream.of(
                        name(limits.agent()),
                        name(limits.tier()),
                        number(caps.map(Guard.Caps::rows)),
                        number(caps.map(Guard.Caps::rowsPerTransaction)),
                        number(caps.map(Guard.Caps::wholeTable)),
                        number(window.map(Guard.Window::rows)),
                        number(window.map(Guard.Window::seconds)),
                        caps.map(Guard.Caps::functions).orElse(true).toString())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String name(RoleName role) {
        return "%s::name".formatted(Sql.literal(role.value()));
    }

    private static String number(Optional<Long> value) {
        return value.map(Object::toString).orElse("NULL") + "::bigint";
    }
}
