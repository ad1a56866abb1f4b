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
                .map(step -> new Described(step, Phase.of(step.change()), Description.of(step.change())))
                .sorted(Comparator.comparing(Described::phase)
                        .thenComparing(one -> one.description().text())
                        .thenComparing(one -> one.step().change().toString()))
                .map(Described::step)
                .toList();
        return new Plan(database, ordered, fingerprint(environment, database, identity, ordered));
    }

    private record Described(Step step, Phase phase, Description description) {}

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
