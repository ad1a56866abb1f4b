package dev.agentroles.access;

import java.util.Optional;

/// What an agent may do within a scope.
public enum Tier {
    /// Read rows.
    EXPLORE("explore"),
    /// Read and insert rows; update and delete only with WHERE and only up to a cap.
    WRITER("writer"),
    /// Read, insert, update and delete rows; no DDL.
    DDL_DENIED("ddl-denied");

    private final String word;

    Tier(String word) {
        this.word = word;
    }

    /// As the profile writes it.
    public String word() {
        return word;
    }

    /// By the word that a profile uses; empty for any other.
    public static Optional<Tier> parse(String word) {
        for (var tier : values()) {
            if (tier.word.equals(word)) {
                return Optional.of(tier);
            }
        }
        return Optional.empty();
    }
}
