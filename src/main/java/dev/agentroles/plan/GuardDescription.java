package dev.agentroles.plan;

import dev.agentroles.access.Guard;
import java.util.Optional;

/// The guard's changes in one line each, with what they cost those who work meanwhile.
final class GuardDescription {
    private GuardDescription() {}

    static Description of(Change.OfGuard change) {
        return switch (change) {
            case Change.InstallGuardCore(var fingerprint) ->
                new Description(
                        '+', "install-guard", "guard: schema agentroles_guard, " + shown(fingerprint), Impact.KEEPS);
            case Change.UpgradeGuardCore(var from, var to) ->
                new Description(
                        '~',
                        "upgrade-guard",
                        "guard: schema agentroles_guard, " + shown(from) + " becomes " + shown(to)
                                + ", while everybody works",
                        Impact.KEEPS);
            case Change.RemoveGuardCore _ ->
                new Description('-', "remove-guard", "guard: schema agentroles_guard", Impact.KEEPS);
            case Change.AttachGuard(var table, var was) ->
                new Description(
                        was.isEmpty() ? '+' : '~',
                        "attach-guard",
                        "guard on " + table.on().display()
                                + was.map(old -> ", not as it should be (" + old + ")")
                                        .orElse("")
                                + (table.locks()
                                        ? ": readers go on, writers wait at most lock_timeout for SHARE ROW EXCLUSIVE"
                                        : ": nobody waits"),
                        table.locks() ? Impact.OTHERS : Impact.KEEPS);
            case Change.DetachGuard(var table) ->
                new Description(
                        '-',
                        "detach-guard",
                        "guard on " + table.on().display()
                                + (table.locks()
                                        ? ": readers and writers wait at most lock_timeout for ACCESS EXCLUSIVE"
                                        : ": nobody waits"),
                        table.locks() ? Impact.OTHERS : Impact.KEEPS);
            case Change.SetLimits(var limits, var was) -> limits(limits, was);
            case Change.DropLimits(var limits) ->
                new Description('-', "drop-limits", "limits of " + who(limits), Impact.KEEPS);
        };
    }

    private static Description limits(Guard.Limits limits, Optional<Guard.Limits> was) {
        var text = "limits of " + who(limits) + ": "
                + was.map(old -> caps(old) + " becomes ").orElse("") + caps(limits);
        return new Description(
                was.isEmpty() ? '+' : '~',
                "set-limits",
                text,
                was.filter(old -> wider(limits, old)).isPresent() ? Impact.WIDENS : Impact.KEEPS);
    }

    private static String who(Guard.Limits limits) {
        return limits.agent() + " by " + limits.tier();
    }

    private static String caps(Guard.Limits limits) {
        return limits.caps().map(GuardDescription::caps).orElse("any rows");
    }

    private static String caps(Guard.Caps caps) {
        return caps.rows() + " rows of a table in a statement"
                + bounded(", %d in a transaction", caps.rowsPerTransaction())
                + bounded(", whole tables up to %d", caps.wholeTable())
                + caps.window()
                        .map(window -> ", " + window.rows() + " rows in " + window.seconds() + " s")
                        .orElse("")
                + (caps.functions() ? ", through functions, too" : "");
    }

    private static String bounded(String text, long bound) {
        return bound == Guard.Caps.UNBOUNDED ? "" : text.formatted(bound);
    }

    private static boolean wider(Guard.Limits limits, Guard.Limits was) {
        if (limits.caps().isEmpty() || was.caps().isEmpty()) {
            return limits.caps().isEmpty() && was.caps().isPresent();
        }
        var now = limits.caps().get();
        var old = was.caps().get();
        return now.rows() > old.rows()
                || now.rowsPerTransaction() > old.rowsPerTransaction()
                || now.wholeTable() > old.wholeTable()
                || (now.functions() && !old.functions())
                || rate(now) > rate(old);
    }

    /// Rows a second that a window lets through; without a window there is no bound.
    private static double rate(Guard.Caps caps) {
        return caps.window()
                .map(window -> (double) window.rows() / window.seconds())
                .orElse(Double.POSITIVE_INFINITY);
    }

    private static String shown(String fingerprint) {
        return fingerprint.substring(0, Math.min(12, fingerprint.length()));
    }
}
