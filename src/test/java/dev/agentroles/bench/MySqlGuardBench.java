package dev.agentroles.bench;

import dev.agentroles.cli.Operator;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the write guard of MySQL and MariaDB costs the application, which it should cost nothing, and an agent:
/// processor time of the session's thread in the server, block by block in turn.
///
/// The limits of an agent's statements are what the prototype of the guard took: the higher of its notes' figure
/// and of what it takes on the same machine as ours by this same measurement (docs/guard-mysql.md has both).
final class MySqlGuardBench {
    private static final int BLOCKS = 31;
    private static final int STATEMENTS = 200;

    /// A session may change 500,000 rows a minute.
    private static final int LARGE_STATEMENTS = 20;

    private static final int ROWS = 100_000;

    private static final String SELECT = "SELECT n FROM %s WHERE id = ?";
    private static final String UPDATE = "UPDATE %s SET n = n + 1 WHERE id = ?";
    private static final String INSERT = "INSERT INTO %s VALUES (-?, 0)";
    private static final String UPDATE_MANY = "UPDATE %s SET n = n + 1 WHERE id BETWEEN ? AND ? + 99";

    private final MySql server;
    private final MySqlDatabase database;
    private final Bench bench;

    private MySqlGuardBench(MySql server, MySqlDatabase database, Bench bench) {
        this.server = server;
        this.database = database;
        this.bench = bench;
    }

    public static void main(String[] arguments) throws Exception {
        var bench = new Bench("Write guard of MySQL and MariaDB, " + BLOCKS + " blocks of " + STATEMENTS);
        for (var server : MySql.newest()) {
            var folder = Files.createTempDirectory("agentroles-bench-");
            try (var database = server.createDatabase()) {
                new MySqlGuardBench(server, database, bench).run(folder);
            } finally {
                try (var files = Files.walk(folder)) {
                    files.sorted(Comparator.reverseOrder())
                            .forEach(file -> file.toFile().delete());
                }
            }
        }
        bench.report();
    }

    private void run(Path folder) throws Exception {
        ground();
        var application = database.login("app");
        database.execute("GRANT ALL ON %s.* TO '%s'@'%%'".formatted(database.name(), application.username()));
        var agent = apply(folder);
        database.execute("GRANT ALL ON %s TO '%s'@'%%'".formatted(plain(), agent.username()));
        application(application);
        agent(agent);
    }

    private void ground() throws SQLException {
        database.execute("CREATE TABLE guarded (id int PRIMARY KEY, n int NOT NULL) ENGINE = InnoDB");
        database.execute(
                "SET GLOBAL general_log = OFF",
                "CREATE TABLE digits (d int)",
                "INSERT INTO digits VALUES "
                        + IntStream.range(0, 1000).mapToObj("(%d)"::formatted).collect(Collectors.joining(",")),
                "INSERT INTO guarded SELECT a.d * %d + b.d + 1, 0 FROM digits a JOIN digits b ON b.d < %1$d"
                        .formatted(ROWS / 1000),
                "CREATE TABLE plain LIKE guarded",
                "INSERT INTO plain SELECT * FROM guarded",
                "ANALYZE TABLE plain, guarded");
    }

    private Login apply(Path folder) throws SQLException, IOException {
        var operator = new Operator(folder, database, database.administrator());
        operator.write("bench.yaml", operator.head("production") + """
                scopes:
                  app: {database: %1$s, include: [%1$s.guarded]}
                agents:
                  bot: {access: [{scope: app, tier: writer, rows: 1000, rows_per_transaction: 500000}]}
                """.formatted(database.name()));
        var said = operator.run("apply", "bench.yaml", "--yes", "--no-verify");
        if (said.code() != 0) {
            throw new IllegalStateException(said.err());
        }
        return operator.published("bot");
    }

    private String plain() {
        return database.name() + ".plain";
    }

