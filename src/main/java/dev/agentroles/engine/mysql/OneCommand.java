package dev.agentroles.engine.mysql;

import dev.agentroles.engine.SqlToken;
import dev.agentroles.engine.StatementJudge;
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

    private static final Set<String> WITHOUT_BODY = Set.of("TABLE", "VIEW", "INDEX", "SEQUENCE");

    /// With these a body begins that is one statement.
    private static final Set<String> STATEMENTS =
            Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "SET", "CALL", "RETURN", "WITH", "VALUES");

    /// Behind these they begin none: AFTER UPDATE, CHARACTER SET, OR REPLACE.
    private static final Set<String> BEFORE_NO_STATEMENT = Set.of("BEFORE", "AFTER", "CHARACTER", "OR");

    private final List<SqlToken> tokens;
    private int depth;

    /// Whether the body is one statement: from there on BEGIN is a name.
    private boolean plain;

    private OneCommand(List<SqlToken> tokens) {
        this.tokens = tokens;
    }

    /// Why it is not, a clause.
    ///
    /// @param tokens without the semicolon at the end
    static Optional<String> unfit(List<SqlToken> tokens) {
        return new OneCommand(tokens).unfit();
    }

    private Optional<String> unfit() {
        boolean body = tokens.stream()
                .filter(token -> isOneOf(token, WITH_BODY) || isOneOf(token, WITHOUT_BODY))
                .findFirst()
                .filter(token -> isOneOf(token, WITH_BODY))
                .isPresent();
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).is(';') && depth == 0) {
                return Optional.of(StatementJudge.SEVERAL);
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
        if (depth == 0 && i > 0 && isOneOf(token, STATEMENTS) && !isOneOf(tokens.get(i - 1), BEFORE_NO_STATEMENT)) {
            plain = true;
        }
        boolean opens = (token.is("BEGIN") && !plain)
                || (token.is("CASE") && depth > 0)
                || (isOneOf(token, BLOCKS) && beginsStatement(i));
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
