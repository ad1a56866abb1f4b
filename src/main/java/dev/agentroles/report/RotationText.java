package dev.agentroles.report;

import dev.agentroles.access.Lease;
import dev.agentroles.credential.Rotation.Outcome;
import dev.agentroles.life.Rotator.Turn;
import dev.agentroles.problem.Alike;
import dev.agentroles.problem.Printable;
import dev.agentroles.problem.Problem;
import dev.agentroles.workspace.Result;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a rotation did.
///
/// @param all whether to name the agents that were not due, too
public record RotationText(Paint paint, boolean all) {
    public String human(List<Result<List<Turn>>> results) {
        var text = new StringBuilder();
        int rotated = 0;
        int current = 0;
        int elsewhere = 0;
        int failed = 0;
        for (var result : results) {
            if (!(result instanceof Result.Done<List<Turn>>(var database, var turns))) {
                continue;
            }
            var failures = failures(turns);
            for (var turn : turns) {
                var outcome = outcome(turn).orElse(null);
                rotated += outcome instanceof Outcome.Rotated ? 1 : 0;
                current += outcome instanceof Outcome.Current ? 1 : 0;
                failed += turn instanceof Turn.Failed ? 1 : 0;
                elsewhere += outcome instanceof Outcome.Elsewhere ? 1 : 0;
                line(text, database, turn, failures);
            }
        }
        boolean looked = results.stream().anyMatch(Result.Done.class::isInstance);
        return looked
                ? text.append("Rotated " + rotated + ", " + current + " not due"
                                + (elsewhere == 0 ? "" : ", " + elsewhere + " left to another run")
                                + (failed == 0 ? "" : ", " + failed + " failed") + ".\n")
                        .toString()
                : "";
    }

    private static Optional<Outcome> outcome(Turn turn) {
        return switch (turn) {
            case Turn.Ended ended -> Optional.of(ended.outcome());
            case Turn.Overlong overlong -> Optional.of(overlong.outcome());
            case Turn.Revoked _, Turn.Failed _ -> Optional.empty();
        };
    }

    /// By agent; what several have stands with the first of them.
    private static Map<String, List<Problem>> failures(List<Turn> turns) {
        var failures = new LinkedHashMap<String, List<Problem>>();
        for (var turn : turns) {
            if (turn instanceof Turn.Failed(var agent, var failure)) {
                failures.put(agent, failure.problems());
            }
        }
        return Alike.together(failures);
    }

    /// @param failures of those that failed
    private void line(StringBuilder text, String database, Turn turn, Map<String, List<Problem>> failures) {
        var who = turn.agent() + " on " + database + ": ";
        switch (turn) {
            case Turn.Ended(var _, var outcome) -> outcome(text, who, outcome);
            case Turn.Revoked(var _, var by) ->
                text.append(paint.yellow("~") + " " + who + "revoked by " + Printable.line(by.by()) + " at " + by.at()
                        + " because: " + Printable.line(by.why()) + "\n");
            case Turn.Overlong(var _, var outcome, var failure) -> {
                outcome(text, who, outcome);
                problems(text, who, failure.problems());
            }
            case Turn.Failed(var agent, var _) -> problems(text, who, failures.getOrDefault(agent, List.of()));
        }
    }

    private void problems(StringBuilder text, String who, List<Problem> problems) {
        problems.forEach(problem -> text.append(paint.red("!") + " " + who + problem + "\n"));
    }

    private void outcome(StringBuilder text, String who, Outcome outcome) {
        switch (outcome) {
            case Outcome.Rotated(var lease, var why, var retired) ->
                text.append(paint.green("+") + " " + who
                        + Printable.line(
                                "lease " + lease.id() + ", expires in " + Span.whole(lease) + ends(lease, retired))
                        + paint.dim("  # " + Printable.line(why)) + "\n");
            case Outcome.Current(var lease, var due) -> {
                if (all) {
                    text.append("  " + who + "lease " + lease.id() + " is due at " + due + "\n");
                }
            }
            case Outcome.Elsewhere() -> {
                if (all) {
                    text.append("  " + who + "another run is rotating it\n");
                }
            }
        }
    }

    private static String ends(Lease newest, List<Lease> retired) {
        return retired.stream()
                .map(lease -> "; " + lease.id() + " before it in "
                        + Span.of(Duration.between(newest.issuedAt(), lease.expiresAt())))
                .collect(Collectors.joining());
    }
}
