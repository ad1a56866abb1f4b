package dev.agentroles.engine.postgres;

import dev.agentroles.engine.SqlToken;
import dev.agentroles.engine.SqlTokens;
import dev.agentroles.engine.StatementJudge;
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
    ///
    /// @param tokens without the semicolon at the end
    static Optional<String> unfit(List<SqlToken> tokens) {
        return new OneCommand(tokens).unfit();
    }

    private Optional<String> unfit() {
        boolean body = mayHaveBody();
        for (int i = 0; i < tokens.size(); i++) {
            var token = tokens.get(i);
            if (token.is(';') && open.isEmpty()) {
                return Optional.of(StatementJudge.SEVERAL);
            }
            if (token.is(';') && open.size() > 1) {
                return Optional.of("a CASE in its body has no end");
            }
            if (body && !isLabel(i)) {
                follow(token, i);
            }
        }
        return open.isEmpty() ? Optional.empty() : Optional.of("its body has no end");
    }

    /// Elsewhere BEGIN and ATOMIC can be names.
    private boolean mayHaveBody() {
        var look = new SqlTokens(tokens);
        look.take("CREATE");
        look.take("OR", "REPLACE");
        return look.at("FUNCTION") || look.at("PROCEDURE");
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
