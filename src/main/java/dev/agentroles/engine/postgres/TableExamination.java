package dev.agentroles.engine.postgres;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.postgres.Answers.Parameter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Tables that show more than the subject may read by itself: views and parents read with somebody else's
/// rights, row security lets rows through, foreign tables are files.
final class TableExamination {
    private final Examined examined;
    private final List<Finding> findings = new ArrayList<>();

    TableExamination(Examined examined) {
        this.examined = examined;
    }

    List<Finding> findings() throws SQLException {
        views();
        children();
        rows();
        files();
        return findings;
    }

    private record Read(Securable.Relation view, boolean materialized, Securable base) {}

    private void views() throws SQLException {
        var beyond = new LinkedHashMap<Securable.Relation, Set<String>>();
        var materialized = new HashSet<Securable.Relation>();
        for (var read : examined.answers().to("examine-views.sql", TableExamination::read, readable())) {
            if (read.materialized()) {
                materialized.add(read.view());
            }
            if (!examined.reads(read.base())
                    && examined.usableSchemas().contains(read.view().schema())) {
                beyond.computeIfAbsent(read.view(), _ -> new TreeSet<>())
                        .add(read.base().display());
            }
        }
        for (Map.Entry<Securable.Relation, Set<String>> view : beyond.entrySet()) {
            // No wildcard takes such a view: where the profile gives it, it names it.
            var declared = examined.intended().reaches(view.getKey());
            findings.add(Rule.DEFINER_VIEW.finding(
                    declared ? Severity.INFO : Rule.DEFINER_VIEW.severity(),
                    examined.agent(),
                    "%s reads %s with its owner's rights%s"
                            .formatted(
                                    view.getKey().display(),
                                    String.join(", ", view.getValue()),
                                    declared ? ", as the profile says" : ""),
                    List.of(examined.subject().role().value(), view.getKey().display()),
                    "pg_rewrite, pg_depend; security_invoker is off",
                    // A materialized view holds what its owner read: there is no other right to read with.
                    materialized.contains(view.getKey())
                            ? List.of()
                            : List.of(
                                    "ALTER VIEW %s SET (security_invoker = true)".formatted(qualified(view.getKey()))),
                    List.of("S4")));
        }
    }

    private static Read read(ResultSet row) throws SQLException {
        return new Read(
                new Securable.Relation(row.getString("schema"), row.getString("name")),
                row.getBoolean("materialized"),
                CatalogWords.part(row.getString("base_schema"), row.getString("base"), row.getString("base_column")));
    }

    private record Child(Securable.Relation parent, Securable.Relation child, boolean partition) {}

    /// A partition beside its table is a part of it; one in another schema may be anything. That the profile
    /// excludes such a part is a problem of its plan.
    private void children() throws SQLException {
        for (var pair : examined.answers()
                .to(
                        "examine-children.sql",
                        row -> new Child(
                                new Securable.Relation(row.getString("parent_schema"), row.getString("parent")),
                                new Securable.Relation(row.getString("schema"), row.getString("name")),
                                row.getBoolean("partition")),
                        readable())) {
            var inPlace = pair.partition()
                    && pair.child().schema().equals(pair.parent().schema());
            if (!inPlace && shown(pair).anyMatch(part -> !examined.reads(part))) {
                findings.add(Rule.INHERITANCE_CHILD.finding(
                        examined.agent(),
                        "%s can be read through %s"
                                .formatted(pair.child().display(), pair.parent().display()),
                        List.of(
                                examined.subject().role().value(),
                                pair.parent().display(),
                                pair.child().display()),
                        "pg_inherits; bring %s into the scope, or take %s out of it"
                                .formatted(pair.child().display(), pair.parent().display()),
                        List.of(),
                        List.of("S6")));
            }
        }
    }

    /// What of a child is read through its parent: all of it, or the columns that the parent shows.
    private Stream<Securable> shown(Child pair) {
        return examined.reads(pair.parent())
                ? Stream.of(pair.child())
                : examined.readable().stream()
                        .flatMap(on -> on instanceof Securable.Column column
                                        && column.owner().equals(pair.parent())
                                ? Stream.of(pair.child().column(column.name()))
                                : Stream.empty());
    }

    private static String qualified(Securable.Relation relation) {
        return Sql.qualified(relation.schema(), relation.name());
    }

    private void rows() throws SQLException {
        record Policy(Securable.Relation table, String name, boolean enabled, boolean open, boolean settable) {}
        var off = new TreeSet<String>();
        var policies = examined.answers()
                .anew(
                        "examine-rows.sql",
                        row -> new Policy(
                                new Securable.Relation(row.getString("schema"), row.getString("name")),
                                row.getString("policy"),
                                row.getBoolean("enabled"),
                                row.getBoolean("open"),
                                row.getBoolean("settable")),
                        readable(),
                        Parameter.oids(examined.relations(Privilege.INSERT)),
                        Parameter.oids(examined.relations(Privilege.UPDATE)),
                        Parameter.oids(examined.relations(Privilege.DELETE)),
                        examined.closureOids());
        for (var policy : policies) {
            var table = policy.table();
            if (!policy.enabled() && off.add(table.display())) {
                policy(
                        Rule.RLS_OFF,
                        table,
                        "row security of %s is off, and it has policies".formatted(table.display()),
                        List.of("ALTER TABLE %s ENABLE ROW LEVEL SECURITY".formatted(qualified(table))));
            } else if (policy.enabled() && policy.open()) {
                policy(
                        Rule.RLS_OPEN,
                        table,
                        "policy %s of %s lets every row through".formatted(policy.name(), table.display()),
                        List.of());
            }
            if (policy.enabled() && policy.settable()) {
                policy(
                        Rule.RLS_SETTABLE,
                        table,
                        "policy %s of %s depends on a setting that the agent can set"
                                .formatted(policy.name(), table.display()),
                        List.of());
            }
        }
    }

    private void policy(Rule rule, Securable.Relation table, String what, List<String> mend) {
        findings.add(rule.finding(
                examined.agent(),
                what,
                List.of(examined.subject().role().value(), table.display()),
                "pg_policy, pg_class.relrowsecurity",
                mend,
                List.of("S9")));
    }

    private void files() throws SQLException {
        record FileTable(Securable.Relation table, Securable.Relation top) {}
        for (var file : examined.answers()
                .to(
                        "examine-files.sql",
                        row -> new FileTable(
                                new Securable.Relation(row.getString("schema"), row.getString("name")),
                                new Securable.Relation(row.getString("top_schema"), row.getString("top"))),
                        readable())) {
            var table = file.table();
            var declared = examined.intended().reaches(table);
            findings.add(Rule.SERVER_FILE_TABLE.finding(
                    declared ? Severity.LOW : Rule.SERVER_FILE_TABLE.severity(),
                    examined.agent(),
                    "%s is a file or a program's output on the database host%s"
                            .formatted(
                                    table.display(),
                                    table.equals(file.top())
                                            ? ""
                                            : ", and is read through "
                                                    + file.top().display()),
                    Stream.of(examined.subject().role().value(), file.top().display(), table.display())
                            .distinct()
                            .toList(),
                    "pg_foreign_table: a wrapper made of file_fdw_handler",
                    List.of("DROP FOREIGN TABLE %s".formatted(qualified(table))),
                    List.of("S11")));
        }
    }

    /// What the subject reads, if only some of its columns.
    private Parameter readable() {
        return Parameter.oids(examined.relations(Privilege.SELECT));
    }
}
