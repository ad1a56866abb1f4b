package dev.agentroles.audit;

import dev.agentroles.access.Finding;
import dev.agentroles.engine.Rule;
import dev.agentroles.profile.Profile;
import dev.agentroles.workspace.Missed;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Findings that a named person accepted, until a day.
public final class Waivers {
    private final List<Profile.Waiver> waivers;
    private final LocalDate today;

    public Waivers(List<Profile.Waiver> waivers, LocalDate today) {
        this.waivers = List.copyOf(waivers);
        this.today = today;
    }

    /// Takes waived findings aside, and says which waivers have ended or cover nothing.
    ///
    /// @param verified every database of the profile that was looked at
    /// @param missed those that could not be: a waiver may cover something there
    public AuditReport judge(List<Verified> verified, List<Missed> missed) {
        var standing = new ArrayList<AuditReport.Located>();
        var waived = new ArrayList<AuditReport.Waived>();
        var used = new HashSet<Profile.Waiver>();
        for (var database : verified) {
            for (var finding : database.findings()) {
                var located = new AuditReport.Located(database.database(), finding);
                var waiver = waivers.stream()
                        .filter(this::holds)
                        .filter(one -> covers(one, located))
                        .findFirst();
                waiver.ifPresentOrElse(
                        one -> {
                            used.add(one);
                            waived.add(new AuditReport.Waived(located, one));
                        },
                        () -> standing.add(located));
            }
        }
        for (var waiver : waivers) {
            if (!holds(waiver)) {
                standing.add(about(waiver, Rule.WAIVER_EXPIRED, "ended on " + waiver.until()));
            } else if (missed.isEmpty() && !used.contains(waiver)) {
                standing.add(about(waiver, Rule.WAIVER_UNUSED, "covers nothing"));
            }
        }
        standing.sort(Comparator.comparing(AuditReport.Located::finding, Finding.WORST_FIRST)
                .thenComparing(AuditReport.Located::database));
        return new AuditReport(
                standing,
                waived,
                verified.stream()
                        .flatMap(database -> database.probes().stream()
                                .map(probe -> new AuditReport.Probes(database.database(), probe)))
                        .toList(),
                verified.stream().map(Verified::database).toList(),
                missed);
    }

    /// The last day counts.
    private boolean holds(Profile.Waiver waiver) {
        return !today.isAfter(waiver.until());
    }

    private static boolean covers(Profile.Waiver waiver, AuditReport.Located located) {
        return waiver.finding().equals(located.finding().code())
                && waiver.database().map(located.database()::equals).orElse(true)
                && waiver.subject()
                        .map(subject -> located.finding().subject().equals(Optional.of(subject)))
                        .orElse(true);
    }

    private static AuditReport.Located about(Profile.Waiver waiver, Rule rule, String what) {
        Finding finding = rule.finding(
                waiver.subject(),
                "the waiver of %s by %s %s".formatted(waiver.finding(), waiver.by(), what),
                List.of(),
                "%s: %s".formatted(waiver.at(), waiver.reason()),
                List.of(),
                List.of());
        return new AuditReport.Located(waiver.database().orElse(""), finding);
    }
}
