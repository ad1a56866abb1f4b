package dev.agentroles.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The rows of a catalog query as values of ours.
public final class Rows {
    private Rows() {}

    /// Fills the parameters of a query.
    @FunctionalInterface
    public interface Parameters {
        Parameters NONE = query -> {};

        void set(PreparedStatement query) throws SQLException;
    }

    /// Makes a value of the row that the result stands on.
    ///
    /// @param <T> what a row becomes
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// All rows, in the query's order.
    public static <T> List<T> read(Connection connection, String sql, Reader<T> reader) throws SQLException {
        return read(connection, sql, Parameters.NONE, reader);
    }

    public static <T> List<T> read(Connection connection, String sql, Parameters parameters, Reader<T> reader)
            throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            parameters.set(query);
            try (var row = query.executeQuery()) {
                var all = new ArrayList<T>();
                while (row.next()) {
                    all.add(reader.read(row));
                }
                return List.copyOf(all);
            }
        }
    }

    /// @return empty where the column is null
    public static OptionalInt number(ResultSet row, String column) throws SQLException {
        int number = row.getInt(column);
        return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
