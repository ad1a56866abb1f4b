package dev.agentroles.engine.postgres;

import dev.agentroles.access.RoleName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/// Roles that another session may change or drop at any moment.
record Roles(Connection administrator) {
    private static final int TRIES = 8;

    @FunctionalInterface
    interface Step<R> {
        R run() throws SQLException;
    }

    /// The mark of a role, "" if it has none; empty if there is no such role.
    Optional<String> mark(RoleName role) throws SQLException {
        try (var statement = administrator.prepareStatement(Sql.resource("mark.sql"))) {
            statement.setString(1, role.value());
            try (var row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(Optional.ofNullable(row.getString("mark")).orElse(""))
                        : Optional.empty();
            }
        }
    }

    /// Where another session changes or drops the same role, the server answers with one of many errors, or
    /// takes back a right that was lent. What counts is whether the role is still there.
    ///
    /// @return what the step gave; empty if there is no such role any more
    <R> Optional<R> whileThere(RoleName role, Step<R> step) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return Optional.of(step.run());
            } catch (SQLException failed) {
                if (administrator.isClosed()) {
                    throw failed;
                }
                if (mark(role).isEmpty()) {
                    return Optional.empty();
                }
                if (attempt == TRIES || LockHolders.isHeld(failed)) {
                    throw failed;
                }
            }
        }
    }

    void run(String sql) throws SQLException {
        try (var statement = administrator.createStatement()) {
            statement.execute(sql);
        }
    }

    Array names(Collection<RoleName> roles) throws SQLException {
        return administrator.createArrayOf(
                "name", roles.stream().map(RoleName::value).toArray(String[]::new));
    }

    static String list(Collection<RoleName> roles) {
        return roles.stream().sorted().map(Sql::identifier).collect(Collectors.joining(", "));
    }
}
