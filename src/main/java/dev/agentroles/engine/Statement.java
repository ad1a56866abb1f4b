package dev.agentroles.engine;

import dev.agentroles.plan.Step;
import java.util.List;
import java.util.Set;

/// One SQL statement, pasteable, and the steps it carries out.
///
/// @param alone in a transaction of its own: it waits for a lock that others need, and holds it shortly
/// @param after steps without which it must not run; only where no transaction holds the statements together
public record Statement(String sql, List<Step> steps, boolean alone, Set<Step> after) {
    public Statement {
        steps = List.copyOf(steps);
        after = Set.copyOf(after);
    }

    public Statement(String sql, List<Step> steps, boolean alone) {
        this(sql, steps, alone, Set.of());
    }

    /// In one transaction with those around it.
    public Statement(String sql, List<Step> steps) {
        this(sql, steps, false);
    }

    /// The same, not to be run without these.
    public Statement after(Set<Step> needed) {
        return needed.isEmpty() ? this : new Statement(sql, steps, alone, needed);
    }
}
