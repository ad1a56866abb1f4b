package dev.agentroles.engine;

import java.util.Optional;

/// Something of a schema that a statement may change.
///
/// @param kind in lower case: `table`, `column`
/// @param name as the server writes it: `app.orders.note`
/// @param aspect of it: `owner`, `rights`; empty: the thing itself
/// @param shown what it is, in a line; may be empty
/// @param digest of what is not shown; may be empty
/// @param otherwise what to say where another digest says that it has changed; empty: that it is another
/// @param part of which other thing it is, by kind and name: with that it goes without saying
public record SchemaFact(
        String kind, String name, String aspect, String shown, String digest, String otherwise, Optional<String> part) {
    /// The aspect of who may use it.
    static final String RIGHTS = "rights";

    /// By which it is the same before and after.
    String key() {
        return String.join("\0", kind, name, aspect);
    }

    /// The thing, and the aspect if it is one.
    String called() {
        return aspect.isEmpty() ? thing() : thing() + " " + aspect;
    }

    String thing() {
        return kind + " " + name;
    }
}
