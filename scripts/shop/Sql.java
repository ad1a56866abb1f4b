import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;

/// As much of a database client as the demo needs, for machines without psql.
///
/// ```
/// Sql run STATEMENT...     prints rows, or the server's error: exit 2 when it refuses, 1 when anything else is wrong
/// Sql file FILE            runs a script
/// Sql password ROLE        gives ROLE the password in SQL_NEW_PASSWORD; the server sees only its verifier
/// ```
///
/// `SQL_URL`, `SQL_USER` and `SQL_PASSWORD` say where and as whom.
final class Sql {
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    /// Of MySQL and MariaDB: access denied to a database, a command on a table, on a column, for want of a
    /// privilege.
    private static final Set<Integer> ACCESS_DENIED = Set.of(1044, 1142, 1143, 1227);

    /// What the write guard raises: `AR001` and so on, `45000` on MySQL and MariaDB.
    private static final List<String> GUARDED = List.of("AR", "45");

    private Sql() {}

    public static void main(String[] arguments) throws Exception {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (var connection = DriverManager.getConnection(
                        System.getenv("SQL_URL"), System.getenv("SQL_USER"), System.getenv("SQL_PASSWORD"));
                var statement = connection.createStatement()) {
            switch (arguments[0]) {
                case "file" -> statement.execute(Files.readString(Path.of(arguments[1])));
                case "password" -> setPassword(connection, arguments[1]);
                default -> {
                    for (int i = 1; i < arguments.length; i++) {
                        print(statement, arguments[i], out);
                    }
                }
            }
        } catch (SQLException e) {
            // The first line: what follows is the position in the statement.
            out.println(e.getMessage().lines().findFirst().orElse("") + " (SQLSTATE " + e.getSQLState() + ")");
            System.exit(refused(e) ? 2 : 1);
        }
    }

    private static boolean refused(SQLException said) {
        var state = String.valueOf(said.getSQLState());
        return state.equals(INSUFFICIENT_PRIVILEGE)
                || ACCESS_DENIED.contains(said.getErrorCode())
                || GUARDED.stream().anyMatch(state::startsWith);
    }

    /// The server sees only what it would keep; MySQL, which keeps nothing of it in its logs, computes that
    /// itself.
    private static void setPassword(Connection connection, String role) throws SQLException {
        var password = System.getenv("SQL_NEW_PASSWORD");
        var product = connection.getMetaData().getDatabaseProductName();
        if (product.equals("PostgreSQL")) {
            connection.unwrap(PGConnection.class).alterUserPassword(role, password.toCharArray(), "scram-sha-256");
            return;
        }
        try (var statement = connection.createStatement()) {
            statement.execute(product.equals("MariaDB")
                    ? "ALTER USER '" + role + "'@'%' IDENTIFIED VIA mysql_native_password USING '" + twice(password) + "'"
                    : "ALTER USER '" + role + "'@'%' IDENTIFIED BY '" + password + "'");
        }
    }

    private static String twice(String password) throws SQLException {
        try {
            var sha1 = MessageDigest.getInstance("SHA-1");
            var twice = sha1.digest(sha1.digest(password.getBytes(StandardCharsets.UTF_8)));
            return "*" + HexFormat.of().withUpperCase().formatHex(twice);
        } catch (NoSuchAlgorithmException absent) {
            throw new SQLException("every Java platform has SHA-1", absent);
        }
    }

    private static void print(Statement statement, String sql, PrintStream out) throws SQLException {
        if (!statement.execute(sql)) {
            int changed = statement.getUpdateCount();
            out.println(changed == 1 ? "1 row changed" : changed > 1 ? changed + " rows changed" : "done");
            return;
        }
        try (var rows = statement.getResultSet()) {
            table(rows).forEach(out::println);
        }
    }

    private static List<String> table(ResultSet rows) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        var lines = new ArrayList<List<String>>();
        var head = new ArrayList<String>();
        for (int column = 1; column <= columns; column++) {
            head.add(rows.getMetaData().getColumnLabel(column));
        }
        lines.add(head);
        while (rows.next()) {
            var line = new ArrayList<String>();
            for (int column = 1; column <= columns; column++) {
                line.add(String.valueOf(rows.getString(column)));
            }
            lines.add(line);
        }
        var widths = new ArrayList<>(Collections.nCopies(columns, 1));
        for (var line : lines) {
            for (int column = 0; column < columns; column++) {
                widths.set(column, Math.max(widths.get(column), line.get(column).length()));
            }
        }
        return lines.stream().map(line -> padded(line, widths)).toList();
    }

    private static String padded(List<String> cells, List<Integer> widths) {
        var line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            line.append(("%-" + widths.get(column) + "s  ").formatted(cells.get(column)));
        }
        return line.toString().stripTrailing();
    }
}
