package dev.agentroles.harness;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// One database for one test, of whatever engine.
public sealed interface TestDatabase extends AutoCloseable permits Database, MySqlDatabase {
    /// As the profile writes the engine.
    String engine();

    String name();

    /// JDBC URL without credentials.
    String url();

    Connection connect(Login login) throws SQLException;

    /// Runs statements as the superuser in this database.
    void execute(String... statements) throws SQLException;

    /// The first column of a query asked by the superuser.
    List<String> query(String sql) throws SQLException;

    @Override
    void close() throws SQLException;
}
