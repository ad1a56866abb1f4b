package dev.agentroles.engine;

import java.util.List;
import java.util.Optional;

/// What a statement is by its form alone, for whoever decides about it. What it really does the server says,
/// when it is rehearsed.
///
/// @param words what it does to what: `ALTER TABLE`, `CREATE INDEX`; upper case
/// @param effect the worst that it does
/// @param warnings what a person should know before they approve, a clause each
/// @param unfit why it is no schema change that could be run, a clause; empty: it is one
/// @param alone whether the server runs it outside a transaction only
public record StatementForm(String words, Effect effect, List<String> warnings, Optional<String> unfit, boolean alone) {
    public StatementForm {
        warnings = List.copyOf(warnings);
    }

    /// For sessions, which are given no other: whoever asks for a statement was told before.
    public void mustBeFit() {
        unfit.ifPresent(clause -> {
            throw new IllegalArgumentException("nobody may run this: " + clause);
        });
    }

    /// From harmless to grave.
    public enum Effect {
        /// Something new beside what is there.
        ADDS,
        /// Something that is there becomes another.
        CHANGES,
        /// Code that runs later, with the rights of whoever uses it: routines, triggers, rules, events.
        BRINGS_CODE,
        /// Something that is there goes, with what is in it.
        DESTROYS
    }
}
