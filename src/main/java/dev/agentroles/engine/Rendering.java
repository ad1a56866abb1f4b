package dev.agentroles.engine;

import java.util.List;

/// Steps as an engine says them.
///
/// @param statements in the order they must run
/// @param together whether they run in one transaction, unless they stand alone: not every engine has that
/// @param missing rights that the administrator lacks; the plan cannot be applied until there are none
public record Rendering(List<Statement> statements, boolean together, List<MissingRight> missing) {
    public Rendering {
        statements = List.copyOf(statements);
        missing = List.copyOf(missing);
    }

    /// @param what `provisioner may not grant SELECT on app.orders, owned by app_owner`
    /// @param cure the statements that a database administrator must run, in order
    public record MissingRight(String what, List<String> cure) {
        public MissingRight {
            cure = List.copyOf(cure);
        }
    }
}
