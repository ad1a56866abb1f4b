package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Two views a table: a subquery inside a CHECK OPTION ends some servers. The inner one judges and
/// counts UPDATE and DELETE, the outer one's CHECK OPTION looks at each written row. `key = key` is
/// folded away everywhere but in there.
record MariaDbGuard() implements GuardForm {
    @Override
    public List<String> files() {
        return List.of(
                "mariadb-core.sql",
                "tables.sql",
                "mariadb-readings.sql",
                "refuse.sql",
                "limits.sql",
                "mariadb-verdict.sql",
                "mariadb-count.sql",
                "mariadb-gate.sql");
    }

    @Override
    public GuardForm on(Variables variables) {
        return this;
    }

    @Override
    public String schemaInGrants(String schema) {
        return Like.escape(schema);
    }

    @Override
    public String directory() {
        return "mariadb";
    }

    @Override
    public List<String> viewSchemas(Securable.Relation table) {
        return List.of(GuardSql.innerOf(table).schema(), GuardSql.viewsOf(table.schema()));
    }

    @Override
    public List<View> views(GuardedTable guarded) {
        var inner = GuardSql.innerOf(guarded.table());
        var judged =
                "SELECT %s FROM %s b WHERE CASE (SELECT %s.gate() FROM %3$s.one) WHEN 1 THEN 1 WHEN 2 THEN %s WHEN 3 THEN %s ELSE 0 END"
                        .formatted(
                                GuardForm.columns(guarded),
                                GuardSql.name(guarded.table()),
                                GuardSql.SCHEMA,
                                counted(guarded, "2"),
                                counted(guarded, GuardForm.halfRows(guarded)));
        var key = "b." + Sql.identifier(guarded.key().orElseThrow());
        var checked = "SELECT %s FROM %s b WHERE %s.chk(%d, %s) OR %s = %6$s"
                .formatted(
                        GuardForm.columns(guarded),
                        GuardSql.name(inner),
                        GuardSql.SCHEMA,
                        GuardSql.id(guarded.table()),
                        guarded.overwrites() ? "0" : GuardForm.rows(guarded),
                        key);
        var halfRows = guarded.paths().isEmpty() ? "2" : "2 * " + GuardForm.rowsAsTold(guarded);
        var judgedAsTold = "%scase %s when 1 then 1 when 2 then %s when 3 then %s else 0 end"
                .formatted(
                        GuardForm.selected(guarded, guarded.table()),
                        GuardForm.once(GuardForm.call("gate", "")),
                        tick(guarded, "2"),
                        tick(guarded, halfRows));
        var keyAsTold = "`b`." + Sql.identifier(guarded.key().orElseThrow());
        var checkedAsTold = "%s%s or %s = %3$s"
                .formatted(
                        GuardForm.selected(guarded, inner),
                        GuardForm.call(
                                "chk",
                                GuardSql.id(guarded.table()) + ","
                                        + (guarded.overwrites() ? "0" : GuardForm.rowsAsTold(guarded))),
                        keyAsTold);
        return List.of(
                new View(
                        inner,
                        judged,
                        judgedAsTold,
                        "",
                        Optional.of("GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %s"
                                .formatted(GuardSql.name(inner), GuardSql.DEFINER))),
                new View(GuardSql.viewOf(guarded.table()), checked, checkedAsTold, "LOCAL", Optional.empty()));
    }

    private static String counted(GuardedTable guarded, String halfRows) {
        return "%s.tick(%d, %s)".formatted(GuardSql.SCHEMA, GuardSql.id(guarded.table()), halfRows);
    }

    /// As the catalog tells [#counted].
    private static String tick(GuardedTable guarded, String halfRows) {
        return GuardForm.call("tick", GuardSql.id(guarded.table()) + "," + halfRows);
    }

    /// Whoever gives something on a column of a view has the server ask the view's definer whether it might give
    /// that on the table: 1143 as a warning, 1356 as the error (10.11.18, 11.8.9). Nobody can log in as the
    /// guard's account, and no routine can GRANT.
    @Override
    public boolean passesOn(GuardedTable guarded) {
        return guarded.byColumn();
    }

    /// Knowledge base, "CREATE FUNCTION": OR REPLACE leaves privileges as they are, DROP does not.
    @Override
    public List<String> replacement(Routine routine) {
        return List.of(routine.text().replaceFirst("CREATE DEFINER=", "CREATE OR REPLACE DEFINER="));
    }

    @Override
    public boolean keepsStateOfViews() {
        return false;
    }

    @Override
    public String modeAsStored(String mode) {
        return mode.equals("ORACLE")
                ? "PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ORACLE,NO_KEY_OPTIONS,NO_TABLE_OPTIONS,NO_FIELD_OPTIONS,"
                        + "NO_AUTO_CREATE_USER,SIMULTANEOUS_ASSIGNMENT"
                : mode;
    }

    @Override
    public String bodyAsTold(String body) {
        return body;
    }

    @Override
    public String collation() {
        return "utf8mb4_general_ci";
    }

    @Override
    public List<String> globalRights(Variables variables) {
        return List.of("PROCESS", "SET USER");
    }

    @Override
    public List<String> globalRightStatements(String account) {
        return List.of(
                "GRANT PROCESS, SET USER ON *.* TO " + account + " WITH GRANT OPTION;",
                "-- with a binary log: SET GLOBAL log_bin_trust_function_creators = 1");
    }

    @Override
    public List<Securable.Relation> reads() {
        return List.of();
    }

    @Override
    public boolean needsKey() {
        return true;
    }

    @Override
    public boolean countsOverwritten() {
        return false;
    }

    @Override
    public String confusing() {
        return "`";
    }

    /// In some character sets of clients the last byte of the name and the back-tick are one letter. What
    /// the server cannot tell it shows as a question mark.
    @Override
    public boolean ambiguous(String name) {
        int last = name.codePointBefore(name.length());
        return last > 0x7F || last == '?';
    }

    @Override
    public List<String> callable(GuardedTable guarded) {
        var functions = new ArrayList<>(List.of("chk", "gate", "tick"));
        if (!guarded.paths().isEmpty()) {
            functions.add(GuardSql.gone(guarded.table()));
        }
        return functions;
    }
}
