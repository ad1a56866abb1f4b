package dev.agentroles.engine.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The server's own settings, those that decide how an engine must act; read once, when a session begins.
record Variables(Map<String, String> values) {
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

    Variables {
        values = Map.copyOf(values);
    }

    static Variables read(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            var values = new TreeMap<String, String>();
            boolean more = statement.execute(Sql.resource("variables.sql"));
            while (more) {
                try (var row = statement.getResultSet()) {
                    while (row.next()) {
                        values.put(
                                row.getString(1),
                                Optional.ofNullable(row.getString(2)).orElse(""));
                    }
                }
                more = statement.getMoreResults();
            }
            return new Variables(values);
        }
    }

    /// Empty where the server has no such setting.
    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    boolean on(String name) {
        return text(name)
                .filter(value -> value.equals("ON") || value.equals("1"))
                .isPresent();
    }

    /// Whether there is a binary log, and it holds statements and not rows.
    boolean logsStatements() {
        return on("log_bin") && text("binlog_format").equals(Optional.of("STATEMENT"));
    }

    /// `8.0.15`, `10.11.18-MariaDB`.
    String version() {
        return text("version").orElse("");
    }

    boolean mariadb() {
        return version().contains("MariaDB");
    }

    /// Whether the server is this release or a later one.
    boolean since(int major, int minor, int patch) {
        var numbers = NUMBERS.matcher(version());
        if (!numbers.matches()) {
            return false;
        }
        return number(numbers.group(1), numbers.group(2), numbers.group(3)) >= number(major, minor, patch);
    }

    private static long number(String major, String minor, String patch) {
        return number(Integer.parseInt(major), Integer.parseInt(minor), Integer.parseInt(patch));
    }

    private static long number(int major, int minor, int patch) {
        return (major * 1_000L + minor) * 1_000L + patch;
    }
}
