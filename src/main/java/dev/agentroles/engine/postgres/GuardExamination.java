package dev.agentroles.engine.postgres;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Finding;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.postgres.Answers.Parameter;
import dev.agentroles.engine.postgres.EffectivePrivileges.Power;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whether a writer is held to WHERE and to its limits wherever it can change rows: the guard is there, it
/// is on, and it is the one that this program made.
final class GuardExamination {
    private static final Set<Privilege> CHANGES = EnumSet.of(Privilege.UPDATE, Privilege.DELETE);

    /// With what may set off a rule that changes another table.
    private static final Set<Privilege> WRITES = EnumSet.of(Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE);

    private final Examined examined;
    private final Guard intended;
    private final GuardCatalog catalog;
    private final Guard actual;
    private final Map<Securable.Relation, Guard.Table> attached;
    private final Map<Securable.Relation, GuardCatalog.TableRow> tables;
    private final Set<RoleName> marked;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<Securable.Relation> idle = new HashSet<>();

    /// @param state what the profile wants in the whole database
    GuardExamination(Examined examined, AccessState state) throws SQLException {
        this.examined = examined;
        this.intended = state.guard();
        this.marked = examined.intended().marked();
        var mark = state.roles().stream().map(Role::mark).findFirst();
        var role = GuardRole.of(
                mark.map(Mark::environment).orElse(""), mark.map(Mark::database).orElse(""));
        this.catalog = marked.isEmpty()
                ? GuardCatalog.none(role, false)
                : examined.answers()
                        .fact(GuardCatalog.class, session -> new GuardReader(session, role, false).read(true, true));
        this.actual = catalog.guard();
        this.tables = catalog.byName();
        this.attached = actual.tables().stream().collect(Collectors.toMap(Guard.Table::on, Function.identity()));
    }

    List<Finding> findings() throws SQLException {
        if (!marked.isEmpty()) {
            core();
            marker();
            var changed = changed();
            for (var wanted : intended.tables()) {
                table(wanted, changed);
            }
            strays();
            limits();
        }
        return findings;
    }

    private void core() {
        if (actual.core().isEmpty()) {
            add(Rule.GUARD_MISSING, "there is no guard in the database", "no schema " + GuardSql.SCHEMA, List.of());
        } else if (!actual.core().equals(intended.core())) {
            add(
                    Rule.GUARD_CHANGED,
                    "the guard's own functions, tables or triggers are not as agentroles made them",
                    "fingerprint " + actual.core().get() + ", wanted "
                            + intended.core().orElse("none"),
                    List.of());
        }
    }

    /// The triggers ask whether the login has the mark; without it they let everything pass, on all tables.
    private void marker() throws SQLException {
        boolean writes = examined.privileges().powers().stream()
                .anyMatch(power -> CHANGES.contains(power.holding().privilege())
                        && attached.containsKey(power.holding().on().whole()));
        if (writes && !held()) {
            var marker = Guard.MARKER.display();
            add(
                    Rule.GUARD_DISABLED,
                    "the guard holds its writer on no table: SELECT on %s is not inherited".formatted(marker),
                    "has_table_privilege",
                    marked.stream()
                            .sorted()
                            .map(role -> "GRANT SELECT ON %s TO %s".formatted(marker, Sql.identifier(role)))
                            .toList());
        }
    }

    /// Before PostgreSQL 16 the triggers ask about the role that a session has become, too.
    private boolean held() throws SQLException {
        boolean roles = !membershipOptions();
        var looks = examined.rows(
                "guard-marked.sql",
                query -> {
                    query.setLong(1, examined.closure().subject().oid());
                    query.setArray(
                            2,
                            examined.connection()
                                    .createArrayOf(
                                            "name",
                                            marked.stream().map(RoleName::value).toArray()));
                },
                row -> row.getBoolean("marked") || (roles && row.getBoolean("tiers")));
        return !looks.contains(false);
    }

    /// Tables without the guard that they should have, which the subject cannot change: the privileges went with
    /// it, as they do where a table is made again.
    Set<Securable.Relation> idle() {
        return Set.copyOf(idle);
    }

    /// @param changed tables whose rows the subject can change
    private void table(Guard.Table wanted, Set<Securable> changed) throws SQLException {
        var found = Optional.ofNullable(attached.get(wanted.on()));
        var name = wanted.on().display();
        var mend = attach(wanted.on());
        if (found.isEmpty()
                && !changed.contains(wanted.on())
                && examined.closure().superuser().isEmpty()) {
            idle(wanted.on());
        } else if (found.isEmpty()) {
            add(wanted.on(), Rule.GUARD_MISSING, "%s has no guard".formatted(name), "pg_trigger", mend);
        } else if (!found.get().equals(wanted)) {
            if (rights(found.get(), mend)) {
                return;
            }
            boolean off = found.get()
                    .definition()
                    .replaceFirst(" A ", " ")
                    .equals(found.get().definition());
            add(
                    wanted.on(),
                    off ? Rule.GUARD_DISABLED : Rule.GUARD_CHANGED,
                    off
                            ? "the guard on %s is not enabled ALWAYS".formatted(name)
                            : "the guard on %s is not as agentroles made it".formatted(name),
                    found.get().definition(),
                    mend);
        }
    }

    /// Where the profile gives what is missing, that it is missing is told already.
    private void idle(Securable.Relation table) {
        idle.add(table);
        if (CHANGES.stream().noneMatch(change -> examined.intended().gives(change, table))) {
            findings.add(finding(
                            Severity.LOW,
                            Rule.GUARD_MISSING,
                            "%s has no guard; no privilege of the agent changes its rows now"
                                    .formatted(table.display()),
                            "pg_trigger",
                            List.of())
                    .about(Stream.of(table)));
        }
    }

