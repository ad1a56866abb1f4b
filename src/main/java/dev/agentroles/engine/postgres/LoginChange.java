package dev.agentroles.engine.postgres;

import dev.agentroles.access.RoleName;
import dev.agentroles.engine.SqlCloseable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Changes of a login that its own transactions must not hold up: a role may change its own password and
/// settings, and nobody else changes or drops the role until that transaction is over. So nobody waits for one
/// for longer than a moment, and where it is the login's own it is ended.
record LoginChange(Roles roles, LoginSessions sessions, LockHolders holders) {
    /// Runs of ours change a login within milliseconds.
    static final Duration MOMENT = Duration.ofMillis(300);

    private static final int TRIES = 3;

    /// The same statements, for a transaction of somebody else's: they wait no longer than that, and those
    /// that come after them as long as before.
    List<String> waiting(Duration most, List<String> statements) throws SQLException {
        if (statements.isEmpty()) {
            return List.of();
        }
        return Stream.of(
                        Stream.of(timeout(Long.toString(most.toMillis()))),
                        statements.stream(),
                        Stream.of(timeout(usual())))
                .flatMap(part -> part)
                .toList();
    }

    private static String timeout(String value) {
        return "SET LOCAL lock_timeout TO " + Sql.literal(value);
    }

    private String usual() throws SQLException {
        try (var statement = roles.administrator().createStatement();
                var row = statement.executeQuery("SHOW lock_timeout")) {
            row.next();
            return row.getString(1);
        }
    }

    /// The statement after those that tell the login's own sessions to end.
    List<String> against(RoleName login, String sql) {
        return Stream.concat(sessions.telling(login).stream(), Stream.of(sql)).toList();
    }

    /// Changes it, whatever the login itself does meanwhile.
    void insist(RoleName login, String sql) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                run(attempt == 1 ? List.of(sql) : against(login, sql));
                return;
            } catch (SQLException failed) {
                if (!LockHolders.isHeld(failed)) {
                    throw failed;
                }
                if (attempt == TRIES) {
                    throw holders.named(failed);
                }
                release(login);
            }
        }
    }

    private void run(List<String> statements) throws SQLException {
        try {
            roles.run("BEGIN; %s; %s; COMMIT"
                    .formatted(timeout(Long.toString(MOMENT.toMillis())), String.join("; ", statements)));
        } catch (SQLException failed) {
            if (!roles.administrator().isClosed()) {
                roles.run("ROLLBACK");
            }
            throw failed;
        }
    }

    /// Ends what a login has open: its sessions, and what it has prepared in this database. As long as it can
    /// log in it may come back.
    ///
    /// @return how many sessions
    int release(RoleName login) throws SQLException {
        int ended = sessions.endOnce(login);
        var prepared = prepared(login);
        if (!prepared.isEmpty()) {
            undo(login, prepared);
        }
        return ended;
    }

    private List<String> prepared(RoleName login) throws SQLException {
        try (var statement = roles.administrator().createStatement();
                var row = statement.executeQuery(Sql.resource("prepared.sql"))) {
            var names = new ArrayList<String>();
            while (row.next()) {
                if (login.value().equals(row.getString("login"))) {
                    names.add(row.getString("name"));
                }
            }
            return List.copyOf(names);
        }
    }

    /// Its owner may, and superusers (manual, ROLLBACK PREPARED). As the login nothing of its own is run by
    /// that.
    private void undo(RoleName login, List<String> prepared) throws SQLException {
        try (var _ = sessions.power(Set.of(login));
                var _ = as(login)) {
            for (var name : prepared) {
                roles.run("ROLLBACK PREPARED " + Sql.literal(name));
            }
        }
    }

    private SqlCloseable as(RoleName login) throws SQLException {
        roles.run("SET ROLE " + Sql.identifier(login));
        return () -> roles.run("RESET ROLE");
    }
}
