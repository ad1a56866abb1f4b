package dev.agentroles.bench;

import dev.agentroles.cli.Operator;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.Program;
import dev.agentroles.harness.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the write guard costs the application and an agent: processor time of the server's process, on a
/// guarded table and on one like it without a guard, block by block in turn.
final class GuardBench {
    private static final int BLOCKS = 31;
    private static final int STATEMENTS = 400;
    private static final String UPDATE = "UPDATE app.%s SET n = n + 1 WHERE id = ?";

    private final Database database;
    private final Login application;
    private final Login agent;
    private final Bench bench;

    private GuardBench(Database database, Login application, Login agent, Bench bench) {
        this.database = database;
        this.application = application;
        this.agent = agent;
        this.bench = bench;
    }

    public static void main(String[] arguments) throws Exception {
        var server = PostgreSql.newest();
        var folder = Files.createTempDirectory("agentroles-bench-");
        try (var database = server.createDatabase()) {
            var application = database.login("app");
            ground(database, application);
            var agent = apply(database, folder);
            database.execute("GRANT ALL ON app.plain, app.wide_plain TO \"%s\"".formatted(agent.username()));
            var bench = new Bench("Write guard on " + server + ", " + BLOCKS + " blocks of " + STATEMENTS);
            var run = new GuardBench(database, application, agent, bench);
            run.application();
            run.agent();
            run.many();
            bench.report();
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void ground(Database database, Login application) throws SQLException {
        var owner = database.role("owner");
        database.execute(
                "CREATE ROLE %s".formatted(owner),
                "CREATE SCHEMA app AUTHORIZATION %s".formatted(owner),
                "CREATE TABLE app.guarded (id int PRIMARY KEY, n int NOT NULL) WITH (fillfactor = 50)",
                "INSERT INTO app.guarded SELECT g, 0 FROM generate_series(1, 1000000) g",
                "CREATE TABLE app.plain (LIKE app.guarded INCLUDING ALL) WITH (fillfactor = 50)",
                "INSERT INTO app.plain SELECT * FROM app.guarded",
                "VACUUM ANALYZE app.guarded",
                "VACUUM ANALYZE app.plain",
                "CREATE TABLE app.idle (LIKE app.guarded INCLUDING ALL) WITH (fillfactor = 50)",
                "INSERT INTO app.idle SELECT * FROM app.guarded",
                "VACUUM ANALYZE app.idle",
                wide("wide", 1000),
                wide("wide_plain", 1000),
                "CREATE FUNCTION app.idle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "CREATE TRIGGER idle BEFORE UPDATE ON app.idle FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION app.idle()",
                "ALTER TABLE app.guarded OWNER TO %s".formatted(owner),
                "ALTER TABLE app.wide OWNER TO %s".formatted(owner),
                "GRANT USAGE ON SCHEMA app TO %s".formatted(application.username()),
                "GRANT ALL ON app.plain, app.guarded, app.idle TO %s".formatted(application.username()));
    }

    /// A table of so many partitions.
    private static String wide(String name, int partitions) {
        return """
                CREATE TABLE app.%1$s (id int PRIMARY KEY, n int NOT NULL) PARTITION BY RANGE (id);
                DO $$ BEGIN FOR p IN 0..%2$d LOOP
                  EXECUTE format('CREATE TABLE app.%1$s_%%s PARTITION OF app.%1$s FOR VALUES FROM (%%s) TO (%%s)', p, p * 1000 + 1, p * 1000 + 1001);
                END LOOP; END $$""".formatted(name, partitions - 1);
    }

    private static Login apply(Database database, Path folder) throws SQLException, IOException {
        var administrator = database.administratorInheritingFrom(database.role("owner"));
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        var operator = new Operator(folder, database, administrator);
        operator.write("bench.yaml", operator.head("production") + """
                scopes:
                  app: {database: %s, include: [app.guarded, app.wide]}
                agents:
                  bot: {access: [{scope: app, tier: writer}]}
                """.formatted(database.name()));
        var said = operator.run("apply", "bench.yaml", "--yes", "--no-verify");
        if (said.code() != 0) {
            throw new IllegalStateException(said.err());
        }
        return operator.published("bot");
    }

    private void application() throws Exception {
        bench.amount("application, 1-row UPDATE: added backend time", "us", added(application, UPDATE), 5);
        bench.amount(
                "application, with a trigger that never fires: the least of any trigger",
                "us",
                added(application, UPDATE, "plain", "idle"),
                5);
        bench.amount(
                "application, over a trigger that never fires: the guard's condition",
                "us",
                added(application, UPDATE, "idle", "guarded"),
                5);
        bench.amount("application, the same table twice: noise", "us", added(application, UPDATE, "plain", "plain"), 2);
        bench.amount(
                "application, 1-row INSERT: added backend time",
                "us",
                added(application, "INSERT INTO app.%s VALUES (0 - ?, 0) ON CONFLICT DO NOTHING"),
                1);
        durable();
        rewrite();
        connect();
    }

    private void agent() throws Exception {
        bench.amount("agent, 1-row UPDATE: added backend time", "us", added(agent, UPDATE), 350);
        bench.amount(
                "agent, the same with a CTE, parentheses and a cast",
                "us",
                added(agent, "WITH x AS (SELECT 1) UPDATE app.%s SET n = (n + 1) WHERE id = (?)::int"),
                350);
        bench.amount(
                "agent, 1-row upsert",
                "us",
                added(agent, "INSERT INTO app.%s VALUES (?, 0) ON CONFLICT (id) DO UPDATE SET n = excluded.n"),
                1000);
        bench.amount("agent, refused DELETE WHERE id > 0, 1,000,000 rows", "ms", refused("id > 0"), 20);
        bench.amount(
                "agent, the same with a cast and the time",
                "ms",
                refused("id > 0::bigint AND now() > '2020-01-01'::timestamptz"),
                20);
        var words = "of words that say nothing, 'quoted' /or* not; ".repeat(2200);
        judged("comment", "UPDATE app.%%s SET n = 1 /* %s */ WHERE id = 1".formatted(words.replace("/or*", "or")));
        judged("string", "UPDATE app.%%s SET n = length('%s') WHERE id = 1".formatted(words.replace("'", "''")));
        var comments = """
                --
                """.repeat(33_000);
        judged("comments without words", "UPDATE app.%%s SET n = 1 WHERE id = 1 %s".formatted(comments));
        judged(
                "the same for the lexer",
                "INSERT INTO app.%%1$s VALUES (1, 0) ON CONFLICT (id) DO UPDATE SET n = 1%s".formatted(comments));
        judged(
                "string with unicode escapes",
                "UPDATE app.%%s SET n = length(U&'%s') WHERE id = 1".formatted("\\00e4".repeat(20_000)));
        judged(
                "1,500 parentheses",
                "UPDATE app.%%s SET n = 1 WHERE %sid = 1%s".formatted("(".repeat(1_500), ")".repeat(1_500)));
        judged("dollar quote", "UPDATE app.%%s SET n = length($text$%s$text$) WHERE id = 1".formatted(words));
        judged("list of numbers", "UPDATE app.%%s SET n = 1 WHERE id IN (%s)".formatted(repeated(12_500, ",", "%d")));
        judged(
                "list of pairs",
                "UPDATE app.%%s SET n = 1 WHERE (id, n) IN (%s)".formatted(repeated(6_000, ", ", "(%1$d, 7)")));
        judged(
                "list of pairs for the lexer",
                "INSERT INTO app.%%1$s VALUES (1, 0) ON CONFLICT (id) DO UPDATE SET n = 1 WHERE (%%1$s.id, %%1$s.n) IN (%s)"
                        .formatted(repeated(6_000, ", ", "( %1$d, 7 )")));
        judged(
                "CASE of 4,000 arms",
                "UPDATE app.%%s SET n = CASE id %s ELSE 0 END WHERE id = 1"
                        .formatted(repeated(4_000, " ", "WHEN %1$d THEN %1$d")));
        judged(
                "7,000 comparisons with AND",
                "UPDATE app.%%s SET n = 1 WHERE id = 1 AND %s".formatted(repeated(7_000, " AND ", "n<>%d")));
        judged(
                "3,000 pairs with OR",
                "UPDATE app.%%s SET n = 1 WHERE %s".formatted(repeated(3_000, " OR ", "(id=%d AND n=7)")));
        judged(
                "4,000 functions with OR",
                "UPDATE app.%%s SET n = 1 WHERE %s".formatted(repeated(4_000, " OR ", "(id=1 AND abs(n)=%d)")));
        message(
                "900 rows of an upsert",
                "INSERT INTO app.%%s VALUES %s ON CONFLICT (id) DO UPDATE SET n = 1"
                        .formatted(repeated(900, ", ", "(%d, 7)")));
        message(
                "1,500 UPDATEs in a message",
                IntStream.range(1, 1_501)
                        .mapToObj("UPDATE app.%%1$s SET n = n + 1 WHERE id = 0 AND n = %d"::formatted)
                        .collect(Collectors.joining(";")));
        message("300 EXECUTEs in a message", repeated(300, ";", "EXECUTE %%1$s(%d)"));
    }

    /// Many partitions; then many tables that the agent may read, and many agents, of which a session should feel
    /// nothing.
    private void many() throws Exception {
        bench.amount(
                "agent, 1-row UPDATE of a table of 1,000 partitions",
                "us",
                added(agent, UPDATE, "wide_plain", "wide", 5, 40),
                10_000);
        sessions("1 agent");
        grantMore(10_000);
        bench.amount(
                "agent with 10,000 more tables, 1-row UPDATE: added backend time", "us", added(agent, UPDATE), 350);
        database.execute("""
                DO $do$
                DECLARE
                  source text := (SELECT prosrc FROM pg_proc WHERE oid = 'agentroles_guard.limits'::regproc);
                  one    text := split_part(source, E'\\n', 2);
                BEGIN
                  source := replace(source, one, one || (SELECT string_agg(E',\\n' || replace(one, '_bot"', format('_bot%s"', g)), '')
                                                           FROM generate_series(1, 999) g));
                  EXECUTE format('CREATE OR REPLACE FUNCTION agentroles_guard.limits(agent name) RETURNS jsonb LANGUAGE plpgsql STABLE AS %L', source);
                END $do$""");
        sessions("1,000 agents");
    }

    private void grantMore(int tables) throws SQLException {
        database.execute("""
                DO $do$
                DECLARE
                  tier text := (SELECT pg_get_userbyid(a.grantee) FROM pg_class c, aclexplode(c.relacl) a
                                 WHERE c.oid = 'app.guarded'::regclass AND a.privilege_type = 'UPDATE'
                                   AND pg_get_userbyid(a.grantee) ~ '_app_writer$');
                BEGIN
                  FOR t IN 1..%d LOOP
                    EXECUTE format('CREATE TABLE app.more_%%s (id int)', t);
                    EXECUTE format('GRANT SELECT ON app.more_%%s TO %%I', t, tier);
                    IF t %% 500 = 0 THEN COMMIT; END IF;
                  END LOOP;
                END $do$""".formatted(tables));
    }

    private void sessions(String agents) throws Exception {
        bench.amount("%s, 1-row UPDATE: added backend time".formatted(agents), "us", added(agent, UPDATE), 350);
        bench.amount("%s, first UPDATE of a session".formatted(agents), "ms", early(1), 40);
        bench.amount("%s, second UPDATE of a session".formatted(agents), "ms", early(2), 10);
    }

    /// Milliseconds of backend time that a session's first statements take, the last of them.
    private double early(int statements) throws Exception {
        var times = new double[9];
        for (int round = 0; round < times.length; round++) {
            try (var connection = database.connect(agent);
                    var update = connection.prepareStatement(UPDATE.formatted("guarded"))) {
                long process = backend(connection);
                for (int number = 1; number <= statements; number++) {
                    long start = nanoseconds(process);
                    update.setInt(1, number);
                    update.executeUpdate();
                    times[round] = (nanoseconds(process) - start) / 1e6;
                }
            }
        }
        return Bench.median(times);
    }

    private static String repeated(int times, String between, String text) {
        return IntStream.range(1_000_000, 1_000_000 + times)
                .mapToObj(text::formatted)
                .collect(Collectors.joining(between));
    }

    private double added(Login login, String sql) throws Exception {
        return added(login, sql, "plain", "guarded");
    }

    private double added(Login login, String sql, String first, String second) throws Exception {
        return added(login, sql, first, second, BLOCKS, STATEMENTS);
    }

    /// Microseconds that a statement takes more on the second table: the median of the blocks' differences.
    private double added(Login login, String sql, String first, String second, int blocks, int statements)
            throws Exception {
        try (var connection = database.connect(login);
                var plain = connection.prepareStatement(sql.formatted(first));
                var guarded = connection.prepareStatement(sql.formatted(second))) {
            long process = backend(connection);
            var differences = new double[blocks];
            block(process, plain, statements);
            block(process, guarded, statements);
            for (int block = 0; block < blocks; block++) {
                double floor = block(process, plain, statements);
                differences[block] = block(process, guarded, statements) - floor;
            }
            return Bench.median(differences);
        }
    }

    private static double block(long process, PreparedStatement statement, int statements) throws Exception {
        long start = nanoseconds(process);
        for (int number = 1; number <= statements; number++) {
            statement.setInt(1, number * 2399 % 1_000_000 + 1);
            statement.executeUpdate();
        }
        return (nanoseconds(process) - start) / 1e3 / statements;
    }

    private static long backend(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            pin(row.getLong(1));
            return row.getLong(1);
        }
    }

    /// To one processor, where the system can: what it costs to come to another one is nobody's.
    private static void pin(long process) {
        if (Ran.has("taskset")) {
            Program.run(Map.of(), "", "taskset", "-cp", "0", Long.toString(process));
        }
    }

    /// Time on a processor, by the kernel's count: Linux, `proc_pid_schedstat`.
    private static long nanoseconds(long process) throws IOException {
        return Long.parseLong(
                Files.readString(Path.of("/proc/" + process + "/schedstat")).split(" ", 2)[0]);
    }

    /// Wall clock, with commits that wait for the disk.
    private void durable() throws Exception {
        database.execute("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()");
        try (var connection = database.connect(application);
                var statement = connection.createStatement();
                var plain = connection.prepareStatement(UPDATE.formatted("plain"));
                var guarded = connection.prepareStatement(UPDATE.formatted("guarded"))) {
            statement.execute("SET synchronous_commit = on");
            bench.compare(
                    "application, 100 1-row UPDATEs, durable",
                    "no guard",
                    1.01,
                    31,
                    () -> few(plain),
                    () -> few(guarded));
        } finally {
            database.execute("ALTER SYSTEM RESET fsync", "SELECT pg_reload_conf()");
        }
    }

    private static void few(PreparedStatement update) throws SQLException {
        for (int number = 1; number <= 100; number++) {
            update.setInt(1, number);
            update.executeUpdate();
        }
    }

    /// Each table is vacuumed before it is rewritten, so that both find the same free space.
    private void rewrite() throws Exception {
        var ratios = new double[5];
        try (var connection = database.connect(application);
                var update = connection.createStatement()) {
            for (int round = 0; round < ratios.length; round++) {
                double floor = rewrite(update, "plain");
                ratios[round] = rewrite(update, "guarded") / floor;
            }
        }
        bench.amount("application, UPDATE of 1,000,000 rows: ratio", "x", Bench.median(ratios), 1.02);
    }

    private double rewrite(java.sql.Statement update, String table) throws Exception {
        database.execute("VACUUM app." + table);
        long process = backend(update.getConnection());
        long start = nanoseconds(process);
        update.execute("UPDATE app.%s SET n = n + 1".formatted(table));
        return nanoseconds(process) - start;
    }

    private void connect() throws Exception {
        var outside = database.server().createDatabase();
        try (outside) {
            bench.compare(
                    "application, log in and ask for one row",
                    "a database without a guard",
                    1.05,
                    31,
                    () -> outside.server().connect(outside.name(), application).close(),
                    () -> database.connect(application).close());
        }
    }

    private double refused(String where) throws SQLException {
        var times = new double[9];
        try (var connection = database.connect(agent);
                var statement = connection.createStatement()) {
            for (int round = 0; round < times.length; round++) {
                long start = System.nanoTime();
                try {
                    statement.execute("DELETE FROM app.guarded WHERE " + where);
                    throw new IllegalStateException("a million rows were deleted");
                } catch (SQLException refused) {
                    times[round] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        return Bench.median(times);
    }

    /// A text of 100 kB that is in order: what it takes more on the guarded table.
    private void judged(String what, String sql) throws Exception {
        bench.amount("agent, 100 kB: %s".formatted(what), "ms", judging(sql), 60);
    }

    /// Many statements in one message of the simple protocol: each costs what a statement costs.
    private void message(String what, String sql) throws Exception {
        bench.amount("agent, %s".formatted(what), "ms", judging(sql), 1000);
    }

    private double judging(String sql) throws Exception {
        var differences = new double[9];
        try (var connection = DriverManager.getConnection(
                        database.url() + (database.url().contains("?") ? "&" : "?") + "preferQueryMode=simple",
                        agent.username(),
                        agent.clear());
                var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("PREPARE plain (int) AS UPDATE app.plain SET n = 1 WHERE id = $1");
            statement.execute("PREPARE guarded (int) AS UPDATE app.guarded SET n = 1 WHERE id = $1");
            long process = backend(connection);
            for (int round = 0; round < differences.length; round++) {
                long start = nanoseconds(process);
                statement.execute(sql.formatted("plain"));
                long between = nanoseconds(process);
                statement.execute(sql.formatted("guarded"));
                differences[round] = (nanoseconds(process) - between - (between - start)) / 1e6;
            }
        }
        return Bench.median(differences);
    }
}
