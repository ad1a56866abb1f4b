package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Two views a table: a subquery inside a CHECK OPTION ends some servers. The inner one judges and counts UPDATE and
/// DELETE, the outer one's CHECK OPTION looks at each written row. `key = key` is folded away everywhere but in there.
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
    public List<String> viewSchemas(Securable.Relation table) {
        return List.of(GuardSql.innerOf(table).schema(), GuardSql.viewsOf(table.schema()));
    }

    @Override
    public List<View> views(GuardedTable guarded) {
        var inner = GuardSql.innerOf(guarded.table());
        var judged = "SELECT %s FROM %s b WHERE CASE (SELECT %s.gate() FROM %3$s.one) WHEN 1 THEN 1 WHEN 2 THEN %s WHEN 3 THEN %s ELSE 0 END"
                .formatted(
                        GuardForm.columns(guarded),
                        Names.name(guarded.table()),
                        GuardSql.SCHEMA,
                        GuardForm.counted(guarded, "2"),
                        GuardForm.counted(guarded, GuardForm.halfRows(guarded)));
        var key = "b." + Names.identifier(guarded.key().orElseThrow());
        var checked = "SELECT %s FROM %s b WHERE %s.chk(%d, %s) OR %s = %6$s"
                .formatted(
                        GuardForm.columns(guarded),
                        Names.name(inner),
                        GuardSql.SCHEMA,
                        GuardSql.id(guarded.table()),
                        GuardForm.rows(guarded),
                        key);
        return List.of(
                new View(
                        inner,
                        judged,
                        "",
                        Optional.of("GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %s"
                                .formatted(Names.name(inner), GuardSql.DEFINER))),
                new View(GuardSql.viewOf(guarded.table()), checked, "LOCAL", Optional.empty()));
    }

    @Override
    public boolean needsKey() {
        return true;
    }

    @Override
    public List<String> callable(GuardedTable guarded) {
        var functions = new ArrayList<>(List.of("chk", "gate", "limits_on", "tick"));
        if (!guarded.paths().isEmpty()) {
            functions.add(GuardSql.gone(guarded.table()));
        }
        return functions;
    }
}
