package dev.agentroles.ledger;

import dev.agentroles.access.Sha256;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// One act: what was done or begun, for whom, and how it ended. Never holds a secret.
///
/// @param at microseconds at most, as the ledger keeps it
/// @param action a word: `issue`, `publish`, `end`
/// @param outcome a word: `begun`, `done`, `failed`
/// @param detail a sentence for people; may be empty
public record JournalEntry(
        Instant at,
        Actor actor,
        String action,
        Optional<String> agent,
        Optional<String> lease,
        String outcome,
        String detail) {
    public JournalEntry {
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    /// The same, of what is not done yet.
    JournalEntry begun() {
        return new JournalEntry(at, actor, action, agent, lease, "begun", detail);
    }

    /// Over all fields.
    Sha256 digest() {
        return Sha256.ofAll(List.of(
                at.toString(),
                actor.databaseUser(),
                actor.operator(),
                action,
                agent.orElse(""),
                lease.orElse(""),
                outcome,
                detail));
    }
}
