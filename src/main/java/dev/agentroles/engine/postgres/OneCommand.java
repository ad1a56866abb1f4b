package dev.agentroles.engine.postgres;

import dev.agentroles.engine.SqlToken;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/// Whether a text is one command to the server. A semicolon ends a command but in the body that the standard knows,
/// `BEGIN ATOMIC ...; END` (manual, CREATE FUNCTION).
final class OneCommand {
    private final List<SqlToken> tokens;

    /// Of each CASE that is open, whether its WHEN has come; a body that is open is one whose WHEN has.
    private final ArrayDeque<Boolean> open = new ArrayDeque<>();

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
        for (int i = 0; i < tokens.size(); i++) {
            var token = tokens.get(i);
            if (token.is(';') && open.isEmpty()) {
                return Optional.of("it is more than one statement: ask for one at a time");
            }
            if (token.is(';') && open.size() > 1) {
                return Optional.of("a CASE in its body has no end");
            }
            if (!isLabel(i)) {
                follow(token, i);
            }
        }
        return open.isEmpty() ? Optional.empty() : Optional.of("its body has no end");
    }

    private void follow(SqlToken token, int i) {
        if (open.isEmpty()) {
            if (token.is("ATOMIC") && i > 0 && tokens.get(i - 1).is("BEGIN")) {
                open.push(true);
            }
        } else if (token.is("CASE")) {
            open.push(false);
        } else if (token.is("WHEN")) {
            open.pop();
            open.push(true);
        } else if (token.is("END") && open.peek()) {
            open.pop();
        }
    }

    /// Any keyword can be the name of a column: behind AS and behind a dot.
    private boolean isLabel(int i) {
        return i > 0 && (tokens.get(i - 1).is("AS") || tokens.get(i - 1).is('.'));
    }
}
