package dev.agentroles.report;

import dev.agentroles.apply.Outcome;
import dev.agentroles.problem.Printable;
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
                    + ", expires in " + Span.whole(lease);
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
}
