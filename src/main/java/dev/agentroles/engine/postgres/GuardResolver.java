package dev.agentroles.engine.postgres;

import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Desired;
import dev.agentroles.plan.Reason;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The guard that a profile needs: on each table that a writer may change, on what changes with it, with
/// which limits.
final class GuardResolver {

    private final GuardCatalog catalog;
    private final boolean membershipOptions;
    private final boolean readsEveryRow;
    private final Map<Securable.Relation, GuardCatalog.TableRow> rows;
    private final Map<Securable.Relation, List<GuardCatalog.Edge>> edges;
    private final Consumer<Problem> problems;
    private final Consumer<Problem> notices;
    private final Map<Object, Reason> reasons;
    private final Map<Securable.Relation, Guard.Table> tables = new LinkedHashMap<>();
    private final Map<Securable.Relation, Set<Desired.Write>> held = new HashMap<>();
    private final Set<Desired.Write> withheld = new HashSet<>();
    private final Set<Guard.Limits> writers = new LinkedHashSet<>();
    private final Set<Guard.Limits> others = new LinkedHashSet<>();

    /// @param membershipOptions whether SET ROLE is an option of each membership: PostgreSQL 16 and later
    /// @param readsEveryRow whether row security never holds for the administrator
    GuardResolver(
            GuardCatalog catalog,
            boolean membershipOptions,
            boolean readsEveryRow,
            Consumer<Problem> problems,
            Consumer<Problem> notices,
            Map<Object, Reason> reasons) {
        this.catalog = catalog;
        this.membershipOptions = membershipOptions;
        this.readsEveryRow = readsEveryRow;
        this.problems = problems;
        this.notices = notices;
        this.reasons = reasons;
        this.rows = catalog.byName();
        this.edges = catalog.edges().stream().collect(Collectors.groupingBy(GuardCatalog.Edge::from));
    }

    /// Guards a table that a writer may change, and all that changes with it.
    void table(Securable.Relation table, RoleName tier, Position at) {
        var write = new Desired.Write(tier, table);
        guard(table, write, Reason.of("a writer may change it", at));
        reach(table)
                .forEach((reached, by) ->
                        guard(reached, write, Reason.of("changes with " + table.display() + " " + by, at)));
    }

    private void guard(Securable.Relation table, Desired.Write write, Reason reason) {
        held.computeIfAbsent(table, _ -> new HashSet<>()).add(write);
        obstacle(table).ifPresent(why -> unguardable(table, why, write, reason));
        if (!foreign(table)) {
            var wanted = GuardSql.attached(table, membershipOptions);
            tables.putIfAbsent(table, wanted);
            reasons.putIfAbsent(wanted, reason);
        }
    }

    /// What the application has done to a table that is guarded must not stop an `apply`: it takes the
    /// write away.
    private void unguardable(Securable.Relation table, String why, Desired.Write write, Reason reason) {
        var row = rows.get(write.table());
        if (row == null || row.definition().isEmpty()) {
            problems.accept(new Problem(
                    reason.where(),
                    table.display() + " cannot be guarded: " + why,
                    Optional.of("exclude it from the writer's scope, or use tier explore for it")));
        } else if (withheld.add(write)) {
            notices.accept(new Problem(
                    reason.where(),
                    table.display() + " cannot be guarded any more: " + why + "; until that is mended " + write.role()
                            + " has no UPDATE and no DELETE on "
                            + write.table().display(),
                    Optional.of("take it out of the table, or use tier explore for the table")));
        }
    }

    private boolean foreign(Securable.Relation table) {
        var row = rows.get(table);
        return row != null && row.kind() == 'f';
    }

