package dev.agentroles.apply;

import dev.agentroles.engine.Desired;
import dev.agentroles.engine.Inventory;
import dev.agentroles.engine.Rendering;
import dev.agentroles.engine.Rendering.MissingRight;
import dev.agentroles.engine.ServerIdentity;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Plan;
import dev.agentroles.plan.Step;
import dev.agentroles.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What would be done to one database, worked out and not done.
///
/// @param desired what the profile wants, resolved; audits compare with it
/// @param inventory what there is beside that
/// @param digests of the grants that each agent is meant to have, by agent
/// @param refused why agents are issued nothing that should be; hinders nothing else
/// @param notices what a person should know and what does not stop anything
public record Proposal(
        ServerIdentity server,
        Plan plan,
        Rendering rendering,
        Desired desired,
        Inventory inventory,
        Map<String, String> digests,
        List<Problem> refused,
        List<Problem> notices) {
    public Proposal {
        digests = Map.copyOf(digests);
        refused = List.copyOf(refused);
        notices = List.copyOf(notices);
    }

    public String database() {
        return plan.database();
    }

    /// The steps of its plan that are of a kind, in their order.
    <C extends Change> List<C> changes(Class<C> kind) {
        return plan.steps().stream()
                .map(Step::change)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /// Why it cannot be done as it is: what the profile got wrong, and the rights the administrator lacks.
    public List<Problem> obstacles() {
        return Stream.concat(desired.problems().stream(), missing(MissingRight::holdsUp))
                .toList();
    }

    /// Rights that the administrator lacks, and for which only their own steps wait.
    List<Problem> leftOut() {
        return missing(right -> !right.holdsUp()).toList();
    }

    private Stream<Problem> missing(Predicate<MissingRight> which) {
        return rendering.missing().stream()
                .filter(which)
                .map(right -> right.problem()
                        .remedy("a database administrator must run:\n  " + String.join(";\n  ", right.cure()) + ";"));
    }
}
