package dev.agentroles.engine.postgres;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.postgres.Answers.Parameter;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;

/// Rewrite rules that a subject's writes set off. PostgreSQL manual, Rules and Privileges: what a rule refers
/// to is checked against the privileges of the relation's owner.
final class RuleExamination {
    private final Examined examined;

    RuleExamination(Examined examined) {
        this.examined = examined;
    }

    /// @param alone whether it names no other relation, and row security holds nobody here
    private record Rewrite(
            Securable.Relation relation, boolean view, String name, String event, String owner, boolean alone) {}

    List<Finding> findings() throws SQLException {
        var rewrites = examined.answers()
                .to(
                        "examine-rules.sql",
                        row -> new Rewrite(
                                new Securable.Relation(row.getString("schema"), row.getString("name")),
                                row.getBoolean("view"),
                                row.getString("rule"),
                                row.getString("event"),
                                row.getString("owner"),
                                row.getBoolean("alone")),
                        Parameter.oids(examined.relations(Privilege.INSERT)),
                        Parameter.oids(examined.relations(Privilege.UPDATE)),
                        Parameter.oids(examined.relations(Privilege.DELETE)));
        return rewrites.stream()
                .filter(rewrite ->
                        examined.usableSchemas().contains(rewrite.relation().schema()))
                .filter(rewrite -> !(rewrite.alone() && open(rewrite.relation())))
                .map(this::finding)
                .toList();
    }

    /// Whoever has the whole table gains nothing by its owner's rights on it.
    private boolean open(Securable.Relation relation) {
        return EnumSet.of(Privilege.SELECT, Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE).stream()
                .allMatch(privilege -> examined.holds(privilege, relation));
    }

    private Finding finding(Rewrite rewrite) {
        var on = Sql.qualified(rewrite.relation().schema(), rewrite.relation().name());
        var name = Sql.identifier(rewrite.name());
        return Rule.REWRITE_RULE.finding(
                examined.agent(),
                "%s on %s sets off rule %s, which acts with the rights of %s"
                        .formatted(rewrite.event(), rewrite.relation().display(), rewrite.name(), rewrite.owner()),
                List.of(examined.subject().role().value(), rewrite.relation().display()),
                "pg_rewrite",
                // Only a table's rules can be disabled.
                List.of(
                        rewrite.view()
                                ? "DROP RULE %s ON %s".formatted(name, on)
                                : "ALTER TABLE %s DISABLE RULE %s".formatted(on, name)),
                List.of(rewrite.view() ? "S5" : "S8"));
    }
}
