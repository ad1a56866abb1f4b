package dev.agentroles.plan;

import dev.agentroles.access.Sha256;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Puts steps into the order in which they can be carried out, and gives the whole a fingerprint.
public final class Planner {
    private Planner() {}

    /// @param environment and `identity` go into the fingerprint: the same steps elsewhere are another plan
    public static Plan plan(String environment, String database, String identity, List<Step> steps) {
        var ordered = steps.stream()
                .map(step -> new Described(step, phase(step.change()), Description.of(step.change())))
                .sorted(Comparator.comparingInt(Described::phase)
                        .thenComparing(one -> one.description().text())
                        .thenComparing(one -> one.step().change().toString()))
                .map(Described::step)
                .toList();
        return new Plan(database, ordered, fingerprint(environment, database, identity, ordered));
    }

    private record Described(Step step, int phase, Description description) {}

    /// What is taken away comes before what is given, and a role before what it is given; a guard is there
    /// before a write privilege and goes after it, and where it is gone the write waits for it. Roles go when all
    /// else of them has gone: what somebody gave them in another database may hold one back, and that must hold up
    /// nothing else.
    private static int phase(Change change) {
        return switch (change) {
            case Change.MigrateLedger _ -> 0;
            case Change.Stamp _ -> 1;
            case Change.Withhold _ -> 2;
            case Change.InstallGuardCore _, Change.UpgradeGuardCore _, Change.PutExpiry _, Change.DropExpiry _ -> 3;
            case Change.PutDoor _ -> 3;
            case Change.AttachGuard _ -> 4;
            case Change.Harden _ -> 5;
            case Change.RemoveMembership _ -> 6;
            case Change.Revoke _ -> 7;
            case Change.RemoveDefault _ -> 8;
            case Change.ResetSetting _ -> 9;
            case Change.CreateRole _ -> 10;
            case Change.AlterRole _ -> 11;
            case Change.AddMembership _ -> 12;
            case Change.SetLimits _, Change.DropLimits _ -> 13;
            case Change.Give _ -> 14;
            case Change.AddDefault _ -> 15;
            case Change.PutSetting _ -> 16;
            case Change.DetachGuard _ -> 17;
            case Change.RemoveGuardCore _, Change.DropDoor _ -> 18;
            case Change.EndLease _ -> 19;
            case Change.DropRole _ -> 20;
            case Change.IssueLease _ -> 21;
        };
    }

    private static String fingerprint(String environment, String database, String identity, List<Step> steps) {
        var parts = new Parts();
        Stream.of(environment, database, identity).forEach(parts::add);
        steps.stream().map(Step::change).filter(change -> !passing(change)).forEach(parts::add);
        return Sha256.ofAll(parts.texts()).hex(8);
    }

    /// Leases come and go by themselves and change nobody's power: a plan that was reviewed yesterday is
    /// the same today.
    private static boolean passing(Change change) {
        return change instanceof Change.IssueLease || change instanceof Change.EndLease;
    }
}
