package dev.agentroles.engine.mysql;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Finding;
import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Definition;
import dev.agentroles.engine.Holdings;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.Witness;
import java.util.List;
import java.util.Optional;

/// A witness that has seen nothing.
final class Unexamined implements Witness {
    @Override
    public List<Finding> examine(Subject subject, AccessState intended) {
        return List.of();
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
