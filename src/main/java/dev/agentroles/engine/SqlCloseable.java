package dev.agentroles.engine;

import java.sql.SQLException;

/// What a session must give back. In a try-with-resources statement, as a `finally` would hide what went wrong
/// before by "the connection has been closed".
@FunctionalInterface
public interface SqlCloseable extends AutoCloseable {
    @Override
    void close() throws SQLException;
}
