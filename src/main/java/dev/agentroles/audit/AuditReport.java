package dev.agentroles.audit;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Severity;
import dev.agentroles.profile.Profile;
import dev.agentroles.workspace.Missed;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The outcome of a verification of one profile.
///
/// @param findings that stand, worst first, always in the same order
/// @param waived that a named person accepted
/// @param probes how much was tried as which agent
/// @param verified databases of which something is known now
/// @param missed databases that could not be verified: nothing is proven of them
public record AuditReport(
        List<Located> findings, List<Waived> waived, List<Probes> probes, List<String> verified, List<Missed> missed) {
    public AuditReport {
        findings = List.copyOf(findings);
        waived = List.copyOf(waived);
        probes = List.copyOf(probes);
        verified = List.copyOf(verified);
        missed = List.copyOf(missed);
    }

    /// @param database the entry's name in the profile; empty: of the profile as a whole
    public record Located(String database, Finding finding) {}

    public record Waived(Located located, Profile.Waiver waiver) {}

    public record Probes(String database, Verified.Probed probed) {}

    /// How many stand in a database, or with the empty name of the profile as a whole.
    public long count(String database, Severity severity) {
        return findings.stream()
                .filter(located ->
                        located.database().equals(database) && located.finding().severity() == severity)
                .count();
    }

    /// How many of a database are waived.
    public long waived(String database) {
        return waived.stream()
                .filter(one -> one.located().database().equals(database))
                .count();
    }

    /// What was found in a database, in a line of the journal: `1 high, 2 low; 1 waived; tried as 4 agents`.
    public String summary(String database) {
        var counts = Stream.of(Severity.values())
                .filter(severity -> count(database, severity) > 0)
                .map(severity -> count(database, severity) + " " + severity.word())
                .collect(Collectors.joining(", "));
        var tried = probes.stream()
                .filter(one -> one.database().equals(database))
                .map(one -> one.probed().agent())
                .distinct()
                .count();
        return (counts.isEmpty() ? "nothing found" : counts)
                + (waived(database) == 0 ? "" : "; " + waived(database) + " waived")
                + (tried == 0
                        ? "; by the catalogs alone"
                        : "; tried as " + tried + (tried == 1 ? " agent" : " agents"));
    }

    /// Whether something stands that is at least as bad as `threshold`. What is only worth knowing never
    /// fails a run.
    public boolean fails(Severity threshold) {
        return findings.stream()
                .map(located -> located.finding().severity())
                .anyMatch(severity -> severity != Severity.INFO && severity.compareTo(threshold) <= 0);
    }
}
