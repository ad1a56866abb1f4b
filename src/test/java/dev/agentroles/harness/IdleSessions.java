package dev.agentroles.harness;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The superuser's sessions on a PostgreSQL that nobody uses at the moment, at most one for each database: most
/// questions of a test come one after the other, and a new session costs more than most of them.
final class IdleSessions {
    /// What shows only in a session that begins afterwards, or waits until nobody is in a database.
    private static final Pattern FOR_NEW_SESSIONS = Pattern.compile(
            "\\b((CREATE|ALTER|DROP)\\s+DATABASE|ALTER\\s+(SYSTEM|ROLE|USER)|pg_reload_conf)\\b",
            Pattern.CASE_INSENSITIVE);

    private final Map<String, Connection> idle = new ConcurrentHashMap<>();

    /// A session that is as one that begins now, unless none is idle.
    @Nullable
    Connection take(String database) throws SQLException {
        var session = idle.remove(database);
        if (session != null && !session.isValid(5)) {
            session.close();
            return null;
        }
        return session;
    }

    /// Keeps a session. What was set, prepared, locked or temporary in it ends, as it does with a session.
    void put(String database, Connection session) throws SQLException {
        try (var statement = session.createStatement()) {
            statement.execute("DISCARD ALL");
        } catch (SQLException stillInTransaction) {
            session.close();
            return;
        }
        var other = idle.put(database, session);
        if (other != null) {
            other.close();
        }
    }

    /// Ends all of them if one of these statements is not for sessions that have begun.
    void before(String... statements) throws SQLException {
        for (var sql : statements) {
            if (FOR_NEW_SESSIONS.matcher(sql).find()) {
                for (var database : idle.keySet()) {
                    end(database);
                }
                return;
            }
        }
    }

    /// Ends the one in a database.
    void end(String database) throws SQLException {
        var session = idle.remove(database);
        if (session != null) {
            session.close();
        }
    }
}
