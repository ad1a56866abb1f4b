package dev.agentroles.engine;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A [StatementForm] while it is being made. What is found first stands first.
public final class StatementVerdict {
    private final Set<String> warnings = new LinkedHashSet<>();
    private String words = "";
    private StatementForm.Effect effect = StatementForm.Effect.ADDS;
    private Optional<String> unfit = Optional.empty();
    private boolean alone;

    /// What it does to what.
    public StatementVerdict is(String verb, String kind) {
        words = (verb + " " + kind).strip();
        return this;
    }

    /// It does this at least.
    public StatementVerdict effect(StatementForm.Effect least) {
        if (least.compareTo(effect) > 0) {
            effect = least;
        }
        return this;
    }

    public StatementVerdict warn(String clause) {
        warnings.add(clause);
        return this;
    }

    public StatementVerdict warnIf(boolean so, String clause) {
        return so ? warn(clause) : this;
    }

    /// The first reason stays.
    public StatementVerdict unfit(String clause) {
        unfit = unfit.or(() -> Optional.of(clause));
        return this;
    }

    public StatementVerdict unfitIf(boolean so, String clause) {
        return so ? unfit(clause) : this;
    }

    public StatementVerdict alone() {
        alone = true;
        return this;
    }

    public StatementForm form() {
        return new StatementForm(words, effect, List.copyOf(warnings), unfit, alone);
    }
}
