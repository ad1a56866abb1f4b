package dev.agentroles.engine;

import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import java.util.List;
import java.util.Optional;

/// Steps as an engine says them.
///
/// @param statements in the order they must run
/// @param together whether they run in one transaction, unless they stand alone: not every engine has that
/// @param printable whether names in them hold nothing that moves a terminal's cursor: not every engine can
/// write any name so
/// @param missing rights that the administrator lacks; the plan cannot be applied until none is left that holds it up
public record Rendering(List<Statement> statements, boolean together, boolean printable, List<MissingRight> missing) {
    public Rendering {
        statements = List.copyOf(statements);
        missing = List.copyOf(missing);
    }

    /// @param where the profile's line that wants it, if one does
    /// @param what `provisioner may not grant SELECT on app.orders, owned by app_owner`
    /// @param cure the statements that a database administrator must run, in order
    /// @param holdsUp whether the whole plan waits for it; otherwise only its own step, which is left out of the
    /// statements
    public record MissingRight(Optional<Position> where, String what, List<String> cure, boolean holdsUp) {
        public MissingRight {
            cure = List.copyOf(cure);
        }

        public MissingRight(Optional<Position> where, String what, List<String> cure) {
            this(where, what, cure, true);
        }

        public MissingRight(String what, List<String> cure) {
            this(Optional.empty(), what, cure);
        }

        /// Without the cure.
        public Problem problem() {
            return new Problem(where, what, Optional.empty());
        }
    }
}
