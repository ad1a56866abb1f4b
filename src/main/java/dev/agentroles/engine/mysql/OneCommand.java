package dev.agentroles.engine.mysql;

import dev.agentroles.engine.SqlToken;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whether a text is one command to the server. In the body of a routine, trigger or event a semicolon ends a
/// statement of the body (manual, 15.6).
final class OneCommand {
    private static final Set<String> BLOCKS = Set.of("BEGIN", "CASE", "LOOP", "WHILE", "REPEAT", "IF");

    /// Behind these a statement of a body begins.
    private static final Set<String> BEFORE_A_STATEMENT = Set.of("BEGIN", "THEN", "ELSE", "LOOP", "DO", "REPEAT");

    /// What may have a body.
    private static final Set<String> WITH_BODY = Set.of("PROCEDURE", "FUNCTION", "TRIGGER", "EVENT");

    private final List<SqlToken> tokens;
    private int depth;

    private OneCommand(List<SqlToken> tokens) {
        this.tokens = tokens;
    }

    /// Why it is not, a clause.
    static Optional<String> unfit(List<SqlToken> tokens) {
        return new OneCommand(withoutEnd(tokens)).unfit();
    }

    /// A semicolon at the end is no part of it.
    static List<SqlToken> withoutEnd(List<SqlToken> tokens) {
        return !tokens.isEmpty() && tokens.getLast().is(';') ? tokens.subList(0, tokens.size() - 1) : tokens;
    }

    private Optional<String> unfit() {
        if (tokens.isEmpty()) {
            return Optional.of("it is empty");
        }
        boolean body = tokens.stream().anyMatch(token -> isOneOf(token, WITH_BODY));
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).is(';') && depth == 0) {
                return Optional.of("it is more than one statement: ask for one at a time");
            }
            if (body) {
                i = follow(i);
            }
        }
        return depth == 0 ? Optional.empty() : Optional.of("its body has no end");
    }

    /// @return the last token that has been read
    private int follow(int i) {
        var token = tokens.get(i);
        if (depth > 0 && token.is("END")) {
            depth--;
            boolean named = i + 1 < tokens.size() && isOneOf(tokens.get(i + 1), BLOCKS);
            return named ? i + 1 : i;
        }
        boolean opens =
                token.is("BEGIN") || (token.is("CASE") && depth > 0) || (isOneOf(token, BLOCKS) && beginsStatement(i));
        if (opens) {
            depth++;
        }
        return i;
    }

    /// Elsewhere IF and REPEAT are functions.
    private boolean beginsStatement(int i) {
        if (i == 0) {
            return false;
        }
        var before = tokens.get(i - 1);
        return depth > 0 && (before.is(';') || before.is(':') || isOneOf(before, BEFORE_A_STATEMENT));
    }

    private static boolean isOneOf(SqlToken token, Set<String> words) {
        return words.stream().anyMatch(token::is);
    }
}
