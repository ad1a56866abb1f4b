package dev.agentroles.engine;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What in a statement is agentroles' own: no change may touch it.
public final class OwnNames {
    private static final String OURS = "agentroles";

    private OwnNames() {}

    /// Why a statement must not be run, a clause.
    public static Optional<String> unfit(List<SqlToken> tokens) {
        return tokens.stream()
                .filter(token -> token.isName() && isOurs(token.value()))
                .findFirst()
                .map(token -> "it names " + token.value() + ", which is agentroles' own: apply changes that");
    }

    private static boolean isOurs(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.equals(OURS) || lower.startsWith(OURS + "_");
    }

    /// Texts in it that name what is ours, and run later.
    public static boolean inTexts(List<SqlToken> tokens) {
        return tokens.stream()
                .anyMatch(token -> token.kind() == SqlToken.Kind.TEXT
                        && token.value().toLowerCase(Locale.ROOT).contains(OURS));
    }
}
