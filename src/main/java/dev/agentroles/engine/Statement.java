package dev.agentroles.engine;

import dev.agentroles.plan.Step;
import java.util.List;

/// One SQL statement, pasteable, and the steps it carries out.
///
/// @param alone in a transaction of its own: it waits for a lock that others need, and holds it shortly
public record Statement(String sql, List<Step> steps, boolean alone) {
    public Statement {
        steps = List.copyOf(steps);
    }

    /// In one transaction with those around it.
    public Statement(String sql, List<Step> steps) {
        this(sql, steps, false);
    }
}
