package dev.agentroles.engine;

import java.util.List;
import java.util.Optional;

/// A statement as a lexer cut it.
///
/// @param unreadable why it could not be cut to its end, a clause
public record Lexed(List<SqlToken> tokens, Optional<String> unreadable) {
    public Lexed {
        tokens = List.copyOf(tokens);
    }
}
