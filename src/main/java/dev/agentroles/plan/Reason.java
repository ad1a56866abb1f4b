package dev.agentroles.plan;

import dev.agentroles.problem.Position;
import java.util.Optional;

/// Why a change is needed: a clause, and the line of the profile that says so.
public record Reason(String text, Optional<Position> where) {
    public static Reason of(String text) {
        return new Reason(text, Optional.empty());
    }

    public static Reason of(String text, Position where) {
        return new Reason(text, Optional.of(where));
    }
}
