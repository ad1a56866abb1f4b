package dev.agentroles.bench;

import dev.agentroles.cli.Operator;
import dev.agentroles.credential.StorePath;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/// What the write guard costs the application and an agent: processor time of the server's process, on a guarded table
/// and
/// on one like it without a guard, block by block in turn.
final class GuardBench {
    private static final int BLOCKS = 31;
    private static final int STATEMENTS = 400;

    private GuardBench() {}

    public static void main(String[] arguments) throws Exception {
        var server = PostgreSql.newest();
        var folder = Files.createTempDirectory("agentroles-bench-");
        try (var database = server.createDatabase()) {
            var application = database.login("app");
            ground(database, application);
            var agent = apply(database, folder);
            database.execute("GRANT ALL ON app.plain TO \"%s\"".formatted(agent.username()));
            var update = "UPDATE app.%s SET n = n + 1 WHERE id = ?";
            var bench = new Bench("Write guard on " + server + ", " + BLOCKS + " blocks of " + STATEMENTS);
            bench.amount(
                    "application, 1-row UPDATE: added backend time", "us", added(database, application, update), 5);
            bench.amount(
                    "application, the same table twice: noise",
                    "us",
                    added(database, application, update.replace("%s", "plain") + " -- %s"),
                    5);
            bench.amount("agent, 1-row UPDATE: added backend time", "us", added(database, agent, update), 350);
            bench.amount("agent, refused DELETE WHERE id > 0, 1,000,000 rows", "ms", refused(database, agent), 20);
            bench.report();
        } finally {
            Files.deleteIfExists(folder.resolve("bench.yaml"));
            Files.deleteIfExists(folder.resolve("leases.age"));
            Files.delete(folder);
        }
    }

    private static void ground(Database database, Login application) throws SQLException {
        var owner = database.role("owner");
        database.execute(
                "CREATE ROLE " + owner,
                "CREATE SCHEMA app AUTHORIZATION " + owner,
                "CREATE TABLE app.guarded (id int PRIMARY KEY, n int NOT NULL) WITH (fillfactor = 50)",
                "INSERT INTO app.guarded SELECT g, 0 FROM generate_series(1, 1000000) g",
                "CREATE TABLE app.plain (LIKE app.guarded INCLUDING ALL) WITH (fillfactor = 50)",
                "INSERT INTO app.plain SELECT * FROM app.guarded",
                "VACUUM ANALYZE app.guarded",
                "VACUUM ANALYZE app.plain",
                "ALTER TABLE app.guarded OWNER TO " + owner,
                "GRANT USAGE ON SCHEMA app TO " + application.username(),
                "GRANT ALL ON app.plain, app.guarded TO " + application.username());
    }

    private static Login apply(Database database, Path folder) throws SQLException, IOException {
        var administrator = database.administratorInheritingFrom(database.role("owner"));
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        var operator = new Operator(folder, database, administrator);
        operator.write("bench.yaml", operator.head("production") + """
                scopes:
                  app: {database: %s, include: [app.guarded]}
                agents:
                  bot: {access: [{scope: app, tier: writer}]}
                """.formatted(database.name()));
        var said = operator.run("apply", "bench.yaml", "--yes", "--no-verify");
        if (said.code() != 0) {
            throw new IllegalStateException(said.err());
        }
        try (var store = operator.store()) {
            var secret = store.read(new StorePath("agents/production/" + database.name() + "/bot"))
                    .held()
                    .orElseThrow()
                    .secret();
            return new Login(secret.username(), secret.password());
        }
    }

    /// Microseconds that a statement takes more on the guarded table: the median of the blocks' differences.
    private static double added(Database database, Login login, String update) throws Exception {
        try (var connection = database.connect(login);
                var plain = connection.prepareStatement(update.formatted("plain"));
                var guarded = connection.prepareStatement(update.formatted("guarded"))) {
            long process = backend(connection);
            var differences = new double[BLOCKS];
            block(process, plain);
            block(process, guarded);
            for (int block = 0; block < BLOCKS; block++) {
                double floor = block(process, plain);
                differences[block] = block(process, guarded) - floor;
            }
            return Bench.median(differences);
        }
    }

    private static double block(long process, java.sql.PreparedStatement statement) throws Exception {
        long start = nanoseconds(process);
        for (int number = 1; number <= STATEMENTS; number++) {
            statement.setInt(1, number * 2399 % 1_000_000 + 1);
            statement.executeUpdate();
        }
        return (nanoseconds(process) - start) / 1e3 / STATEMENTS;
    }

    private static long backend(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getLong(1);
        }
    }

    /// Time on a processor, by the kernel's count: Linux, `proc_pid_schedstat`.
    private static long nanoseconds(long process) throws IOException {
        return Long.parseLong(
                Files.readString(Path.of("/proc/" + process + "/schedstat")).split(" ", 2)[0]);
    }

    private static double refused(Database database, Login agent) throws SQLException {
        var times = new double[9];
        try (var connection = database.connect(agent);
                var statement = connection.createStatement()) {
            for (int round = 0; round < times.length; round++) {
                long start = System.nanoTime();
                try {
                    statement.execute("DELETE FROM app.guarded WHERE id > 0");
                    throw new IllegalStateException("a million rows were deleted");
                } catch (SQLException refused) {
                    times[round] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        return Bench.median(times);
    }
}
