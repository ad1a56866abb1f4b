package dev.agentroles.engine.postgres;

import dev.agentroles.access.Guard;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Sha256;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The guard as SQL: its own objects, how it hangs on a table, the limits. The functions stand in
/// `guard/*.sql`, each file for one duty; what they come to in the catalog is computed from the same text,
/// so that a function that somebody replaced is seen without trusting what the database says of itself.
final class GuardSql {
    static final String SCHEMA = "agentroles_guard";

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
            "settle",
            "close");

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

    private static final Pattern TABLE = Pattern.compile(
            "CREATE UNLOGGED TABLE IF NOT EXISTS agentroles_guard\\.(?<name>\\w+) \\(\\n(?<columns>.*?)\\n\\)",
            Pattern.DOTALL);

    private static final Pattern COLUMN =
            Pattern.compile("(?m)^  (?<name>\\w+) +(?<type>\\w+)(?<required> +NOT NULL)?(?: DEFAULT \\S+)?,");

    private static final Pattern KEY = Pattern.compile("(?m)^  (PRIMARY KEY .*)$");

    private static final Pattern INDEX = Pattern.compile("(CREATE INDEX (\\w+) ON .*);");

    private static final List<String> EXPECTED = facts();

    private GuardSql() {}

    private static String objects() {
        return FILES.stream()
                .map(file -> Sql.resource("guard/" + file + ".sql"))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    /// Makes the guard's own objects, or brings them to this version: an older guard of any form becomes this
    /// one in one transaction.
    ///
    /// @param found what is there: what cannot be replaced goes first
    static String core(GuardCatalog found, Set<Guard.Limits> limits) {
        var first = Stream.concat(found.claims().stream(), found.repairs().stream())
                .map(sql -> sql + ";\n")
                .collect(Collectors.joining());
        // The limits after the schema, and before all functions are closed.
        return first
                + objects()
                        .replaceFirst("\n\n", Matcher.quoteReplacement("\n\n" + GuardLimits.define(limits) + ";\n\n"));
    }

    /// What `guard-core.sql` finds where the guard is as it should be, sorted.
    static List<String> expected() {
        return EXPECTED;
    }

    private static List<String> facts() {
        var facts = new ArrayList<String>();
        var objects = objects();
        FUNCTION.matcher(objects).results().map(GuardSql::function).forEach(facts::add);
        TABLE.matcher(objects).results().map(GuardSql::table).forEach(facts::add);
        INDEX.matcher(objects)
                .results()
                .map(index -> "index " + index.group(2) + " | " + index.group(1))
                .forEach(facts::add);
        facts.add(GuardLimits.fact());
        facts.add("trigger settle | 21 | A | t | t | settle | t");
        facts.add("relation marker | v | p | owned");
        facts.add("schema");
        facts.sort(Comparator.naturalOrder());
        return List.copyOf(facts);
    }

    /// Whether what is found is as it should be, or becomes so by CREATE OR REPLACE: that keeps a function's
    /// arguments and result, and no table.
    static boolean replaceable(String found) {
        return EXPECTED.stream()
                .anyMatch(fact -> fact.equals(found) || signature(fact).equals(signature(found)));
    }

    private static String signature(String fact) {
        return fact.startsWith("function ") ? fact.split(" \\| ", 3)[0] + fact.split(" \\| ", 3)[1] : fact;
    }

    private static String table(MatchResult table) {
        var columns = COLUMN.matcher(table.group("columns"))
                .results()
                .map(column -> column.group("name") + " "
                        + column.group("type").replace("timestamptz", "timestamp with time zone")
                        + (column.group("required") == null ? "" : " not null"))
                .collect(Collectors.joining(", "));
        var key = KEY.matcher(table.group("columns"));
        key.find();
        return String.join(" | ", "relation " + table.group("name"), "r", "u", "owned", columns, key.group(1));
    }

    private static String function(MatchResult function) {
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

    /// Clears away the marks of transactions that have ended.
    static String tidy() {
        return """
                DELETE FROM agentroles_guard.mark
                 WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) OR boot <> pg_postmaster_start_time()""";
    }

    static String remove() {
        return "DROP SCHEMA agentroles_guard CASCADE";
    }
}
