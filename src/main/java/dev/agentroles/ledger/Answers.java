package dev.agentroles.ledger;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/// What a server's refusals mean to the ledger, by SQLSTATE or by the number that the driver passes on;
/// read from `answers.properties` beside the engine's statements.
///
/// @param transactional whether statements about logins stand or fall with the transaction around them
/// @param absent there is no ledger
/// @param forbidden a right is missing
/// @param collided with another session; the same again succeeds
/// @param stopped the ledger refuses a lease to whoever is stopped
/// @param late somebody else took too long
record Answers(
        boolean transactional,
        Set<String> absent,
        Set<String> forbidden,
        Set<String> collided,
        Set<String> stopped,
        Set<String> late) {
    static Answers of(Properties properties) {
        return new Answers(
                Boolean.parseBoolean(properties.getProperty("transactional")),
                codes(properties, "absent"),
                codes(properties, "forbidden"),
                codes(properties, "collided"),
                codes(properties, "stopped"),
                codes(properties, "late"));
    }

    private static Set<String> codes(Properties properties, String name) {
        return Arrays.stream(properties.getProperty(name, "").split(","))
                .map(String::strip)
                .filter(code -> !code.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    static boolean isOneOf(Set<String> codes, SQLException said) {
        return codes.contains(String.valueOf(said.getSQLState()))
                || codes.contains(Integer.toString(said.getErrorCode()));
    }
}
