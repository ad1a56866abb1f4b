package dev.agentroles.report;

import dev.agentroles.access.Lease;
import dev.agentroles.apply.Outcome;
import dev.agentroles.problem.Printable;
import java.time.Duration;
import java.util.List;

/// What an apply did, for a person.
public record OutcomeText(Paint paint) {
    public String render(List<Outcome> outcomes) {
        var text = new StringBuilder();
        outcomes.forEach(outcome -> database(text, outcome));
        var steps = outcomes.stream()
                .mapToInt(outcome -> outcome.proposal().plan().steps().size())
                .sum();
        var failed =
                outcomes.stream().mapToInt(outcome -> outcome.failed().size()).sum();
        if (steps == 0 && failed == 0) {
            text.append("Nothing to do: everything is as the profile wants it.\n");
        } else if (failed == 0) {
            text.append("Applied ").append(steps).append(steps == 1 ? " change.\n" : " changes.\n");
        } else {
            text.append("Partly applied; run the same command again to finish.\n");
        }
        return text.toString();
    }

    private void database(StringBuilder text, Outcome outcome) {
        var database = outcome.proposal().database();
        for (var lease : outcome.issued()) {
            var what = "lease " + lease.id() + " of " + lease.agent() + " on " + database + ": login " + lease.login()
                    + ", expires in " + life(lease);
            text.append(paint.green("+"))
                    .append(' ')
                    .append(Printable.line(what))
                    .append('\n');
        }
        for (var lease : outcome.ended()) {
            var what = "lease " + lease + " on " + database + " ended";
            text.append(paint.red("-")).append(' ').append(Printable.line(what)).append('\n');
        }
        outcome.failed()
                .forEach(problem ->
                        text.append(paint.red("!")).append(' ').append(problem).append('\n'));
    }

    /// What is left of one that was issued just now, whatever the clocks say.
    static String life(Lease lease) {
        return duration(Duration.between(lease.issuedAt(), lease.expiresAt()));
    }

    /// `1h 5m`, `42s`: the two largest units.
    static String duration(Duration duration) {
        if (duration.isNegative()) {
            return "0s";
        }
        var units = new long[] {
            duration.toDays(), duration.toHoursPart(), duration.toMinutesPart(), duration.toSecondsPart()
        };
        var names = new String[] {"d", "h", "m", "s"};
        var text = new StringBuilder();
        int shown = 0;
        for (int i = 0; i < units.length && shown < 2; i++) {
            if (units[i] > 0) {
                text.append(text.isEmpty() ? "" : " ").append(units[i]).append(names[i]);
                shown++;
            } else if (shown > 0) {
                break;
            }
        }
        return text.isEmpty() ? "0s" : text.toString();
    }
}
