package dev.agentroles.harness;

import dev.agentroles.engine.Target;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// One database for one test, of whatever engine.
public sealed interface TestDatabase extends AutoCloseable permits Database, MySqlDatabase {
    /// As the profile writes the engine.
    String engine();

    String name();

    TestServer server();

    /// JDBC URL without credentials.
    default String url() {
        return server().url(name());
    }

    default Target target(Login login) {
        return new Target(name(), url(), login.username(), login.password());
    }

    /// The superuser in this database. The caller closes the connection.
    default Connection superuser() throws SQLException {
        return server().superuser(name());
    }

    /// The caller closes the connection.
    default Connection connect(Login login) throws SQLException {
        return server().connect(name(), login);
    }

    /// What the server answers when a login runs a statement: "done", or the SQLSTATE of its refusal.
    default String answer(Login login, String sql) {
        try (var session = connect(login)) {
            execute(session, sql);
            return "done";
        } catch (SQLException refused) {
            return refused.getSQLState();
        }
    }

    /// Runs statements as the superuser in this database.
    default void execute(String... statements) throws SQLException {
        server().execute(name(), statements);
    }

    /// The first column of a query asked by the superuser.
    default List<String> query(String sql) throws SQLException {
        return server().asSuperuser(name(), session -> query(session, sql), sql);
    }

    /// Runs statements.
    static void execute(Connection session, String... statements) throws SQLException {
        try (var statement = session.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /// The first column of a query.
    static List<String> query(Connection session, String sql) throws SQLException {
        try (var statement = session.createStatement();
                var rows = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(String.valueOf(rows.getString(1)));
            }
            return values;
        }
    }

    /// Digits and lower-case letters that nobody guesses.
    static String random(int bits) {
        return new BigInteger(bits, new SecureRandom()).toString(Character.MAX_RADIX);
    }

    @Override
    void close() throws SQLException;
}