    private void application(Login login) throws Exception {
        var guarded = database.name() + ".guarded";
        between("application, SELECT by key: ratio", ratio(login, SELECT, plain(), guarded));
        between("application, 1-row UPDATE: ratio", ratio(login, UPDATE, plain(), guarded));
        between("application, the same table twice: noise", ratio(login, UPDATE, plain(), plain()));
    }

    private void between(String what, double ratio) {
        bench.amount(server + ": " + what, "x", ratio, 1.02);
    }

    private void agent(Login login) throws Exception {
        boolean mariadb = server.mariadb();
        added("SELECT by key", login, SELECT, STATEMENTS, mariadb ? 770 : 500);
        added("1-row UPDATE", login, UPDATE, STATEMENTS, mariadb ? 1_590 : 850);
        added("1-row INSERT", login, INSERT, STATEMENTS, 500);
        added("100-row UPDATE", login, UPDATE_MANY, LARGE_STATEMENTS, mariadb ? 28_900 : 5_700);
    }

    private void added(String what, Login login, String sql, int statements, double prototype) throws Exception {
        double[] differences = new double[BLOCKS];
        var blocks = blocks(login, sql, statements, plain(), database.name() + "_rw.guarded");
        for (int block = 0; block < BLOCKS; block++) {
            differences[block] = blocks[block].second() - blocks[block].first();
        }
        bench.amount(server + ": agent, " + what + ": added", "us", Bench.median(differences), prototype);
    }

    private double ratio(Login login, String sql, String first, String second) throws Exception {
        double[] ratios = new double[BLOCKS];
        var blocks = blocks(login, sql, STATEMENTS, first, second);
        for (int block = 0; block < BLOCKS; block++) {
            ratios[block] = blocks[block].second() / blocks[block].first();
        }
        return Bench.median(ratios);
    }

    /// Microseconds of a statement on the one table and on the other.
    private record Block(double first, double second) {}

    private Block[] blocks(Login login, String sql, int statements, String first, String second) throws Exception {
        try (var connection = database.connect(login);
                var one = connection.prepareStatement(sql.formatted(first));
                var other = connection.prepareStatement(sql.formatted(second))) {
            connection.setAutoCommit(false);
            long thread = thread(connection);
            var blocks = new Block[BLOCKS];
            block(thread, one, statements);
            block(thread, other, statements);
            for (int block = 0; block < BLOCKS; block++) {
                blocks[block] = new Block(block(thread, one, statements), block(thread, other, statements));
            }
            return blocks;
        }
    }

    /// What is inserted or changed is undone, and that is not measured: both find the same table.
    private static double block(long thread, PreparedStatement statement, int statements) throws Exception {
        int parameters = statement.getParameterMetaData().getParameterCount();
        long start = nanoseconds(thread);
        for (int number = 1; number <= statements; number++) {
            for (int parameter = 1; parameter <= parameters; parameter++) {
                statement.setInt(parameter, number * 2399 % (ROWS - 100) + 1);
            }
            statement.execute();
        }
        long took = nanoseconds(thread) - start;
        statement.getConnection().rollback();
        return took / 1e3 / statements;
    }

    /// The thread of the operating system that serves a session.
    private long thread(Connection connection) throws SQLException {
        var query = server.mariadb()
                ? "SELECT TID FROM information_schema.PROCESSLIST WHERE ID = %d"
                : "SELECT THREAD_OS_ID FROM performance_schema.threads WHERE PROCESSLIST_ID = %d";
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT CONNECTION_ID()")) {
            row.next();
            return Long.parseLong(
                    database.query(query.formatted(row.getLong(1))).getFirst());
        }
    }

    /// Time on a processor, by the kernel's count: Linux, `proc_pid_schedstat`.
    private static long nanoseconds(long thread) throws IOException {
        return Long.parseLong(
                Files.readString(Path.of("/proc/" + thread + "/schedstat")).split(" ", 2)[0]);
    }
}
