package dev.agentroles.engine.mysql;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Finding;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.Definition;
import dev.agentroles.engine.Holdings;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.Witness;
import java.util.List;
import java.util.Optional;

/// A witness that has seen nothing, and says so: no agent of this family is proven by it.
final class Unexamined implements Witness {
    @Override
    public List<Finding> examine(Subject subject, AccessState intended) {
        return List.of(Rule.WITNESS_BLIND.finding(
                Severity.HIGH,
                Optional.of(subject.role().value()),
                "what " + subject.role() + " can do was not examined: agentroles cannot read it from this server yet",
                List.of(),
                "only plan compares grants with the profile here",
                List.of(),
                List.of("C1")));
    }

    @Override
    public Optional<Holdings> holdings(RoleName role, boolean builtin) {
        return Optional.empty();
    }

    @Override
    public List<Definition> definitions(Subject subject, AccessState intended) {
        return List.of();
    }
}