    /// Why a table cannot be guarded: it, or a part of it, is not counted or not seen.
    private Optional<String> obstacle(Securable.Relation table) {
        for (var part : parts(table)) {
            var row = rows.get(part);
            if (row == null) {
                continue;
            }
            var which = part.equals(table) ? "it" : "its part " + part.display();
            if (row.kind() == 'f') {
                return Optional.of(which + " is a foreign table, whose rows are not counted here");
            }
            if (!row.countable()) {
                return Optional.of(which + " has another access method than heap, whose rows are not counted");
            }
            if (row.forced() && !readsEveryRow) {
                return Optional.of(
                        which + " forces row security on its owner, so that the guard would not see whether a"
                                + " row is left");
            }
        }
        return Optional.empty();
    }

    private Set<Securable.Relation> parts(Securable.Relation table) {
        var seen = new LinkedHashSet<Securable.Relation>();
        var open = new ArrayDeque<Securable.Relation>(List.of(table));
        while (!open.isEmpty()) {
            var next = open.removeFirst();
            if (seen.add(next)) {
                edges.getOrDefault(next, List.of()).stream()
                        .filter(GuardCatalog.Edge::child)
                        .forEach(edge -> open.add(edge.to()));
            }
        }
        return seen;
    }

    /// What foreign keys, rules and inheritance lead to, with how. A statement on a partitioned table fires its
    /// own triggers and none of its partitions': these are passed through, and guarded only where a key or a
    /// rule leads to them by themselves, or a writer may change them by name.
    private Map<Securable.Relation, String> reach(Securable.Relation table) {
        var reached = new LinkedHashMap<Securable.Relation, String>();
        var seen = new HashSet<Securable.Relation>(Set.of(table));
        var open = new ArrayDeque<Securable.Relation>(List.of(table));
        while (!open.isEmpty()) {
            for (var edge : edges.getOrDefault(open.removeFirst(), List.of())) {
                var row = rows.get(edge.to());
                if (row != null && !(edge.child() && row.partition())) {
                    reached.putIfAbsent(edge.to(), edge.way().words());
                }
                if (seen.add(edge.to())) {
                    open.add(edge.to());
                }
            }
        }
        reached.remove(table);
        return reached;
    }

    /// @param access of tier writer
    void writer(RoleName agent, RoleName tier, Profile.Access access) {
        var limits = access.limits();
        var wanted = new Guard.Limits(
                agent,
                tier,
                Optional.of(new Guard.Caps(
                        limits.rowsOrDefault(),
                        limits.rowsPerTransactionOrDefault(),
                        limits.wholeTableOrDefault(),
                        limits.window()
                                .map(window -> new Guard.Window(
                                        window.rows(), window.per().toSeconds())),
                        limits.functions())));
        writers.add(wanted);
        reasons.putIfAbsent(wanted, Reason.of("limits of a writer", access.at()));
    }

    /// A tier that may change any rows. Told to the guard only for agents that it looks at because of
    /// another tier.
    void free(RoleName agent, RoleName tier, Profile.Access access) {
        var wanted = new Guard.Limits(agent, tier, Optional.empty());
        others.add(wanted);
        reasons.putIfAbsent(wanted, Reason.of("tier " + access.tier().word() + " has no limits", access.at()));
    }

    /// What the guard of each table holds.
    Map<Securable.Relation, Set<Desired.Write>> held() {
        return held;
    }

    /// What no guard can hold any more: not to be given.
    Set<Desired.Write> withheld() {
        return withheld;
    }

    Guard guard() {
        if (writers.isEmpty()) {
            return Guard.NONE;
        }
        if (catalog.core().isEmpty()) {
            notices.accept(Problem.of("pg_dump of this database by a login that may not read schemas agentroles and"
                            + " agentroles_guard will fail from now on")
                    .remedy("give it --exclude-schema=agentroles --exclude-schema=agentroles_guard"));
        }
        var core = GuardSql.fingerprint(GuardSql.expected());
        reasons.put(core, Reason.of("holds writers to WHERE and to their limits"));
        var agents = writers.stream().map(Guard.Limits::agent).collect(Collectors.toSet());
        var limits = new LinkedHashSet<>(writers);
        others.stream().filter(one -> agents.contains(one.agent())).forEach(limits::add);
        return new Guard(Optional.of(core), Set.copyOf(tables.values()), limits);
    }
}
