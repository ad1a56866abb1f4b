package dev.agentroles.engine.mysql;

import dev.agentroles.harness.MySqlDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Every row of the test's tables, and which objects and accounts there are.
record GuardRows(Map<String, Map<String, String>> tables, List<String> surroundings) {
    private static final Map<String, String> KEYS = Map.of("part", "concat(id, ' ', y)");

    static GuardRows of(MySqlDatabase database) throws SQLException {
        try (var connection = database.superuser()) {
            return of(connection, database);
        }
    }

    /// @param connection of the superuser
    static GuardRows of(Connection connection, MySqlDatabase database) throws SQLException {
        var tables = new HashMap<String, Map<String, String>>();
        for (var table : GuardGround.TABLES) {
            tables.put(table, rows(connection, table));
        }
        return new GuardRows(tables, surroundings(connection, database));
    }

    private static Map<String, String> rows(Connection connection, String table) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(
                        "SELECT %s AS k, t.* FROM %s t".formatted(KEYS.getOrDefault(table, "id"), table))) {
            var rows = new HashMap<String, String>();
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                var values = new ArrayList<String>();
                for (int column = 2; column <= columns; column++) {
                    values.add(String.valueOf(result.getString(column)));
                }
                rows.put(result.getString(1), values.toString());
            }
            return rows;
        }
    }

    private static List<String> surroundings(Connection connection, MySqlDatabase database) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("""
                        SELECT concat(table_schema, '.', table_name) FROM information_schema.tables
                         WHERE table_schema LIKE '%1$s%%' OR table_schema LIKE 'agentroles%%'
                        UNION ALL SELECT concat(trigger_schema, '.', trigger_name) FROM information_schema.triggers
                         WHERE trigger_schema LIKE '%1$s%%'
                        UNION ALL SELECT concat(routine_schema, '.', routine_name) FROM information_schema.routines
                         WHERE routine_schema LIKE '%1$s%%' OR routine_schema LIKE 'agentroles%%'
                        UNION ALL SELECT concat(schema_name, '') FROM information_schema.schemata
                        UNION ALL SELECT concat(user, '@', host) FROM mysql.user
                        UNION ALL SELECT concat(user, table_name, table_priv) FROM mysql.tables_priv
                        """.formatted(database.name()))) {
            var names = new ArrayList<String>();
            while (result.next()) {
                names.add(result.getString(1));
            }
            names.sort(java.util.Comparator.naturalOrder());
            return names;
        }
    }

    /// How many of these rows are changed or gone in another look.
    int lost(GuardRows later) {
        return tables.entrySet().stream()
                .mapToInt(table -> (int) table.getValue().entrySet().stream()
                        .filter(row -> !Objects.equals(
                                Objects.requireNonNull(later.tables().get(table.getKey()))
                                        .get(row.getKey()),
                                row.getValue()))
                        .count())
                .sum();
    }
}
