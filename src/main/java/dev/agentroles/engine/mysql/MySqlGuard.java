package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;
import java.util.List;
import java.util.Optional;

/// One view a table, with CHECK OPTION: an UPDATE looks at each row twice, before and after.
record MySqlGuard() implements GuardForm {
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
                        Names.name(guarded.table()),
                        GuardSql.SCHEMA,
                        GuardForm.counted(guarded, GuardForm.halfRows(guarded)),
                        GuardForm.counted(guarded, "1"));
        return List.of(new View(GuardSql.viewOf(guarded.table()), select, "CASCADED", Optional.empty()));
    }

    @Override
    public boolean needsKey() {
        return false;
    }

    @Override
    public List<String> callable(GuardedTable guarded) {
        return List.of();
    }
}
