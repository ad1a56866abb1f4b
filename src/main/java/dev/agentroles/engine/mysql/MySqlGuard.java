package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One view a table, with CHECK OPTION: an UPDATE looks at each row twice, before and after.
///
/// @param patterns whether `_` in the name of a database is a wildcard in grants: not with partial
/// revokes
record MySqlGuard(boolean patterns) implements GuardForm {
    private static final Pattern PIECE =
            Pattern.compile("-- [^\\n]*|/\\*.*?\\*/|'(?<text>(?:[^'\\\\]|\\\\.|'')*+)'", Pattern.DOTALL);

    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)|'(')", Pattern.DOTALL);

    @Override
    public List<String> files() {
        return List.of(
                "mysql-core.sql",
                "tables.sql",
                "mysql-readings.sql",
                "refuse.sql",
                "limits.sql",
                "mysql-verdict.sql",
                "mysql-gate.sql",
                "mysql-count.sql");
    }

    MySqlGuard() {
        this(true);
    }

    @Override
    public GuardForm on(Variables variables) {
        return new MySqlGuard(!variables.on("partial_revokes"));
    }

    @Override
    public String schemaInGrants(String schema) {
        return patterns ? Like.escape(schema) : schema;
    }

    @Override
    public String directory() {
        return "mysql";
    }

    @Override
    public List<String> viewSchemas(Securable.Relation table) {
        return List.of(GuardSql.viewsOf(table.schema()));
    }

    @Override
    public List<View> views(GuardedTable guarded) {
        var select = ("SELECT %s FROM %s b WHERE CASE (SELECT %s.gate() FROM %3$s.one) WHEN 1 THEN 1"
                        + " WHEN 2 THEN %s WHEN 3 THEN %s ELSE 0 END")
                .formatted(
                        GuardForm.columns(guarded),
                        GuardSql.name(guarded.table()),
                        GuardSql.SCHEMA,
                        counted(guarded, GuardForm.halfRows(guarded)),
                        counted(guarded, "1"));
        var halfRows = guarded.paths().isEmpty() ? "2" : "(2 * " + GuardForm.rowsAsTold(guarded) + ")";
        var canonical = "%s(case %s when 1 then 1 when 2 then %s when 3 then %s else 0 end)"
                .formatted(
                        GuardForm.selected(guarded, guarded.table()),
                        GuardForm.once(GuardForm.call("gate", "")),
                        tick(guarded, halfRows),
                        tick(guarded, "1"));
        return List.of(new View(GuardSql.viewOf(guarded.table()), select, canonical, "CASCADED", Optional.empty()));
    }

    private static String counted(GuardedTable guarded, String halfRows) {
        return "%1$s.tick((SELECT %1$s.limits_on(%2$d) FROM %1$s.one), %3$s)"
                .formatted(GuardSql.SCHEMA, GuardSql.id(guarded.table()), halfRows);
    }

    /// As the catalog tells [#counted].
    private static String tick(GuardedTable guarded, String halfRows) {
        var limits = GuardForm.call("limits_on", Long.toString(GuardSql.id(guarded.table())));
        return GuardForm.call("tick", GuardForm.once(limits) + "," + halfRows);
    }

    @Override
    public boolean passesOn(GuardedTable guarded) {
        return false;
    }

    @Override
    public List<String> replacement(Routine routine) {
        return List.of(routine.drop(), routine.text());
    }

    @Override
    public boolean keepsStateOfViews() {
        return true;
    }

    @Override
    public String modeAsStored(String mode) {
        return mode;
    }

    /// What stands in quotes is told as it is meant: without what escapes it. Comments are told as
    /// they are.
    @Override
    public String bodyAsTold(String body) {
        return PIECE.matcher(body)
                .replaceAll(piece -> Matcher.quoteReplacement(
                        piece.group("text") == null
                                ? piece.group()
                                : "'" + ESCAPED.matcher(piece.group("text")).replaceAll("$1$2") + "'"));
    }

    @Override
    public String collation() {
        return "utf8mb4_0900_ai_ci";
    }

    /// Of other definers: SET_USER_ID until 8.1. Of other people's routines: SHOW_ROUTINE since 8.0.20.
    @Override
    public List<String> globalRights(Variables variables) {
        return List.of(
                "PROCESS",
                "SESSION_VARIABLES_ADMIN",
                variables.since(8, 2, 0) ? "SET_ANY_DEFINER" : "SET_USER_ID",
                variables.since(8, 0, 20) ? "SHOW_ROUTINE" : "SELECT");
    }

    @Override
    public List<String> globalRightStatements(String account) {
        return List.of(
                "GRANT PROCESS, SESSION_VARIABLES_ADMIN /*!80020 , SHOW_ROUTINE */ /*!80200 , SET_ANY_DEFINER */ ON *.* TO "
                        + account + " WITH GRANT OPTION;",
                "-- before 8.2: GRANT SET_USER_ID ON *.* TO " + account,
                "-- before 8.0.20: GRANT SELECT ON *.* TO " + account,
                "-- with a binary log: SET GLOBAL log_bin_trust_function_creators = 1");
    }

    @Override
    public List<Securable.Relation> reads() {
        return List.of(
                new Securable.Relation("performance_schema", "events_statements_current"),
                new Securable.Relation("performance_schema", "events_transactions_current"));
    }

    @Override
    public boolean needsKey() {
        return false;
    }

    @Override
    public boolean countsOverwritten() {
        return true;
    }

    /// The server's digest of a text does not double a back-tick, and a text with both quotes is read in more
    /// than one way.
    @Override
    public String confusing() {
        return "`\"";
    }

    @Override
    public boolean ambiguous(String name) {
        return false;
    }

    @Override
    public List<String> callable(GuardedTable guarded) {
        return List.of();
    }
}
