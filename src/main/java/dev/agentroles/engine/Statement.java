package dev.agentroles.engine;

import dev.agentroles.plan.Step;
import java.util.List;

/// One SQL statement, pasteable, and the steps it carries out.
public record Statement(String sql, List<Step> steps) {
    public Statement {
        steps = List.copyOf(steps);
    }
}
