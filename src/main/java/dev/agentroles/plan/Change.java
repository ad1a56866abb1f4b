package dev.agentroles.plan;

import dev.agentroles.access.DefaultGrant;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Naming;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Setting;
import java.util.List;
import java.util.Optional;

/// One difference between what is there and what is wanted: what it means, not how an engine says it.
public sealed interface Change {
    record CreateRole(Role role) implements Change {}

    /// The role is ours but its attributes are not as wanted.
    record AlterRole(Role from, Role to) implements Change {}

    record DropRole(Role role) implements Change {}

    record AddMembership(Membership membership) implements Change {}

    record RemoveMembership(Membership membership) implements Change {}

    record Give(Grant grant) implements Change {}

    record Revoke(Grant grant) implements Change {}

    /// A write that nothing guards any more is taken away before its guard is put back, and given again after it.
    record Withhold(Grant grant) implements Change {}

    record AddDefault(DefaultGrant grant) implements Change {}

    record RemoveDefault(DefaultGrant grant) implements Change {}

    /// The setting is not as wanted, or is not wanted.
    record ResetSetting(Setting setting) implements Change {}

    record PutSetting(Setting setting) implements Change {}

    /// Takes a privilege from PUBLIC, as the profile's `harden` asks; affects users who are not agents.
    ///
    /// @param word of the profile, `public-temp`
    /// @param objects of one kind, on which PUBLIC has the privilege now
    /// @param keepers the roles that had it only through PUBLIC and are given it, so that they go on working
    record Harden(String word, Privilege privilege, List<Securable> objects, List<RoleName> keepers) implements Change {
        public Harden {
            objects = List.copyOf(objects);
            keepers = List.copyOf(keepers);
        }
    }

    /// A part of the guard is put there, changed or taken away.
    sealed interface OfGuard extends Change {}

    /// The guard's own objects are made.
    record InstallGuardCore(String fingerprint) implements OfGuard {}

    /// The guard's own objects are not as this program has them: older, or edited.
    record UpgradeGuardCore(String from, String to) implements OfGuard {}

    /// Nobody writes under the guard any more.
    record RemoveGuardCore() implements OfGuard {}

    /// @param was how the guard hangs on the table now, if it does and not as it should
    record AttachGuard(Guard.Table table, Optional<String> was) implements OfGuard {}

    record DetachGuard(Guard.Table table) implements OfGuard {}

    /// @param was what holds now
    record SetLimits(Guard.Limits limits, Optional<Guard.Limits> was) implements OfGuard {}

    record DropLimits(Guard.Limits limits) implements OfGuard {}

    /// The server ends leases by itself.
    ///
    /// @param was what does it now, if something does and not as it should
    record PutExpiry(String fingerprint, Optional<String> was) implements Change {}

    /// The server ends no lease by itself any more.
    record DropExpiry() implements Change {}

    /// The routines by which agents ask for schema changes come to be, or go.
    sealed interface OfDoor extends Change {}

    /// @param was what stands there now, if something does and not as it should
    record PutDoor(String fingerprint, Optional<String> was) implements OfDoor {}

    /// No agent asks for schema changes any more.
    record DropDoor() implements OfDoor {}

    /// The ledger is made or brought to this version.
    record MigrateLedger(int fromVersion, int toVersion) implements Change {}

    /// The environment stamp is written, once.
    record Stamp(String environment, String identity) implements Change {}

    /// An agent has no live published login.
    record IssueLease(String agent) implements Change {}

    /// A login is ended that gets in and should not: its agent is gone, it was never published, nobody issued
    /// it, or its lease is long over.
    record EndLease(String agent, String lease) implements Change {
        /// @param database the entry's name in the profile
        public RoleName login(String database) {
            return Naming.leaseLogin(database, agent, lease);
        }
    }
}
