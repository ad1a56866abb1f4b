package dev.agentroles.audit;

import dev.agentroles.access.Finding;
import dev.agentroles.engine.Desired;
import dev.agentroles.engine.Rule;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import java.util.List;
import java.util.Optional;

/// What a profile says of a database that does not fit what is there any more.
public record StaleProfile(Desired desired) {
    public List<Finding> findings() {
        return desired.problems().stream().map(this::finding).toList();
    }

    private Finding finding(Problem problem) {
        return desired.exposed()
                .getOrDefault(problem, Rule.PROFILE_STALE)
                .finding(
                        Optional.empty(),
                        problem.what() + problem.remedy().map("; "::concat).orElse(""),
                        List.of(),
                        problem.where().map(Position::toString).orElse("the profile"),
                        List.of(),
                        List.of());
    }
}
