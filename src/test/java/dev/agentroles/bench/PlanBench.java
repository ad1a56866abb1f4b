package dev.agentroles.bench;

import dev.agentroles.apply.Proposal;
import dev.agentroles.engine.Statement;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.plan.Change;
import dev.agentroles.workspace.OpenedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What a plan costs beside the least that must be read, and what an apply costs beside its own statements sent
/// bare.
final class PlanBench {
    private static final int ROUNDS = 9;

    /// Enough that both sides are compiled: a first apply is short.
    private static final int FIRST_ROUNDS = 201;

    private static final Duration LOCKS = Duration.ofSeconds(30);
    private static final String PROGRAM = "target/agentroles/bin/agentroles";

    /// Every entry of every access list, read the quick way: what any tool must do that wants to know who
    /// has what.
    private static final String FENCED = """
            SELECT count(*) FROM (SELECT oid, relacl || '{}'::aclitem[] AS acl FROM pg_class
                                  WHERE relacl IS NOT NULL OFFSET 0) c, aclexplode(c.acl) x
            JOIN pg_roles r ON r.oid = x.grantee
            """;

    private PlanBench() {}

    public static void main(String[] arguments) throws Exception {
        var server = PostgreSql.newest();
        var bench = new Bench("Plans and applies on " + server + ", " + ROUNDS + " rounds");
        try (var large = Fleet.on(server, 10_000, 20)) {
            crowd(large, 200);
            apply(large);
            try (var opened = large.open()) {
                bench.compare(
                        "plan, 10,000 tables x 200 foreign roles",
                        "the access lists, read with a fence",
                        1.5,
                        ROUNDS,
                        () -> query(opened, FENCED),
                        () -> large.proposer().propose(opened));
            }
            bench.amount("plan, 10,000 tables: memory of the process", "MiB", planMegabytes(large), 256);
            grants(bench, large);
        }
        try (var medium = Fleet.on(server, 1_000, 50)) {
            apply(medium);
            bench.amount("plan, 1,000 tables x 50 agents: command", "s", seconds(medium, "plan"), 0.6);
            ended(start(medium, "apply", "--yes", "--no-verify"));
            bench.amount(
                    "verify by the catalogs, 1,000 tables x 50 agents with a login each: command",
                    "s",
                    seconds(medium, "verify", "--no-probes"),
                    5);
        }
        firstApply(bench, server);
        bench.report();
    }

    private static void grants(Bench bench, Fleet fleet) throws Exception {
        try (var opened = fleet.open()) {
            fleet.database().execute("REVOKE SELECT ON ALL TABLES IN SCHEMA app FROM " + tierRole(fleet) + " CASCADE");
            revokeAsAdministrator(opened, fleet);
            var proposal = fleet.proposer().propose(opened);
            var statements = accessStatements(proposal);
            var bare = "SELECT format('GRANT SELECT ON TABLE %s TO " + tierRole(fleet)
                    + "', string_agg(format('app.t%s', i), ', ')) FROM generate_series(1, 10000) i GROUP BY (i - 1) / 1000";
            var lists = fleet.database().query(bare);
            bench.compare(
                    "grant on 10,000 tables",
                    "GRANT with lists of 1,000 tables",
                    1.3,
                    ROUNDS,
                    () -> {
                        run(opened, lists);
                        revokeAsAdministrator(opened, fleet);
                    },
                    () -> {
                        opened.server().execute(statements, LOCKS, () -> {});
                        revokeAsAdministrator(opened, fleet);
                    });
        }
    }

    private static void firstApply(Bench bench, PostgreSql server) throws Exception {
        try (var fleet = Fleet.on(server, 1_000, 50);
                var opened = fleet.open()) {
            fleet.makeLedger(opened);
            var bare = new ArrayList<String>();
            bare.add("BEGIN");
            accessStatements(fleet.proposer().propose(opened)).forEach(statement -> bare.add(statement.sql()));
            bare.add("COMMIT");
            bench.compare(
                    "plan and first apply, 1,000 tables x 50 agents",
                    "the same " + (bare.size() - 2) + " statements in one transaction",
                    1.5,
                    FIRST_ROUNDS,
                    () -> run(opened, bare),
                    () -> opened.server()
                            .execute(accessStatements(fleet.proposer().propose(opened)), LOCKS, () -> {}),
                    () -> forget(opened));
        }
    }

