package dev.agentroles.engine.postgres;

import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Rows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Reads a [GuardCatalog] with five queries; where there is no guard and none is wanted, with one.
final class GuardReader {
    private final Connection connection;

    GuardReader(Connection connection) {
        this.connection = connection;
    }

    /// @param wanted whether the profile has a writer in this database
    GuardCatalog read(boolean wanted) throws SQLException {
        record Fact(String what, RoleName owner) {}
        var core = many("guard-core.sql", row -> new Fact(row.getString("what"), new RoleName(row.getString("owner"))));
        if (core.isEmpty() && !wanted) {
            return GuardCatalog.NONE;
        }
        return new GuardCatalog(
                core.stream().map(Fact::what).toList(),
                core.stream().map(Fact::owner).findFirst(),
                many("guard-tables.sql", GuardReader::table),
                many(
                        "guard-edges.sql",
                        row -> new GuardCatalog.Edge(
                                GuardCatalog.Way.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                                new Securable.Relation(row.getString("from_schema"), row.getString("from_name")),
                                new Securable.Relation(row.getString("to_schema"), row.getString("to_name")))),
                limits());
    }

    private Set<Guard.Limits> limits() throws SQLException {
        boolean readable = many("guard-limits-readable.sql", row -> row.getBoolean("readable"))
                .contains(true);
        return readable ? new HashSet<>(many("guard-limits.sql", GuardReader::limits)) : Set.of();
    }

    private static GuardCatalog.TableRow table(ResultSet row) throws SQLException {
        return new GuardCatalog.TableRow(
                new Securable.Relation(row.getString("schema"), row.getString("name")),
                row.getString("kind").charAt(0),
                row.getBoolean("heap"),
                row.getBoolean("partition"),
                row.getBoolean("forced"),
                new RoleName(row.getString("owner")),
                row.getBoolean("owned"),
                Optional.ofNullable(row.getString("definition")));
    }

    private static Guard.Limits limits(ResultSet row) throws SQLException {
        var rows = number(row, "rows");
        return new Guard.Limits(
                new RoleName(row.getString("agent")),
                new RoleName(row.getString("tier")),
                rows.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Guard.Caps(
                                rows.get(),
                                number(row, "rows_per_transaction").orElse(0L),
                                number(row, "whole_table").orElse(0L),
                                window(row),
                                row.getBoolean("functions"))));
    }

    private static Optional<Guard.Window> window(ResultSet row) throws SQLException {
        var rows = number(row, "rows_per_window");
        var seconds = number(row, "window_seconds");
        return rows.flatMap(most -> seconds.map(time -> new Guard.Window(most, time)));
    }

    private static Optional<Long> number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }

    private <T> List<T> many(String resource, Rows.Reader<T> reader) throws SQLException {
        return Rows.read(connection, Sql.resource(resource), reader);
    }
}
