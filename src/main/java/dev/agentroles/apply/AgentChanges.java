package dev.agentroles.apply;

import dev.agentroles.access.Grantee;
import dev.agentroles.access.Membership;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.plan.Change;
import java.util.Set;

/// What of a plan changes what one agent may do.
///
/// @param guarded the tables that it changes under the guard
/// @param asks whether it may ask for schema changes
record AgentChanges(RoleName agent, Set<RoleName> tiers, Set<Securable.Relation> guarded, boolean asks) {
    boolean concern(Change change) {
        return switch (change) {
            case Change.CreateRole(var role) -> isOurs(role.name());
            case Change.AlterRole(var _, var role) -> isOurs(role.name());
            case Change.DropRole(var role) -> isOurs(role.name());
            case Change.AddMembership(var membership) -> links(membership);
            case Change.RemoveMembership(var membership) -> links(membership);
            case Change.Give(var grant) -> isOurs(grant.grantee());
            case Change.Revoke(var grant) -> isOurs(grant.grantee());
            case Change.Withhold(var grant) -> isOurs(grant.grantee());
            case Change.AddDefault(var grant) -> isOurs(grant.grantee());
            case Change.RemoveDefault(var grant) -> isOurs(grant.grantee());
            case Change.ResetSetting(var setting) -> isOurs(setting.role());
            case Change.PutSetting(var setting) -> isOurs(setting.role());
            case Change.InstallGuardCore _, Change.UpgradeGuardCore _ -> !guarded.isEmpty();
            case Change.AttachGuard(var table, var _) -> guarded.contains(table.on());
            case Change.SetLimits(var limits, var _) -> limits.agent().equals(agent);
            case Change.DropLimits(var limits) -> limits.agent().equals(agent);
            case Change.RemoveGuardCore _, Change.DetachGuard _ -> false;
            case Change.PutDoor _ -> asks;
            case Change.DropDoor _ -> false;
            case Change.Harden _, Change.PutExpiry _, Change.DropExpiry _ -> false;
            case Change.MigrateLedger _, Change.Stamp _ -> false;
            case Change.IssueLease _, Change.EndLease _ -> false;
        };
    }

    private boolean isOurs(RoleName role) {
        return role.equals(agent) || tiers.contains(role);
    }

    private boolean isOurs(Grantee grantee) {
        return grantee instanceof Grantee.Role(var name) && isOurs(name);
    }

    /// To its tiers, or of its logins to it. Another agent's membership in the same tier is not its own.
    private boolean links(Membership membership) {
        return isOurs(membership.member()) || membership.group().equals(agent);
    }
}