    /// Drops every role that an apply made, as the administrator that made them.
    private static void forget(OpenedDatabase opened) throws SQLException {
        run(opened, List.of("""
                DO $$ DECLARE made text; BEGIN
                  FOR made IN SELECT quote_ident(rolname) FROM pg_roles
                              WHERE starts_with(rolname, 'ar_' || current_database() || '_') LOOP
                    IF made LIKE '%_explore%' THEN
                      EXECUTE 'REVOKE ALL ON ALL TABLES IN SCHEMA app FROM ' || made;
                      EXECUTE 'REVOKE ALL ON SCHEMA app FROM ' || made;
                      EXECUTE format('REVOKE ALL ON DATABASE %I FROM ', current_database()) || made;
                    END IF;
                    EXECUTE 'DROP ROLE ' || made;
                  END LOOP;
                END $$
                """));
    }

    /// Roles that are nobody's business, each with a privilege on every table.
    private static void crowd(Fleet fleet, int roles) throws SQLException {
        var names = IntStream.rangeClosed(1, roles)
                .mapToObj(number -> fleet.database().name() + "_crowd" + number)
                .toList();
        for (var name : names) {
            fleet.database().execute("CREATE ROLE " + name);
        }
        fleet.database().execute("GRANT SELECT ON ALL TABLES IN SCHEMA app TO " + String.join(", ", names));
    }

    private static void apply(Fleet fleet) throws SQLException {
        try (var opened = fleet.open()) {
            fleet.makeLedger(opened);
            opened.server().execute(accessStatements(fleet.proposer().propose(opened)), LOCKS, () -> {});
        }
    }

    private static List<Statement> accessStatements(Proposal proposal) {
        if (!proposal.obstacles().isEmpty()) {
            throw new IllegalStateException(proposal.obstacles().toString());
        }
        return proposal.rendering().statements().stream()
                .filter(statement ->
                        statement.steps().stream().noneMatch(step -> step.change() instanceof Change.IssueLease))
                .toList();
    }

    private static String tierRole(Fleet fleet) {
        return "\"ar_" + fleet.database().name() + "_everything_explore\"";
    }

    private static void revokeAsAdministrator(OpenedDatabase opened, Fleet fleet) throws SQLException {
        run(opened, List.of("REVOKE SELECT ON ALL TABLES IN SCHEMA app FROM " + tierRole(fleet)));
    }

    private static void query(OpenedDatabase opened, String sql) throws SQLException {
        try (var statement = opened.server().connection().createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
        }
    }

    private static void run(OpenedDatabase opened, List<String> statements) throws SQLException {
        try (var statement = opened.server().connection().createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static double seconds(Fleet fleet, String... command) throws Exception {
        var seconds = new double[ROUNDS];
        ended(start(fleet, command));
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            ended(start(fleet, command));
            seconds[round] = (System.nanoTime() - start) / 1e9;
        }
        return Bench.median(seconds);
    }

    /// The high-water mark of the process, as the operating system counts it.
    private static double planMegabytes(Fleet fleet) throws Exception {
        var process = start(fleet, "plan");
        long kilobytes = 0;
        while (process.isAlive()) {
            kilobytes = Math.max(kilobytes, highWaterMark(process.pid()));
            Thread.sleep(5);
        }
        ended(process);
        return kilobytes / 1024.0;
    }

    private static long highWaterMark(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException ended) {
            return 0;
        }
    }

    /// One that fails at once would be a fast one.
    private static void ended(Process command) throws InterruptedException {
        int code = command.waitFor();
        if (code != 0 && code != 2) {
            throw new IllegalStateException("the command ended with " + code);
        }
    }

    private static Process start(Fleet fleet, String... command) throws IOException {
        var words = new ArrayList<>(List.of(Path.of(PROGRAM).toAbsolutePath().toString()));
        words.addAll(List.of(command));
        words.add("fleet.yaml");
        var builder = new ProcessBuilder(words)
                .directory(fleet.directory().toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(fleet.environment());
        return builder.start();
    }
}
