package dev.agentroles.apply;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.StorePath;
import dev.agentroles.engine.Desired;
import dev.agentroles.ledger.Ledger;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Differ;
import dev.agentroles.plan.Planner;
import dev.agentroles.plan.Reason;
import dev.agentroles.plan.Step;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Works out what would have to be done to a database so that it is as the profile wants. Writes nothing.
///
/// @param paths where an agent's login is published, by agent
/// @param clock ours; what has expired is decided by the server's
/// @param revoked agents that are revoked on any database of the profile: asked for one that is to get its
/// ledger, which takes them over
public record Proposer(
        SecretStore store,
        Function<String, StorePath> paths,
        InstantSource clock,
        Supplier<Map<String, StoppedBy>> revoked) {
    private static final Reason UNGUARDED = Reason.of("nothing guards it now: taken away until something does");

    /// For a database with no others beside it.
    public Proposer(SecretStore store, Function<String, StorePath> paths, InstantSource clock) {
        this(store, paths, clock, Map::of);
    }

    /// What would have to be done now. Reads, and writes nothing.
    public Proposal propose(OpenedDatabase database) throws SQLException {
        return propose(database, Set.of());
    }

    /// The same without what needs a guard on one of these tables, and without these guards. The marker among
    /// them stands for the guard as a whole.
    Proposal propose(OpenedDatabase database, Set<Securable.Relation> unguarded) throws SQLException {
        var state = database.look();
        var inspection = database.server().inspect(database.profile(), database.entry());
        var actual = inspection.access();
        database.mustNotBeStrange(state, actual);
        var desired = inspection.resolve();
        var steps = new ArrayList<Step>();
        ledger(database, state, steps);
        access(actual, desired, steps);
        steps.removeIf(step -> needsGuard(step.change(), desired, unguarded));
        var leases = LeaseSteps.of(this, database, state, inspection, desired.state());
        steps.addAll(leases.steps());
        dropWithLogins(database.entry().name(), leases.over(), steps);
        var plan = Planner.plan(
                database.profile().environment(),
                database.entry().name(),
                database.server().identity().identifier(),
                steps);
        return new Proposal(
                database.server().identity(),
                plan,
                inspection.render(plan.steps()),
                desired,
                inspection.inventory(desired.state()),
                digests(database, desired),
                leases.refused(),
                Stream.concat(desired.notices().stream(), leases.notices().stream())
                        .toList());
    }

    private static void ledger(OpenedDatabase database, LedgerState state, List<Step> steps) {
        if (state.versionOrZero() < Ledger.VERSION) {
            steps.add(new Step(
                    new Change.MigrateLedger(state.versionOrZero(), Ledger.VERSION),
                    Reason.of("keeps what agentroles must remember")));
        }
        if (!OpenedDatabase.isStamped(state)) {
            steps.add(new Step(
                    new Change.Stamp(
                            database.profile().environment(),
                            database.server().identity().identifier()),
                    Reason.of(
                            "no other environment can act here afterwards",
                            database.profile().environmentAt())));
        }
    }

    private static void access(AccessState actual, Desired desired, List<Step> steps) {
        for (var change : Differ.diff(desired.state(), actual)) {
            steps.add(new Step(change, reason(change, desired.reasons())));
        }
        for (var grant : desired.unguarded()) {
            steps.add(new Step(new Change.Withhold(grant), UNGUARDED));
        }
        for (var hardening : desired.hardening()) {
            steps.add(new Step(hardening, Reason.of("harden: " + hardening.word())));
        }
    }

    private static boolean needsGuard(Change change, Desired desired, Set<Securable.Relation> unguarded) {
        return switch (change) {
            case Change.AttachGuard(var table, var _) -> unguarded.contains(table.on());
            case Change.SetLimits _, Change.DropLimits _ -> unguarded.contains(Guard.MARKER);
            case Change.Give(var grant) ->
                (unguarded.contains(Guard.MARKER) && grant.on().equals(Guard.MARKER))
                        || Desired.Write.of(grant)
                                .filter(write -> unguarded.stream()
                                        .anyMatch(table -> desired.held()
                                                .getOrDefault(table, Set.of())
                                                .contains(write)))
                                .isPresent();
            default -> false;
        };
    }

    private static Reason reason(Change change, Map<Object, Reason> reasons) {
        return switch (change) {
            case Change.CreateRole(var role) -> wanted(role, reasons);
            case Change.AddMembership(var membership) -> wanted(membership, reasons);
            case Change.Give(var grant) -> wanted(grant, reasons);
            case Change.AddDefault(var grant) -> wanted(grant, reasons);
            case Change.PutSetting(var setting) -> wanted(setting, reasons);
            case Change.AlterRole _ -> Reason.of("not as agentroles makes it");
            case Change.DropRole _,
                    Change.DetachGuard _,
                    Change.RemoveGuardCore _,
                    Change.DropLimits _,
                    Change.DropExpiry _,
                    Change.DropDoor _ -> Reason.of("nothing in the profile needs it any more");
            case Change.InstallGuardCore(var fingerprint) -> wanted(fingerprint, reasons);
            case Change.UpgradeGuardCore _ -> Reason.of("not as this agentroles has it");
            case Change.AttachGuard(var table, var _) -> wanted(table, reasons);
            case Change.PutExpiry(var fingerprint, var _) -> wanted(fingerprint, reasons);
            case Change.PutDoor(var fingerprint, var _) -> wanted(fingerprint, reasons);
            case Change.SetLimits(var limits, var _) -> wanted(limits, reasons);
            case Change.RemoveMembership _, Change.Revoke _, Change.RemoveDefault _, Change.ResetSetting _ ->
                Reason.of("nothing in the profile gives it");
            case Change.Withhold _,
                    Change.Harden _,
                    Change.MigrateLedger _,
                    Change.Stamp _,
                    Change.IssueLease _,
                    Change.EndLease _ -> throw new IllegalArgumentException(change + " is no difference of two states");
        };
    }

    private static Reason wanted(Object fact, Map<Object, Reason> reasons) {
        return reasons.getOrDefault(fact, Reason.of("the profile wants it"));
    }

    /// The settings of a login that ends go with it, and it is made a member of nothing any more.
    ///
    /// @param over logins that `reap` ends
    private static void dropWithLogins(String entry, Set<RoleName> over, List<Step> steps) {
        var ending = Stream.concat(
                        over.stream(),
                        steps.stream()
                                .map(Step::change)
                                .filter(Change.EndLease.class::isInstance)
                                .map(Change.EndLease.class::cast)
                                .map(end -> end.login(entry)))
                .collect(Collectors.toSet());
        steps.removeIf(step -> switch (step.change()) {
            case Change.ResetSetting(var setting) -> ending.contains(setting.role());
            case Change.PutSetting(var setting) -> ending.contains(setting.role());
            case Change.AddMembership(var membership) -> ending.contains(membership.member());
            default -> false;
        });
    }

    private static Map<String, String> digests(OpenedDatabase database, Desired desired) {
        var entry = database.entry().name();
        var digests = new Digests(desired.state());
        return database.agents().stream()
                .collect(Collectors.toMap(Function.identity(), agent -> digests.of(Naming.agentRole(entry, agent))));
    }
}
