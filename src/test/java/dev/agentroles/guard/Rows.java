package dev.agentroles.guard;

import dev.agentroles.harness.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The rows of every table of schema public as they were at first: what has changed in them since, and back
/// again.
final class Rows implements AutoCloseable {
    private final List<String> tables;
    private final Connection connection;
    private final Map<String, String> versions;

    /// Keeps a copy of every row beside the tables.
    Rows(Database database) throws SQLException {
        this.tables = database.query("""
                SELECT quote_ident(relname) FROM pg_class
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1
                """);
        database.execute("CREATE SCHEMA first");
        for (var table : tables) {
            database.execute("CREATE TABLE first.%1$s AS SELECT * FROM ONLY public.%1$s".formatted(table));
        }
        this.connection = database.superuser();
        this.versions = versions(tables);
    }

    /// @param lost by table that anything was written to: rows that were there and are changed or gone
    record Difference(Map<String, Long> lost) {
        boolean none() {
            return lost.isEmpty();
        }

        long rows() {
            return lost.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    Difference difference() throws SQLException {
        var now = versions(tables);
        var lost = new TreeMap<String, Long>();
        for (var table : tables) {
            if (!Objects.equals(now.get(table), versions.get(table))) {
                lost.put(table, lost(table));
            }
        }
        return new Difference(lost);
    }

    private long lost(String table) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("""
                        SELECT count(*) FROM (SELECT t::text FROM first.%1$s t
                                              EXCEPT ALL SELECT t::text FROM ONLY public.%1$s t) x
                        """.formatted(table))) {
            row.next();
            return row.getLong(1);
        }
    }

    void restore(Difference difference) throws SQLException {
        var touched = List.copyOf(difference.lost().keySet());
        try (var statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            for (var table : touched) {
                statement.execute("DELETE FROM ONLY public." + table);
                statement.execute("INSERT INTO public.%1$s SELECT * FROM first.%1$s".formatted(table));
            }
            statement.execute("RESET session_replication_role");
        }
        versions.putAll(versions(touched));
    }

    /// Of each table a text that is another one whenever a row was written or deleted: how many there are, and the sum
    /// of the transactions that wrote them. Their numbers are told by their ages, as they have no cheaper cast.
    private Map<String, String> versions(List<String> of) throws SQLException {
        var query = of.stream().map("""
                        SELECT '%1$s' AS name,
                               count(*) || ' ' || coalesce(sum((SELECT age('3'::xid)) - age(xmin)), 0) AS version
                        FROM ONLY public.%1$s"""::formatted).collect(Collectors.joining("\nUNION ALL\n"));
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            var found = new HashMap<String, String>();
            while (result.next()) {
                found.put(result.getString("name"), result.getString("version"));
            }
            return found;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
