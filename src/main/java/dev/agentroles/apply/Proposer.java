package dev.agentroles.apply;

import static java.util.Objects.requireNonNull;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Lease;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.credential.Readings;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.Standing;
import dev.agentroles.credential.StorePath;
import dev.agentroles.engine.Desired;
import dev.agentroles.engine.Inspection;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.ledger.Freeze;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Ledger;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Differ;
import dev.agentroles.plan.Planner;
import dev.agentroles.plan.Reason;
import dev.agentroles.plan.Step;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Works out what would have to be done to a database so that it is as the profile wants. Writes nothing.
///
/// @param paths where an agent's login is published, by agent
/// @param clock ours; what has expired is decided by the server's
public record Proposer(SecretStore store, Function<String, StorePath> paths, InstantSource clock) {
    private static final Reason UNGUARDED = Reason.of("nothing guards it now: taken away until something does");

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
        var former = leases(database, state, inspection, desired, steps);
        dropWithLogins(database.entry().name(), steps);
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
                Stream.concat(desired.notices().stream(), former.stream()).toList());
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
                        || unguarded.stream()
                                .flatMap(table -> desired.held().getOrDefault(table, Set.of()).stream())
                                .anyMatch(write -> write.comesBy(grant));
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

    /// @return what is told of the logins that stay
    private List<Problem> leases(
            OpenedDatabase database, LedgerState state, Inspection inspection, Desired desired, List<Step> steps)
            throws SQLException {
        List<LeaseRow> open = state instanceof LedgerState.Present
                ? database.ledger().leases().open()
                : List.of();
        var now = state instanceof LedgerState.Present present
                ? present.clock(clock).instant()
                : clock.instant();
        var logins = inspection.leaseLogins().stream()
                .filter(LeaseLogin::enabled)
                .map(LeaseLogin::login)
                .collect(Collectors.toSet());
        var revoked = state instanceof LedgerState.Present
                ? database.ledger().stops().revocations()
                : Map.<String, Freeze>of();
        var forgotten = database.forgottenStops().stops();
        var agents = database.profile().agentsOf(database.entry().name());
        var live = new LinkedHashMap<String, Standing>();
        var entry = database.entry().name();
        var urls = inspection.agentUrls(database.target().url(), desired.state());
        for (var reading : new Readings<>(store::read, agents, agent -> paths.apply(agent.name()))) {
            var agent = reading.of();
            var current = reading.current();
            Standing.mustNotBeOfAnother(database.home(), reading.path(), current, open, now);
            var standing = Standing.of(current, agent.name(), open, logins, now);
            live.put(agent.name(), standing);
            var url = urls.apply(Naming.agentRole(entry, agent.name()));
            if (standing.told(current, url, database.profile().tiersOf(agent, entry)) instanceof Standing.Due(var why)
                    && !revoked.containsKey(agent.name())
                    && !forgotten.agents().contains(agent.name())) {
                steps.add(new Step(new Change.IssueLease(agent.name()), Reason.of(why, agent.at())));
            }
        }
        var known = open.stream().collect(Collectors.toMap(row -> row.lease().login(), LeaseRow::lease));
        var busy = busy(database, open);
        for (var login : stillThere(database, inspection.leaseLogins(), known.keySet())) {
            if (busy.contains(login.lease())) {
                continue;
            }
            ending(login, known, live, now)
                    .ifPresent(why ->
                            steps.add(new Step(new Change.EndLease(login.agent(), login.lease()), Reason.of(why))));
        }
        return formerTerms(database.profile(), inspection.leaseLogins(), live);
    }

    private static List<Problem> formerTerms(Profile profile, List<LeaseLogin> logins, Map<String, Standing> live) {
        var byName = logins.stream().collect(Collectors.toMap(LeaseLogin::login, Function.identity(), (one, _) -> one));
        var problems = new ArrayList<Problem>();
        live.forEach((name, standing) -> {
            if (standing instanceof Standing.Live(var row, var _)) {
                var lease = row.lease();
                var agent = requireNonNull(profile.agents().get(name));
                Optional.ofNullable(byName.get(lease.login()))
                        .flatMap(login -> FormerTerms.of(profile.source(), agent, lease, login))
                        .ifPresent(problems::add);
            }
        });
        return problems;
    }

    /// The settings of a login that ends go with it, and it is made a member of nothing any more.
    private static void dropWithLogins(String entry, List<Step> steps) {
        var ending = steps.stream()
                .map(Step::change)
                .filter(Change.EndLease.class::isInstance)
                .map(Change.EndLease.class::cast)
                .map(end -> end.login(entry))
                .collect(Collectors.toSet());
        steps.removeIf(step -> switch (step.change()) {
            case Change.ResetSetting(var setting) -> ending.contains(setting.role());
            case Change.AddMembership(var membership) -> ending.contains(membership.member());
            default -> false;
        });
    }

    /// The ledger is read after the server: a login that it does not know may have ended in between.
    private static List<LeaseLogin> stillThere(OpenedDatabase database, List<LeaseLogin> logins, Set<RoleName> known)
            throws SQLException {
        if (logins.stream().map(LeaseLogin::login).allMatch(known::contains)) {
            return logins;
        }
        var there = database.server()
                .logins()
                .leaseLogins(database.profile().environment(), database.entry().name());
        return logins.stream()
                .filter(login -> known.contains(login.login())
                        || there.stream().anyMatch(one -> one.login().equals(login.login())))
                .toList();
    }

    /// Leases that another session is just issuing, or keeps for a program: theirs to end. A claim is given
    /// back with the end or the publication, so the ledger is read once more where there is no claim any
    /// more.
    private static Set<String> busy(OpenedDatabase database, List<LeaseRow> open) throws SQLException {
        var busy = new HashSet<String>();
        var unclaimed = new HashSet<String>();
        for (var row : open) {
            var lease = row.lease();
            if (lease.state() == Lease.State.ISSUED) {
                (database.ledger().claims().isLeaseClaimed(lease.id()) ? busy : unclaimed).add(lease.id());
            }
        }
        if (!unclaimed.isEmpty()) {
            for (var row : database.ledger().leases().open()) {
                if (row.lease().state() == Lease.State.ISSUED) {
                    unclaimed.remove(row.lease().id());
                }
            }
            busy.addAll(unclaimed);
        }
        return busy;
    }

    private static Optional<String> ending(
            LeaseLogin login, Map<RoleName, Lease> known, Map<String, Standing> live, Instant now) {
        var lease = known.get(login.login());
        if (lease == null) {
            return Optional.of("the ledger does not know it");
        }
        var standing = live.get(login.agent());
        if (standing == null) {
            return Optional.of("agent " + login.agent() + " is not in the profile");
        }
        if (!now.isBefore(lease.expiresAt())) {
            return Optional.of("it expired at " + lease.expiresAt());
        }
        boolean published = standing instanceof Standing.Live(var row, var _)
                && row.lease().id().equals(lease.id());
        return lease.state() == Lease.State.ISSUED && !published
                ? Optional.of("it was issued and never published")
                : Optional.empty();
    }

    private static Map<String, String> digests(OpenedDatabase database, Desired desired) {
        var entry = database.entry().name();
        var digests = new Digests(desired.state());
        return database.profile().agentsOf(entry).stream()
                .map(Profile.Agent::name)
                .collect(Collectors.toMap(Function.identity(), agent -> digests.of(Naming.agentRole(entry, agent))));
    }

    /// The agents that the profile has, for whoever ends leases.
    static Set<String> agents(OpenedDatabase database) {
        return database.profile().agentsOf(database.entry().name()).stream()
                .map(Profile.Agent::name)
                .collect(Collectors.toSet());
    }
}
