package dev.agentroles.engine;

import dev.agentroles.access.Privilege;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// To give or to take privileges, in the words that every engine shares.
public enum GrantVerb {
    GIVE("GRANT", "TO"),
    TAKE("REVOKE", "FROM");

    private final String verb;
    private final String preposition;

    GrantVerb(String verb, String preposition) {
        this.verb = verb;
        this.preposition = preposition;
    }

    /// `GRANT SELECT (id, total), DELETE ON app.orders TO bot`.
    ///
    /// @param privileges as [#privileges] writes them
    /// @param objects as the engine writes them, with their kind where it wants one
    /// @param grantee as the engine writes it
    public String statement(String privileges, String objects, String grantee) {
        return verb + " " + privileges + " ON " + objects + " " + preposition + " " + grantee;
    }

    /// `SELECT (id, total), DELETE`.
    ///
    /// @param columns names by privilege; none for the object as a whole
    /// @param identifier writes a name as the engine does
    public static String privileges(Map<Privilege, List<String>> columns, UnaryOperator<String> identifier) {
        return columns.entrySet().stream()
                .map(one -> one.getKey().sql()
                        + (one.getValue().isEmpty()
                                ? ""
                                : one.getValue().stream().map(identifier).collect(Collectors.joining(", ", " (", ")"))))
                .collect(Collectors.joining(", "));
    }
}
