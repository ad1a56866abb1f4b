package dev.agentroles.engine.mysql;

import dev.agentroles.engine.Said;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.engine.SqlToken;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Databases that stand in for others while a statement is tried, numbered from 1. One trial at a time has a server's;
/// what a killed one left, the next one drops.
///
/// @param places by the name of the database that one stands in for, as it was first written
record Scratch(Connection connection, Map<String, String> places) implements SqlCloseable {
    private static final String PREFIX = "agentroles_rehearsal_";

    /// Whoever names a database so loses it.
    private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9]+");

    /// @param databases to stand in for
    /// @param patience how long to wait for another trial
    static Scratch make(Connection connection, List<String> databases, Duration patience) throws SQLException {
        mustNotBeOurs(databases);
        lock(connection, patience);
        var places = new LinkedHashMap<String, String>();
        for (var database : databases) {
            places.put(database, PREFIX + (places.size() + 1));
        }
        var scratch = new Scratch(connection, places);
        try {
            scratch.dropAll();
            for (var place : places.values()) {
                scratch.execute("CREATE DATABASE " + Sql.identifier(place));
            }
            return scratch;
        } catch (SQLException refused) {
            try (scratch) {
                if (refused.getErrorCode() == ServerErrors.ER_DBACCESS_DENIED_ERROR) {
                    throw missing(connection, refused);
                }
                throw refused;
            }
        }
    }

    private static void mustNotBeOurs(List<String> databases) {
        databases.stream()
                .filter(name -> NAME.matcher(name.toLowerCase(Locale.ROOT)).matches())
                .findFirst()
                .ifPresent(name -> {
                    throw Failure.refused(Problem.of("nothing is rehearsed in database " + name
                            + ": rehearsals make databases of such names, and drop them"));
                });
    }

    private static void lock(Connection connection, Duration patience) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT GET_LOCK('agentroles_rehearsal', ?)")) {
            statement.setLong(1, patience.plusMillis(999).toSeconds());
            try (var row = statement.executeQuery()) {
                row.next();
                if (!row.getBoolean(1)) {
                    throw new SQLTransientException(
                            "another rehearsal runs on this server" + holder(connection),
                            "HY000",
                            ServerErrors.ER_LOCK_WAIT_TIMEOUT);
                }
            }
        }
    }

    /// Any login can take the lock, and whose a session is the server tells the owner of a schema only of its own.
    private static String holder(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT IS_USED_LOCK('agentroles_rehearsal')");
                var row = statement.executeQuery()) {
            row.next();
            long session = row.getLong(1);
            return session == 0
                    ? ""
                    : ", or another session has taken its lock: session %1$d; SHOW PROCESSLIST tells an administrator whose it is, and KILL %1$d ends it"
                            .formatted(session);
        }
    }

    /// With partial revokes the name of a database is no pattern.
    private static Failure missing(Connection connection, SQLException refused) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT CURRENT_USER()")) {
            row.next();
            boolean literal = Variables.read(connection).on("partial_revokes");
            return Failure.error(Problem.of("a change is rehearsed on empty copies of its tables, and "
                            + row.getString(1) + " may not make the database for them: " + Said.text(refused))
                    .remedy("GRANT ALL ON " + (literal ? "`" + PREFIX + "1`" : "`agentroles\\_rehearsal\\_%`")
                            + ".* TO " + account(row.getString(1))));
        }
    }

    /// `name@host`, where a name may have an @, too.
    private static String account(String user) {
        int at = user.lastIndexOf('@');
        return Sql.literal(user.substring(0, at)) + "@" + Sql.literal(user.substring(at + 1));
    }

    /// What stands in for a database.
    String of(String database) {
        return places.entrySet().stream()
                .filter(place -> same(place.getKey(), database))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    /// A text that says the databases' own names in place of those that stand in for them.
    String original(String text) {
        return NAME.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(places.entrySet().stream()
                        .filter(known -> known.getValue().equals(place.group()))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(place.group())));
    }

    /// The same statement about what stands in. What is not a name before a dot stays as it is.
    String lead(String sql, List<SqlToken> tokens) {
        var led = new StringBuilder();
        int from = 0;
        for (int i = 0; i + 1 < tokens.size(); i++) {
            var token = tokens.get(i);
            boolean first = i == 0 || !tokens.get(i - 1).is('.');
            if (token.isName() && first && tokens.get(i + 1).is('.') && knows(token.value())) {
                led.append(sql, from, token.start()).append(Sql.identifier(of(token.value())));
                from = token.end();
            }
        }
        return led.append(sql.substring(from)).toString();
    }

    private boolean knows(String database) {
        return places.keySet().stream().anyMatch(known -> same(known, database));
    }

    /// A server may not tell names of databases and tables apart by their case.
    static boolean same(String one, String other) {
        return folded(one).equals(folded(other));
    }

    /// The form that names have in common which are the same.
    static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /// Foreign keys may lead from one of them to another.
    private void dropAll() throws SQLException {
        var names = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW DATABASES LIKE 'agentroles\\\\_rehearsal\\\\_%'")) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        names.removeIf(name -> !NAME.matcher(name).matches());
        try (var _ = (SqlCloseable) () -> execute("SET foreign_key_checks = 1")) {
            execute("SET foreign_key_checks = 0");
            for (var name : names) {
                execute("DROP DATABASE IF EXISTS " + Sql.identifier(name));
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        try (var _ = (SqlCloseable) () -> execute("DO RELEASE_LOCK('agentroles_rehearsal')")) {
            dropAll();
        }
    }
}
