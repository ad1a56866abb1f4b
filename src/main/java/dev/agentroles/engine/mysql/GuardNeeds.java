package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Step;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What of a plan needs a part of the guard, or the door for change requests, that the same plan puts there or
/// takes away: left out where that could not be done.
final class GuardNeeds {
    private final Set<Step> core = new HashSet<>();
    /// By the view, and by the function that counts what goes with a row.
    private final Map<Securable.Relation, Step> attached = new HashMap<>();

    private final Map<String, Step> counting = new HashMap<>();
    private final Set<Step> detached = new HashSet<>();
    private final Set<Step> door = new HashSet<>();

    GuardNeeds(List<Step> steps) {
        for (var step : steps) {
            switch (step.change()) {
                case Change.InstallGuardCore _, Change.UpgradeGuardCore _ -> core.add(step);
                case Change.AttachGuard(var table, var _) -> {
                    attached.put(GuardSql.viewOf(table.on()), step);
                    counting.put(GuardSql.gone(table.on()), step);
                }
                case Change.DetachGuard _ -> detached.add(step);
                case Change.PutDoor _ -> door.add(step);
                default -> {}
            }
        }
    }

    /// The steps of which none may have failed.
    Set<Step> of(List<Step> steps) {
        var needed = new HashSet<Step>();
        for (var step : steps) {
            switch (step.change()) {
                case Change.AttachGuard _, Change.SetLimits _, Change.DropLimits _ -> needed.addAll(core);
                case Change.RemoveGuardCore _ -> needed.addAll(detached);
                case Change.Give(var grant) -> given(grant.on(), needed);
                default -> {}
            }
        }
        return needed;
    }

    private void given(Securable on, Set<Step> needed) {
        switch (on) {
            case Securable.Relation view -> view(view, needed);
            case Securable.Column column -> view(column.owner(), needed);
            case Securable.Routine(var schema, var name, var _)
            when schema.equals(GuardSql.SCHEMA) -> {
                needed.addAll(core);
                Optional.ofNullable(counting.get(name)).ifPresent(needed::add);
            }
            case Securable.Routine(var schema, var _, var _)
            when schema.equals(ChangeDoor.SCHEMA) -> needed.addAll(door);
            default -> {}
        }
    }

    private void view(Securable.Relation view, Set<Step> needed) {
        Optional.ofNullable(attached.get(view)).ifPresent(needed::add);
    }
}