    /// By name, through views, and by what changes with them.
    private Set<Securable> changed() throws SQLException {
        var open = new ArrayDeque<Securable>();
        for (var power : examined.privileges().powers()) {
            if (WRITES.contains(power.holding().privilege())) {
                open.add(power.holding().on().whole());
            }
        }
        behindViews().forEach(behind -> open.add(behind.table()));
        var edges = catalog.edges().stream().collect(Collectors.groupingBy(GuardCatalog.Edge::from));
        var changed = new HashSet<Securable>();
        while (!open.isEmpty()) {
            var next = open.removeFirst();
            if (changed.add(next) && next instanceof Securable.Relation table) {
                edges.getOrDefault(table, List.of()).forEach(edge -> open.add(edge.to()));
            }
        }
        return changed;
    }

    /// @return whether the trigger is as it should be, and only rights are missing
    private boolean rights(Guard.Table found, List<String> mend) throws SQLException {
        if (!GuardSql.triggered(found.definition(), membershipOptions())) {
            return false;
        }
        var name = found.on().display();
        add(
                Rule.GUARD_CHANGED,
                GuardSql.isRead(found.definition())
                        ? "the owner of %s could not restore it with its guard".formatted(name)
                        : "the guard may not read %s, and refuses to change more than a few rows of it".formatted(name),
                found.definition(),
                mend);
        return true;
    }

    /// A write from anywhere to a table that nobody guards, unless a tier without a guard gives it.
    private void strays() throws SQLException {
        for (var power : examined.privileges().powers()) {
            if (CHANGES.contains(power.holding().privilege())
                    && !power.builtin()
                    && !power.detail().equals("v")) {
                stray(power);
            }
        }
        for (var behind : behindViews()) {
            if (!attached.containsKey(behind.table()) && !examined.intended().free(behind.table())) {
                add(
                        behind.table(),
                        Rule.GUARD_MISSING,
                        "%s can be changed through view %s and has no guard"
                                .formatted(
                                        behind.table().display(), behind.view().display()),
                        "pg_rewrite",
                        attach(behind.table()));
            }
        }
    }

    private record Behind(Securable.Relation view, Securable.Relation table) {}

    /// The tables behind the views that the subject can change.
    private List<Behind> behindViews() throws SQLException {
        var views = new TreeSet<Long>();
        for (var power : examined.privileges().powers()) {
            if (CHANGES.contains(power.holding().privilege())
                    && !power.builtin()
                    && power.detail().equals("v")) {
                views.add(power.oid());
            }
        }
        return examined.answers()
                .to(
                        "guard-views.sql",
                        row -> new Behind(
                                new Securable.Relation(row.getString("view_schema"), row.getString("view_name")),
                                new Securable.Relation(row.getString("schema"), row.getString("name"))),
                        Parameter.oids(views));
    }

    /// Whose owner the administrator cannot act as, that must be mended first.
    private List<String> attach(Securable.Relation table) throws SQLException {
        var row = tables.get(table);
        if (row == null) {
            return List.of();
        }
        var attach = GuardSql.attach(catalog, row, membershipOptions());
        return row.owned()
                ? List.of(attach)
                : List.of("GRANT %s TO CURRENT_USER".formatted(Sql.identifier(row.owner())), attach);
    }

    private boolean membershipOptions() throws SQLException {
        return PostgresServer.hasMembershipOptions(examined.connection());
    }

    private void stray(Power power) {
        if (power.holding().on().whole() instanceof Securable.Relation relation
                && !attached.containsKey(relation)
                && intended.tables().stream().noneMatch(wanted -> wanted.on().equals(relation))
                && !examined.intended().free(relation)) {
            add(
                    relation,
                    Rule.GUARD_MISSING,
                    "%s can be changed and has no guard".formatted(relation.display()),
                    power.holding().privilege().sql() + " by " + power.holding().pathText(),
                    List.of());
        }
    }

    private void limits() {
        var roles = examined.intended().roles();
        for (var wanted : intended.limits()) {
            if (roles.contains(wanted.agent()) && !actual.limits().contains(wanted)) {
                var found = actual.limits().stream()
                        .filter(limits -> limits.agent().equals(wanted.agent())
                                && limits.tier().equals(wanted.tier()))
                        .map(limits -> limits.caps().map(Object::toString).orElse("any rows"))
                        .findFirst()
                        .orElse("none that agentroles wrote");
                add(
                        Rule.GUARD_LIMITS,
                        "the limits of %s by %s are not those of the profile".formatted(wanted.agent(), wanted.tier()),
                        "now " + found,
                        List.of());
            }
        }
    }

    private void add(Rule rule, String what, String evidence, List<String> mend) {
        findings.add(finding(rule, what, evidence, mend));
    }

    private void add(Securable.Relation about, Rule rule, String what, String evidence, List<String> mend) {
        findings.add(finding(rule, what, evidence, mend).about(Stream.of(about)));
    }

    private Finding finding(Rule rule, String what, String evidence, List<String> mend) {
        return finding(rule.severity(), rule, what, evidence, mend);
    }

    private Finding finding(Severity severity, Rule rule, String what, String evidence, List<String> mend) {
        return rule.finding(
                severity,
                examined.agent(),
                what,
                List.of(examined.subject().role().value()),
                evidence,
                mend,
                List.of());
    }
}
