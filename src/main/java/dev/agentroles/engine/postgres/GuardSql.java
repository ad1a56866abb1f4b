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
            "look",
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

    /// What `guard-tables.sql` adds where the guard's role reads the table, and where its owner may make
    /// the trigger.
    private static final String READ = "; read by the guard";

    private static final String RESTORED = "; restored by its owner";

    private static final String LOGIN_IS_MARKED =
            "has_table_privilege(SESSION_USER, ('agentroles_guard.marker'::regclass)::oid, 'SELECT'::text)";

    /// Before PostgreSQL 16 a login that somebody made NOINHERIT carries no mark and can still become the role
    /// that does: SET ROLE cannot be withheld there. The second question costs the application 3 us a
    /// statement, so it is asked only there.
    private static final String ROLE_IS_MARKED =
            "has_table_privilege(('agentroles_guard.marker'::regclass)::oid, 'SELECT'::text)";

    private static final Pattern FUNCTION = Pattern.compile(
            "CREATE OR REPLACE FUNCTION agentroles_guard\\.(?<name>\\w+)\\((?<arguments>[^\\n]*)\\) RETURNS (?<result>\\S+)\\n"
                    + "LANGUAGE plpgsql(?<immutable> IMMUTABLE)?(?<definer> SECURITY DEFINER)?(?:\\n(?<settings>SET [^\\n]*?))?"
                    + " AS \\$fn\\$(?<body>.*?)\\$fn\\$;",
            Pattern.DOTALL);

    private static final Pattern TABLE = Pattern.compile(
            "CREATE UNLOGGED TABLE IF NOT EXISTS agentroles_guard\\.(?<name>\\w+) \\(\\n(?<columns>.*?)\\n\\)",
            Pattern.DOTALL);

    private static final Pattern COLUMN =
            Pattern.compile("(?m)^  (?<name>\\w+) +(?<type>[\\w\\[\\]]+)(?<required> +NOT NULL)?(?: DEFAULT \\S+)?,");

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
    static String core(GuardCatalog found, Set<Guard.Limits> limits, boolean membershipOptions) {
        var first = Stream.concat(found.claims().stream(), found.repairs().stream())
                .map(sql -> sql + ";\n")
                .collect(Collectors.joining());
        // The limits after the schema, and before all functions are closed.
        var objects =
                objects().replaceFirst("\n\n", Matcher.quoteReplacement("\n\n" + GuardLimits.define(limits) + ";\n\n"));
        return found.role().in(Sql.resource("guard/role.sql") + join(found.role(), membershipOptions))
                + first
                + found.role().in(objects)
                + "\n"
                + reads(found)
                + leave(found.role()) + ";\n"
                + Sql.resource("guard/leave.sql");
    }

    /// The administrator acts as the role, for the rest of the transaction.
    private static String join(GuardRole role, boolean membershipOptions) {
        return "GRANT %s TO CURRENT_USER%s;\n"
                .formatted(role.identifier(), membershipOptions ? " WITH INHERIT TRUE, SET TRUE" : "");
    }

    private static String leave(GuardRole role) {
        return "REVOKE %s FROM CURRENT_USER".formatted(role.identifier());
    }

    /// A guard from before there was the role looks at its tables without a break.
    private static String reads(GuardCatalog found) {
        return found.tables().stream()
                .filter(row -> row.definition().isPresent() && row.owned())
                .flatMap(row -> reading(found.role(), row))
                .map(sql -> sql + ";\n")
                .collect(Collectors.joining());
    }

    private static Stream<String> reading(GuardRole role, GuardCatalog.TableRow row) {
        var select = "GRANT SELECT ON %s TO %s".formatted(Sql.name(row.relation()), role.identifier());
        return row.reached()
                ? Stream.of(select)
                : Stream.of(
                        "GRANT USAGE ON SCHEMA %s TO %s"
                                .formatted(Sql.identifier(row.relation().schema()), role.identifier()),
                        select);
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
        facts.add("rights on marker");
        TABLE.matcher(objects)
                .results()
                .map(table -> "rights on " + table.group("name") + " | DELETE INSERT SELECT UPDATE")
                .forEach(facts::add);
        facts.add("role");
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
                function.group("definer") == null ? "owned" : "of the role",
                "closed",
                Sha256.of(function.group("body")).hex());
    }

    /// One text for all facts; equal only if they are.
    static String fingerprint(Collection<String> facts) {
        return Sha256.ofLines(facts).hex();
    }

    /// How a guarded table should be.
    ///
    /// @param membershipOptions whether SET ROLE is an option of each membership: PostgreSQL 16 and later
    static Guard.Table attached(Securable.Relation table, boolean membershipOptions) {
        return new Guard.Table(table, trigger(membershipOptions) + READ + RESTORED, true);
    }

    private static String trigger(boolean membershipOptions) {
        return ATTACHED
                + (membershipOptions ? LOGIN_IS_MARKED : "(%s OR %s)".formatted(LOGIN_IS_MARKED, ROLE_IS_MARKED));
    }

    static boolean isRead(String definition) {
        return definition.contains(READ);
    }

    /// Whether only rights are missing, and not the trigger.
    static boolean triggered(String definition, boolean membershipOptions) {
        return definition.replace(READ, "").replace(RESTORED, "").equals(trigger(membershipOptions));
    }

    /// Rights first: the trigger alone would refuse what the guard cannot look at. ALWAYS: also while
    /// `session_replication_role` is `replica`. ONLY: partitions have triggers of their own.
    static String attach(GuardCatalog guard, GuardCatalog.TableRow row, boolean membershipOptions) {
        var table = Sql.name(row.relation());
        var owner = Sql.identifier(row.owner());
        var statements = new ArrayList<>(reading(guard.role(), row).toList());
        statements.add("GRANT USAGE ON SCHEMA agentroles_guard TO " + owner);
        statements.add("GRANT EXECUTE ON FUNCTION agentroles_guard.admit() TO " + owner);
        if (row.rowSecurity() && !row.policy()) {
            statements.add("DROP POLICY IF EXISTS agentroles_guard ON " + table);
            statements.add("CREATE POLICY agentroles_guard ON %s FOR SELECT TO %s USING (true)"
                    .formatted(table, guard.role().identifier()));
        }
        if (!row.definition()
                .map(definition -> triggered(definition, membershipOptions))
                .orElse(false)) {
            statements.add("""
                    CREATE OR REPLACE TRIGGER agentroles_guard BEFORE UPDATE OR DELETE ON %s FOR EACH STATEMENT
                      WHEN (has_table_privilege(session_user, 'agentroles_guard.marker'::regclass, 'SELECT')%s) EXECUTE FUNCTION agentroles_guard.admit()""".formatted(
                    table,
                    membershipOptions ? "" : " OR has_table_privilege('agentroles_guard.marker'::regclass, 'SELECT')"));
            statements.add("ALTER TABLE ONLY %s ENABLE ALWAYS TRIGGER agentroles_guard".formatted(table));
        }
        return String.join(";\n", statements);
    }

    static String detach(GuardCatalog guard, GuardCatalog.TableRow row) {
        var table = Sql.name(row.relation());
        var statements = new ArrayList<String>();
        statements.add("DROP TRIGGER IF EXISTS agentroles_guard ON " + table);
        if (row.policy()) {
            statements.add("DROP POLICY agentroles_guard ON " + table);
        }
        if (guard.standing()) {
            statements.add(
                    "REVOKE SELECT ON %s FROM %s".formatted(table, guard.role().identifier()));
        }
        return String.join(";\n", statements);
    }

    /// Clears away the marks of transactions that have ended, and what counts in no window any more.
    static String tidy() {
        return """
                DELETE FROM agentroles_guard.mark
                 WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) OR boot <> pg_postmaster_start_time();
                DELETE FROM agentroles_guard.usage WHERE until < clock_timestamp()""";
    }

    /// All but the role itself, which another database may hold back.
    static String remove(GuardCatalog guard, boolean membershipOptions) {
        var schema = "DROP SCHEMA IF EXISTS agentroles_guard CASCADE";
        return guard.standing()
                ? schema + ";\n" + join(guard.role(), membershipOptions)
                        + Sql.disown(guard.role().name()) + ";\n" + leave(guard.role())
                : schema;
    }
}
