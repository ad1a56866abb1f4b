package dev.agentroles.plan;

import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The guard's part of a difference.
final class GuardDiffer {
    private GuardDiffer() {}

    static void diff(Guard desired, Guard actual, List<Change> changes) {
        core(desired.core(), actual.core(), changes);
        tables(byName(desired), byName(actual), changes);
        limits(byRoles(desired), byRoles(actual), changes);
    }

    private static void core(Optional<String> desired, Optional<String> actual, List<Change> changes) {
        if (desired.equals(actual)) {
            return;
        }
        if (desired.isEmpty()) {
            changes.add(new Change.RemoveGuardCore());
        } else if (actual.isEmpty()) {
            changes.add(new Change.InstallGuardCore(desired.get()));
        } else {
            changes.add(new Change.UpgradeGuardCore(actual.get(), desired.get()));
        }
    }

    private static Map<Securable.Relation, Guard.Table> byName(Guard guard) {
        return guard.tables().stream().collect(Collectors.toMap(Guard.Table::on, Function.identity()));
    }

    private static void tables(
            Map<Securable.Relation, Guard.Table> desired,
            Map<Securable.Relation, Guard.Table> actual,
            List<Change> changes) {
        desired.forEach((name, table) -> {
            var present = Optional.ofNullable(actual.get(name));
            if (!present.equals(Optional.of(table))) {
                changes.add(new Change.AttachGuard(table, present.map(Guard.Table::definition)));
            }
        });
        actual.forEach((name, table) -> {
            if (!desired.containsKey(name)) {
                changes.add(new Change.DetachGuard(table));
            }
        });
    }

    private record Roles(RoleName agent, RoleName tier) {}

    private static Map<Roles, Guard.Limits> byRoles(Guard guard) {
        return guard.limits().stream()
                .collect(Collectors.toMap(limits -> new Roles(limits.agent(), limits.tier()), Function.identity()));
    }

    private static void limits(
            Map<Roles, Guard.Limits> desired, Map<Roles, Guard.Limits> actual, List<Change> changes) {
        desired.forEach((roles, limits) -> {
            var present = Optional.ofNullable(actual.get(roles));
            if (!present.equals(Optional.of(limits))) {
                changes.add(new Change.SetLimits(limits, present));
            }
        });
        actual.forEach((roles, limits) -> {
            if (!desired.containsKey(roles)) {
                changes.add(new Change.DropLimits(limits));
            }
        });
    }
}
