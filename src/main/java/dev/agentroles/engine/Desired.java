package dev.agentroles.engine;

import dev.agentroles.access.AccessState;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Reason;
import dev.agentroles.problem.Problem;
import java.util.List;
import java.util.Map;

/// A profile resolved against a catalog: no wildcard is left.
///
/// @param state what should be there
/// @param reasons why, by the fact (a role, grant, membership, ...) of `state`
/// @param hardening what the profile's `harden` still asks for
/// @param problems what cannot be resolved: a pattern that matches nothing, a name that is taken. Nothing
/// may be applied
/// @param notices what a person should know and what does not stop anything
public record Desired(
        AccessState state,
        Map<Object, Reason> reasons,
        List<Change.Harden> hardening,
        List<Problem> problems,
        List<Problem> notices) {
    public Desired {
        reasons = Map.copyOf(reasons);
        hardening = List.copyOf(hardening);
        problems = List.copyOf(problems);
        notices = List.copyOf(notices);
    }
}
