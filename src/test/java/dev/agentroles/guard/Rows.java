package dev.agentroles.guard;

import dev.agentroles.harness.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The rows of every table of schema public as they were at first: what has changed in them since, and back again.
final class Rows {
    private final Database database;
    private final List<String> tables;
    private final String sumsQuery;
    private final Map<String, String> sums;

    /// Keeps a copy of every row beside the tables.
    Rows(Database database) throws SQLException {
        this.database = database;
        this.tables = database.query("""
                SELECT quote_ident(relname) FROM pg_class
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1
                """);
        database.execute("CREATE SCHEMA first");
        for (var table : tables) {
            database.execute("CREATE TABLE first.%1$s AS SELECT * FROM ONLY public.%1$s".formatted(table));
        }
        this.sumsQuery = tables.stream().map("""
                        SELECT '%1$s' AS name, count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) AS sum
                        FROM ONLY public.%1$s t"""::formatted).collect(Collectors.joining("\nUNION ALL\n"));
        try (var connection = database.superuser()) {
            this.sums = sums(connection);
        }
    }

    /// @param lost rows that were there and are changed or gone, by table; also tables that only have more rows
    record Difference(Map<String, Long> lost) {
        boolean none() {
            return lost.isEmpty();
        }

        long rows() {
            return lost.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    Difference difference() throws SQLException {
        try (var connection = database.superuser()) {
            var now = sums(connection);
            var lost = new TreeMap<String, Long>();
            for (var table : tables) {
                if (!Objects.equals(now.get(table), sums.get(table))) {
                    lost.put(table, lost(connection, table));
                }
            }
            return new Difference(lost);
        }
    }

    private static long lost(Connection connection, String table) throws SQLException {
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
        var statements = new ArrayList<String>();
        statements.add("SET session_replication_role = replica");
        for (var table : difference.lost().keySet()) {
            statements.add("DELETE FROM ONLY public." + table);
            statements.add("INSERT INTO public.%1$s SELECT * FROM first.%1$s".formatted(table));
        }
        database.execute(statements.toArray(String[]::new));
    }

    private Map<String, String> sums(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sumsQuery)) {
            var found = new HashMap<String, String>();
            while (result.next()) {
                found.put(result.getString("name"), result.getString("sum"));
            }
            return found;
        }
    }
}
