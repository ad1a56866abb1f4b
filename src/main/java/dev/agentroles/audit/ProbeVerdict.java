package dev.agentroles.audit;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Holdings;
import dev.agentroles.engine.ProbeReport;
import dev.agentroles.engine.ProbeReport.Attempt;
import dev.agentroles.engine.ProbeReport.Need;
import dev.agentroles.engine.ProbeReport.Outcome;
import dev.agentroles.engine.ProbeReport.Told;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Judges what an agent's session met: against what its tier says, and against what the catalogs say.
final class ProbeVerdict {
    private final Subject subject;
    private final Holdings holdings;
    private final List<Finding> known;

    /// @param holdings what the catalogs say of the same subject
    /// @param known what the catalogs' witness has already found: the same power is not told twice
    ProbeVerdict(Subject subject, Holdings holdings, List<Finding> known) {
        this.subject = subject;
        this.holdings = holdings;
        this.known = List.copyOf(known);
    }

    /// Whether that is told already of which every refusal follows.
    ///
    /// @param known what the catalogs' witness has found
    static boolean isOfMissingRole(List<Finding> known) {
        return known.stream().anyMatch(finding -> finding.code().equals(Rule.ROLE_MISSING.code()));
    }

    List<Finding> findings(ProbeReport report) {
        var findings = new ArrayList<Finding>();
        undecided(report).forEach(findings::add);
        for (var attempt : report.attempts()) {
            expectation(attempt).ifPresent(findings::add);
            disagreement(attempt).ifPresent(findings::add);
        }
        return findings;
    }

    /// One finding for each answer: on a standby every probe meets the same one.
    private List<Finding> undecided(ProbeReport report) {
        var byAnswer = report.attempts().stream()
                .filter(attempt -> attempt.outcome() == Outcome.UNDECIDED)
                .collect(Collectors.groupingBy(Attempt::answer, TreeMap::new, Collectors.toList()));
        return byAnswer.entrySet().stream()
                .map(same -> Rule.PROBE_INCONCLUSIVE.finding(
                        Optional.of(subject.agent()),
                        "%s tried to %s%s: that could not be decided"
                                .formatted(
                                        subject.agent(),
                                        same.getValue().getFirst().what(),
                                        same.getValue().size() == 1
                                                ? ""
                                                : " and %d more"
                                                        .formatted(
                                                                same.getValue().size() - 1)),
                        List.of(subject.role().value()),
                        same.getKey(),
                        List.of(),
                        List.of()))
                .toList();
    }

    private Optional<Finding> expectation(Attempt attempt) {
        return switch (attempt.outcome()) {
            case UNDECIDED -> Optional.empty();
            case BROKEN -> Optional.of(finding(Rule.GUARD_BROKEN, attempt, "met an error of the guard itself"));
            case FAILED -> Optional.of(finding(Rule.PROBE_REFUSED, attempt, "failed, and its tier promises it"));
            case ALLOWED ->
                attempt.promised() || told(attempt)
                        ? Optional.empty()
                        : Optional.of(finding(Rule.PROBE_ALLOWED, attempt, "worked, and its tier denies it"));
            case REFUSED ->
                attempt.promised() && !isOfMissingRole(known) && !isMissing(attempt)
                        ? Optional.of(finding(Rule.PROBE_REFUSED, attempt, "was refused, and its tier promises it"))
                        : Optional.empty();
        };
    }

    /// The catalogs say already that a privilege is missing without which it is refused.
    private boolean isMissing(Attempt attempt) {
        var tried = Stream.concat(attempt.needs().stream().map(Need::on), attempt.told().objects().stream())
                .toList();
        return known.stream()
                .filter(finding -> finding.code().equals(Rule.GRANT_MISSING.code()))
                .flatMap(finding -> finding.objects().stream())
                .anyMatch(missing -> tried.stream().anyMatch(on -> same(missing, on)));
    }

    /// A finding of the catalogs names the way that gives this power, and how to take it.
    private boolean told(Attempt attempt) {
        var codes = attempt.told().rules().stream().map(Rule::code).collect(Collectors.toSet());
        return known.stream().anyMatch(finding -> codes.contains(finding.code()) && tells(finding, attempt.told()));
    }

    /// Whether a finding of the right code is about the same: an object, a role, or the agent as such.
    private static boolean tells(Finding finding, Told told) {
        if (told.objects().stream()
                .anyMatch(tried -> finding.objects().stream().anyMatch(found -> same(found, tried)))) {
            return true;
        }
        boolean itself = finding.objects().isEmpty() && finding.path().size() <= 1;
        return told.steps().isEmpty()
                ? itself || (finding.objects().isEmpty() && told.objects().isEmpty())
                : itself || told.steps().contains(finding.path().getLast());
    }

    /// A table's privilege is one on its columns, and a column's opens its table.
    private static boolean same(Securable found, Securable tried) {
        return found.equals(tried)
                || (found instanceof Securable.Column column && column.owner().equals(tried))
                || (tried instanceof Securable.Column part && part.owner().equals(found));
    }

    private Optional<Finding> disagreement(Attempt attempt) {
        boolean decided = attempt.outcome() == Outcome.ALLOWED || attempt.outcome() == Outcome.REFUSED;
        if (attempt.needs().isEmpty() || !decided) {
            return Optional.empty();
        }
        var allowed = attempt.outcome() == Outcome.ALLOWED;
        var held = attempt.needs().stream().allMatch(need -> holdings.hasNow(need.privilege(), need.on()));
        if (allowed == held) {
            return Optional.empty();
        }
        var needs = attempt.needs().stream()
                .map(need -> need.privilege().sql() + " on " + need.on().display())
                .toList();
        return Optional.of(finding(
                Rule.WITNESS_DISAGREE,
                attempt,
                "%s, and the catalogs say that it %s %s"
                        .formatted(
                                allowed ? "worked" : "was refused",
                                held ? "has" : "does not have all of",
                                String.join(", ", needs))));
    }

    private Finding finding(Rule rule, Attempt attempt, String how) {
        return rule.finding(
                Optional.of(subject.agent()),
                "%s tried to %s: that %s".formatted(subject.agent(), attempt.what(), how),
                List.of(subject.role().value()),
                attempt.answer().isEmpty() ? attempt.statement() : attempt.statement() + " -- " + attempt.answer(),
                List.of(),
                List.of());
    }
}
