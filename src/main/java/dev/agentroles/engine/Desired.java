package dev.agentroles.engine;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Reason;
import dev.agentroles.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A profile resolved against a catalog: no wildcard is left.
///
/// @param state what should be there
/// @param reasons why, by the fact (a role, grant, membership, ...) of `state`
/// @param held what is held by the guard of a table: not to be given while that table has none; empty
/// where the engine ends the run at a guard that fails
/// @param unguarded of `state` what is there and should have a guard, and nothing guards it now
/// @param hardening what the profile's `harden` still asks for
/// @param problems what cannot be resolved: a pattern that matches nothing, a name that is taken. Nothing
/// may be applied
/// @param exposed those of `problems` by which agents may read what the profile hides, with what an audit calls it
/// @param notices what a person should know and what does not stop anything
public record Desired(
        AccessState state,
        Map<Object, Reason> reasons,
        Map<Securable.Relation, Set<Write>> held,
        Set<Grant> unguarded,
        List<Change.Harden> hardening,
        List<Problem> problems,
        Map<Problem, Rule> exposed,
        List<Problem> notices) {
    public Desired {
        reasons = Map.copyOf(reasons);
        held = Map.copyOf(held);
        unguarded = Set.copyOf(unguarded);
        hardening = List.copyOf(hardening);
        problems = List.copyOf(problems);
        exposed = Map.copyOf(exposed);
        notices = List.copyOf(notices);
    }

    /// That a role changes rows of a table.
    public record Write(RoleName role, Securable.Relation table) {
        /// What a grant is a part of.
        public static Optional<Write> of(Grant grant) {
            return (grant.privilege() == Privilege.UPDATE || grant.privilege() == Privilege.DELETE)
                            && grant.on().whole() instanceof Securable.Relation table
                            && grant.grantee() instanceof Grantee.Role(var role)
                    ? Optional.of(new Write(role, table))
                    : Optional.empty();
        }
    }
}
