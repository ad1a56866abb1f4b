package dev.agentroles.bench;

import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/// Which driver serves a MariaDB server better: MariaDB's own, which agentroles uses there, or Connector/J.
/// What a plan and a lease are made of: a session, catalogs read, accounts made and dropped.
final class MySqlConnectorBench {
    private static final int ROUNDS = 21;
    private static final int TABLES = 100;

    private static final List<String> READS = List.of(
            "SELECT * FROM information_schema.TABLES",
            "SELECT * FROM information_schema.COLUMNS",
            "SELECT * FROM information_schema.ROUTINES",
            "SELECT * FROM mysql.global_priv",
            "SELECT * FROM mysql.tables_priv",
            "SELECT * FROM mysql.columns_priv",
            "SHOW GRANTS");

    private MySqlConnectorBench() {}

    public static void main(String[] arguments) throws Exception {
        var bench = new Bench("Drivers of MariaDB, %d tables, %d rounds".formatted(TABLES, ROUNDS));
        var server = MySql.newest().getLast();
        try (var database = server.createDatabase()) {
            database.execute("SET GLOBAL general_log = OFF");
            for (int number = 0; number < TABLES; number++) {
                database.execute("CREATE TABLE t%d (id int PRIMARY KEY, total int)".formatted(number));
            }
            var superuser = server.superuserLogin();
            var connectorJ = database.url() + "?sslMode=DISABLED&allowPublicKeyRetrieval=true";
            var own = database.url().replaceFirst("jdbc:mysql:", "jdbc:mariadb:") + "?sslMode=disable";
            var account = database.named("lease");
            var lease = List.of(
                    "CREATE ROLE " + account + "_role",
                    "CREATE USER " + account,
                    "GRANT %1$s_role TO %1$s".formatted(account),
                    "SET DEFAULT ROLE %1$s_role FOR %1$s".formatted(account),
                    "DROP USER " + account,
                    "DROP ROLE " + account + "_role");
            compare(bench, server + ": log in, read catalogs", connectorJ, own, superuser, READS);
            compare(bench, server + ": log in, make an account", connectorJ, own, superuser, lease);
        }
        bench.report();
    }

    private static void compare(
            Bench bench, String name, String connectorJ, String own, Login login, List<String> statements)
            throws Exception {
        bench.compare(
                name,
                "the same through Connector/J",
                1.2,
                ROUNDS,
                () -> run(connectorJ, login, statements),
                () -> run(own, login, statements));
    }

    private static void run(String url, Login login, List<String> statements) throws SQLException {
        try (var session = DriverManager.getConnection(url, login.username(), login.clear());
                var statement = session.createStatement()) {
            for (var sql : statements) {
                if (statement.execute(sql)) {
                    read(statement);
                }
            }
        }
    }

    private static void read(java.sql.Statement statement) throws SQLException {
        try (var row = statement.getResultSet()) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                for (int column = 1; column <= columns; column++) {
                    row.getString(column);
                }
            }
        }
    }
}
