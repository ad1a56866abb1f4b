package dev.agentroles.engine.mysql;

import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Tier;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Step;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a plan takes away only because it gives more in its place. It is taken when that is given, so that a
/// working agent goes on working wherever a run ends, as there is no transaction around it; all else is taken
/// before anything is given.
final class Superseded {
    private final Set<Grant> given = new HashSet<>();
    private final Set<RoleName> groups = new HashSet<>();
    private final Set<Membership> memberships = new HashSet<>();

    /// @param marks of the roles that are there
    Superseded(List<Step> steps, Map<RoleName, Mark> marks) {
        var all = new HashMap<>(marks);
        var joined = new HashSet<Membership>();
        var dropped = new HashSet<RoleName>();
        for (var step : steps) {
            switch (step.change()) {
                case Change.CreateRole(var role) -> all.put(role.name(), role.mark());
                case Change.DropRole(var role) -> dropped.add(role.name());
                case Change.AddMembership(var membership) -> joined.add(membership);
                case Change.Give(var grant) -> given.add(grant);
                default -> {}
            }
        }
        var left = new HashSet<RoleName>();
        for (var step : steps) {
            if (step.change() instanceof Change.RemoveMembership(var old)) {
                boolean more = joined.stream()
                        .anyMatch(one -> one.member().equals(old.member())
                                && isWider(all.get(old.group()), all.get(one.group())));
                if (more) {
                    memberships.add(old);
                    groups.add(old.group());
                } else {
                    left.add(old.group());
                }
            }
        }
        groups.retainAll(dropped);
        groups.removeAll(left);
    }

    /// Whether the second role has all that the first has in the same scope: from a tier that only reads to any
    /// other. The writer's rights are on views that go with it, so that leaving it is never a widening.
    private static boolean isWider(@Nullable Mark old, @Nullable Mark wider) {
        return old != null
                && wider != null
                && old.kind() instanceof Mark.Kind.TierRole(var scope, var tier)
                && wider.kind() instanceof Mark.Kind.TierRole(var sameScope, var _)
                && scope.equals(sameScope)
                && tier == Tier.EXPLORE;
    }

    boolean contains(Change change) {
        return switch (change) {
            case Change.RemoveMembership(var membership) -> memberships.contains(membership);
            case Change.DropRole(var role) -> groups.contains(role.name());
            case Change.Revoke(var grant) -> isWhole(grant) || isOfAGroup(grant);
            default -> false;
        };
    }

    /// The same privilege on the whole table is given.
    private boolean isWhole(Grant grant) {
        return grant.on() instanceof Securable.Column column
                && given.contains(new Grant(grant.grantee(), grant.privilege(), column.owner(), grant.grantable()));
    }

    private boolean isOfAGroup(Grant grant) {
        return grant.grantee() instanceof Grantee.Role(var name) && groups.contains(name);
    }
}
