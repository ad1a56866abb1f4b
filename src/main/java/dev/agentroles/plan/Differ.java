package dev.agentroles.plan;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The difference of two states: set subtraction, in no particular order.
public final class Differ {
    private Differ() {}

    /// What must happen to `actual` so that it is `desired`. Of equal states: nothing.
    public static List<Change> diff(AccessState desired, AccessState actual) {
        var changes = new ArrayList<Change>();
        roles(byName(desired), byName(actual), changes);
        facts(
                desired.memberships(),
                actual.memberships(),
                Change.AddMembership::new,
                Change.RemoveMembership::new,
                changes);
        facts(desired.grants(), actual.grants(), Change.Give::new, Change.Revoke::new, changes);
        facts(desired.defaults(), actual.defaults(), Change.AddDefault::new, Change.RemoveDefault::new, changes);
        facts(desired.settings(), actual.settings(), Change.PutSetting::new, Change.ResetSetting::new, changes);
        GuardDiffer.diff(desired.guard(), actual.guard(), changes);
        made(desired.expiry(), actual.expiry(), Change.PutExpiry::new, Change.DropExpiry::new, changes);
        made(desired.door(), actual.door(), Change.PutDoor::new, Change.DropDoor::new, changes);
        return List.copyOf(changes);
    }

    /// What is told by its fingerprint alone.
    private static void made(
            Optional<String> desired,
            Optional<String> actual,
            BiFunction<String, Optional<String>, Change> put,
            Supplier<Change> drop,
            List<Change> changes) {
        if (!desired.equals(actual)) {
            changes.add(
                    desired.map(fingerprint -> put.apply(fingerprint, actual)).orElseGet(drop));
        }
    }

    private static Map<RoleName, Role> byName(AccessState state) {
        return state.roles().stream().collect(Collectors.toMap(Role::name, Function.identity()));
    }

    private static void roles(Map<RoleName, Role> desired, Map<RoleName, Role> actual, List<Change> changes) {
        desired.forEach((name, role) -> {
            var present = actual.get(name);
            if (present == null) {
                changes.add(new Change.CreateRole(role));
            } else if (!present.equals(role)) {
                changes.add(new Change.AlterRole(present, role));
            }
        });
        actual.forEach((name, role) -> {
            if (!desired.containsKey(name)) {
                changes.add(new Change.DropRole(role));
            }
        });
    }

    private static <F> void facts(
            Set<F> desired, Set<F> actual, Function<F, Change> add, Function<F, Change> remove, List<Change> changes) {
        // As a rule they are equal, which one of the two subtractions is enough to tell.
        if (!desired.equals(actual)) {
            subtract(desired, actual, add, changes);
            subtract(actual, desired, remove, changes);
        }
    }

    private static <F> void subtract(Set<F> these, Set<F> those, Function<F, Change> change, List<Change> changes) {
        for (var fact : these) {
            if (!those.contains(fact)) {
                changes.add(change.apply(fact));
            }
        }
    }
}
