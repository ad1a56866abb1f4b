package dev.agentroles.apply;

import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Inventory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The grants of an agent's tiers, table by table.
record AgentTables(
        RoleName agent, Set<RoleName> tiers, Set<Grant> grants, Set<Guard.Limits> limits, Inventory inventory) {
    private static final Set<Privilege> ON_ROWS =
            EnumSet.of(Privilege.SELECT, Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE);

    List<AgentCard.Table> all() {
        var byTable = new LinkedHashMap<Securable.Relation, List<Grant>>();
        for (var grant : grants) {
            if (grant.grantee() instanceof Grantee.Role(var name)
                    && tiers.contains(name)
                    && ON_ROWS.contains(grant.privilege())) {
                relation(grant.on())
                        .filter(relation -> !relation.equals(Guard.MARKER))
                        .ifPresent(relation -> byTable.computeIfAbsent(relation, _ -> new ArrayList<>())
                                .add(grant));
            }
        }
        return byTable.entrySet().stream()
                .map(entry -> table(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(
                                (AgentCard.Table table) -> table.name().schema())
                        .thenComparing(table -> table.name().name()))
                .toList();
    }

    private static Optional<Securable.Relation> relation(Securable on) {
        return switch (on) {
            case Securable.Relation relation -> Optional.of(relation);
            case Securable.Column column -> Optional.of(column.owner());
            default -> Optional.empty();
        };
    }

    private AgentCard.Table table(Securable.Relation name, List<Grant> held) {
        var withheld = new EnumMap<Privilege, List<String>>(Privilege.class);
        for (var privilege : ON_ROWS) {
            var on = held.stream()
                    .filter(grant -> grant.privilege() == privilege)
                    .map(Grant::on)
                    .collect(Collectors.toSet());
            if (!on.isEmpty()) {
                withheld.put(privilege, on.contains(name) ? List.of() : without(name, on));
            }
        }
        boolean whole = withheld.values().stream().allMatch(List::isEmpty);
        return new AgentCard.Table(
                name,
                Optional.ofNullable(inventory.standsFor().get(name)),
                whole ? List.of() : columns(name),
                withheld,
                limits(held));
    }

    private List<String> without(Securable.Relation name, Set<Securable> granted) {
        return columns(name).stream()
                .filter(column -> !granted.contains(name.column(column)))
                .toList();
    }

    private List<String> columns(Securable.Relation name) {
        return Objects.requireNonNull(inventory.columns().get(name), name::display);
    }

    /// As the guards decide: a tier without limits frees, and of several limits the least holds, with the
    /// longest window.
    private Optional<Guard.Caps> limits(List<Grant> held) {
        var writers = held.stream()
                .filter(grant -> grant.privilege() == Privilege.UPDATE || grant.privilege() == Privilege.DELETE)
                .map(Grant::grantee)
                .collect(Collectors.toSet());
        var caps = limits.stream()
                .filter(one -> one.agent().equals(agent) && writers.contains(Grantee.role(one.tier())))
                .flatMap(one -> one.caps().stream())
                .toList();
        return caps.size() < writers.size() ? Optional.empty() : caps.stream().reduce(AgentTables::least);
    }

    private static Guard.Caps least(Guard.Caps one, Guard.Caps other) {
        return new Guard.Caps(
                Math.min(one.rows(), other.rows()),
                Math.min(one.rowsPerTransaction(), other.rowsPerTransaction()),
                Math.min(one.wholeTable(), other.wholeTable()),
                one.window()
                        .flatMap(window -> other.window()
                                .map(next -> new Guard.Window(
                                        Math.min(window.rows(), next.rows()),
                                        Math.max(window.seconds(), next.seconds()))))
                        .or(one::window)
                        .or(other::window),
                one.functions() && other.functions());
    }
}
