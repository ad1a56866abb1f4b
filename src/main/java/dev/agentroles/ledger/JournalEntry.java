package dev.agentroles.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

    /// SHA-256 over all fields, each with its length before it, so that no two entries read the same.
    byte[] digest() {
        var sha256 = sha256();
        add(sha256, at.toString());
        add(sha256, actor.databaseUser());
        add(sha256, actor.operator());
        add(sha256, action);
        add(sha256, agent.orElse(""));
        add(sha256, lease.orElse(""));
        add(sha256, outcome);
        add(sha256, detail);
        return sha256.digest();
    }

    private static void add(MessageDigest sha256, String field) {
        var bytes = field.getBytes(StandardCharsets.UTF_8);
        sha256.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        sha256.update(bytes);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
