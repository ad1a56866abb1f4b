package dev.agentroles.engine.mysql;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whether a writer's views are there, whether they and what they call are what this program made, and whether
/// the limits are those of the profile. What a writer may change beside them is told as a grant.
final class GuardExamination {
    private static final Set<String> CHANGES = Set.of("UPDATE", "DELETE");

    private final Examined examined;
    private final GuardCatalog catalog;
    private final Guard intended;
    private final Guard actual;
    private final Map<Securable.Relation, Guard.Table> attached;
    private final List<Finding> findings = new ArrayList<>();

    GuardExamination(Examined examined, GuardCatalog catalog) {
        this.examined = examined;
        this.catalog = catalog;
        this.intended = examined.intended().guard();
        this.actual = catalog.guard();
        this.attached = actual.tables().stream().collect(Collectors.toMap(Guard.Table::on, Function.identity()));
    }

    List<Finding> findings() {
        core();
        intended.tables().forEach(this::table);
        limits();
        return findings;
    }

    private void core() {
        if (actual.core().isEmpty()) {
            add(Rule.GUARD_MISSING, "there is no guard on the server", "no database " + GuardSql.SCHEMA);
        } else if (!actual.core().equals(intended.core())) {
            add(
                    Rule.GUARD_CHANGED,
                    "the guard's own routines, tables, account or logins are not as agentroles made them",
                    "fingerprint " + actual.core().get() + ", wanted "
                            + intended.core().orElse("none"));
        }
    }

    private void table(Guard.Table wanted) {
        var found = Optional.ofNullable(attached.get(wanted.on()));
        var name = wanted.on().display();
        if (found.isEmpty() && !changes(wanted.on())) {
            // Its view is all that a writer changes a table by.
            findings.add(finding(
                            Severity.MEDIUM,
                            Rule.GUARD_MISSING,
                            name + " has no guarded view, so that writers cannot change it",
                            "information_schema.VIEWS")
                    .about(Stream.of(GuardSql.viewOf(wanted.on()))));
        } else if (found.isEmpty()) {
            add(
                    wanted,
                    Rule.GUARD_MISSING,
                    name + " can be changed and has no guarded view",
                    "information_schema.VIEWS");
        } else if (catalog.hasFormerColumns(wanted)) {
            findings.add(finding(
                            Severity.LOW,
                            Rule.GUARD_CHANGED,
                            name + " has other columns than its guarded view, which limits writers as before",
                            found.get().definition())
                    .about(Stream.of(GuardSql.viewOf(wanted.on()))));
        } else if (!found.get().equals(wanted)) {
            add(
                    wanted,
                    Rule.GUARD_CHANGED,
                    "the guarded view of " + name + " is not as agentroles made it",
                    found.get().definition());
        }
    }

    /// Whether the subject may change the table itself.
    private boolean changes(Securable.Relation table) {
        return examined.privileges().powers().stream()
                .map(EffectivePrivileges.Power::held)
                .anyMatch(held -> CHANGES.stream()
                        .filter(held.words()::contains)
                        .flatMap(word -> examined.tables().covered(held, word))
                        .anyMatch(on -> on.equals(table)
                                || (on instanceof Securable.Column column
                                        && column.owner().equals(table))));
    }

    private void limits() {
        for (var wanted : intended.limits()) {
            if (examined.intended().roles().contains(wanted.agent())
                    && !actual.limits().contains(wanted)) {
                add(
                        Rule.GUARD_LIMITS,
                        "the limits of %s by %s are not those of the profile".formatted(wanted.agent(), wanted.tier()),
                        actual.limits().stream()
                                .filter(limits -> limits.agent().equals(wanted.agent())
                                        && limits.tier().equals(wanted.tier()))
                                .map(limits -> "now " + limits)
                                .findFirst()
                                .orElse("none: every change is refused"));
            }
        }
    }

    private void add(Rule rule, String what, String evidence) {
        findings.add(finding(rule, what, evidence));
    }

    private void add(Guard.Table about, Rule rule, String what, String evidence) {
        findings.add(finding(rule, what, evidence).about(Stream.of(GuardSql.viewOf(about.on()))));
    }

    private Finding finding(Rule rule, String what, String evidence) {
        return finding(rule.severity(), rule, what, evidence);
    }

    private Finding finding(Severity severity, Rule rule, String what, String evidence) {
        return rule.finding(
                severity,
                examined.agent(),
                what,
                List.of(examined.subject().role().value()),
                evidence,
                List.of(),
                List.of());
    }
}
