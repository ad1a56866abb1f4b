package dev.agentroles.bench;

import static dev.agentroles.credential.Publications.publish;

import dev.agentroles.access.Naming;
import dev.agentroles.access.Secret;
import dev.agentroles.apply.Applier;
import dev.agentroles.apply.Proposer;
import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.LeaseSecret;
import dev.agentroles.credential.Mint;
import dev.agentroles.credential.StorePath;
import dev.agentroles.credential.vault.VaultSettings;
import dev.agentroles.credential.vault.VaultStore;
import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.engine.postgres.PostgresTerms;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OpenBao;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.life.Ends;
import dev.agentroles.life.Rotator;
import dev.agentroles.profile.ProfileReader;
import dev.agentroles.profile.Values;
import dev.agentroles.workspace.EachDatabase;
import dev.agentroles.workspace.Means;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Result;
import dev.agentroles.workspace.Workspace;
import dev.agentroles.workspace.Workspace.KnownEngine;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.util.PasswordUtil;

/// What rotating many agents costs beside the least that each needs (a role, a login, a write of the store,
/// with the same parallelism), and how long it takes to stop them all.
final class LifeBench {
    private static final int AGENTS = 1_000;
    private static final int SESSIONS = 100;
    private static final int PARALLEL = 4;

    /// Ours leaves a thousand roles more, which are dropped when the overlap has passed, and since
    /// PostgreSQL 16 the server works out anew at each GRANT what the administrator is admin of: more
    /// rounds would measure that.
    private static final int ROUNDS = 1;
    private static final InstantSource CLOCK = InstantSource.system();

    private final Database database = PostgreSql.newest().createDatabase();
    private final Login administrator;
    private final VaultStore store;
    private final Workspace workspace;
    private final EachDatabase databases;
    private final Mint mint = new Mint(new SecureRandom());
    private final AtomicInteger bare = new AtomicInteger();
    private final List<Login> bareLogins = new CopyOnWriteArrayList<>();

    private LifeBench(OpenBao vault) throws SQLException {
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.orders AS SELECT 1 AS id");
        administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        var mount = vault.newMount(2);
        store = new VaultStore(
                new VaultSettings(
                        vault.address(),
                        Optional.empty(),
                        Optional.empty(),
                        new VaultSettings.Login.Token(vault.rootToken()),
                        mount,
                        Duration.ofSeconds(10)),
                CLOCK);
        var environment = Map.of(
                "DB_URL", database.url(),
                "DB_ADMIN", administrator.username(),
                "DB_PASSWORD", administrator.clear());
        var profile = new ProfileReader(Map.of("postgresql", PostgresTerms.TERMS))
                .read("fleet.yaml", profile(database.name(), mount));
        var values = new Values(
                name -> Optional.ofNullable(environment.get(name)),
                java.nio.file.Path.of(""),
                (_, _) -> Optional.empty(),
                _ -> {});
        workspace = new Workspace(
                profile,
                Map.of("postgresql", new KnownEngine(new PostgresEngine(), PostgresTerms.TERMS)),
                values,
                store);
        databases = new EachDatabase(workspace, Duration.ofSeconds(60));
    }

    private static String profile(String name, String mount) {
        return """
                version: 1
                environment: bench
                vault: {mount: %2$s}
                databases:
                  %1$s:
                    engine: postgresql
                    url: {env: DB_URL}
                    admin: {username: {env: DB_ADMIN}, password: {env: DB_PASSWORD}}
                scopes:
                  orders: {database: %1$s, include: [app.orders]}
                agents:
                """.formatted(name, mount)
                + IntStream.rangeClosed(1, AGENTS)
                        .mapToObj("  agent-%d: {access: [{scope: orders, tier: explore}]}\n"::formatted)
                        .collect(Collectors.joining());
    }

    public static void main(String[] arguments) throws Exception {
        var vault = OpenBao.shared();
        var bench = new Bench(AGENTS + " agents on " + PostgreSql.newest() + " and " + vault.description() + ", "
                + PARALLEL + " sessions, rounds: " + ROUNDS);
        var life = new LifeBench(vault);
        try {
            life.apply();
            life.bareRotation();
            double floor = life.bareFreeze();
            life.dropBare();
            var stopped = life.freeze();
            life.thaw();
            bench.compare(
                    "rotate all",
                    "role, login and write, bare",
                    1.3,
                    ROUNDS,
                    life::bareRotation,
                    life::rotate,
                    life::dropBare);
            bench.ratio(
                    "freeze, " + SESSIONS + " sessions, until nobody is in",
                    "NOLOGIN and terminate by the same administrator, one by one",
                    1.5,
                    floor * 1e3,
                    stopped.closed() * 1e3);
            bench.amount("the same", "s", stopped.closed(), 2);
            bench.amount("freeze, until the secrets are deleted, too", "s", stopped.whole(), 15);
        } finally {
            life.workspace.close();
            life.database.close();
        }
        bench.report();
    }

    private Means means(FaultPoints faults) {
        return new Means(mint, CLOCK, "bench", faults);
    }

    private void apply() throws SQLException {
        try (var opened = workspace.open(workspace.databases().getFirst())) {
            var proposer = new Proposer(store, agent -> workspace.path(opened.entry(), agent), CLOCK);
            var applier = new Applier(proposer, means(FaultPoints.NONE), "0", Duration.ofSeconds(30), _ -> {});
            applier.apply(opened, Optional.empty());
        }
    }

    private void rotate() {
        var rotator = new Rotator(databases, means(FaultPoints.NONE), PARALLEL, _ -> {}, _ -> {}, () -> false);
        done(databases.run(database -> rotator.rotate(database, _ -> true, true)));
    }

    private static <R> R done(List<Result<R>> results) {
        return switch (results.getFirst()) {
            case Result.Done<R>(var _, var report) -> report;
            case Result.Failed<R>(var _, var failure) -> throw failure;
        };
    }

    /// The least: a role with a verifier and a membership, a login with it, and a write of the store.
    private void bareRotation() throws Exception {
        var waiting = new AtomicInteger(AGENTS);
        Callable<Void> worker = () -> {
            try (var session = database.connect(administrator);
                    var statement = session.createStatement()) {
                for (int agent = waiting.getAndDecrement(); agent > 0; agent = waiting.getAndDecrement()) {
                    bareLease(statement, agent);
                }
            }
            return null;
        };
        try (var threads = Executors.newFixedThreadPool(PARALLEL)) {
            for (var one : threads.invokeAll(java.util.Collections.nCopies(PARALLEL, worker))) {
                one.get();
            }
        }
    }

    private void bareLease(java.sql.Statement statement, int agent) throws SQLException {
        int number = bare.incrementAndGet();
        var name = database.role("bare" + number);
        var password = mint.password();
        var verifier = password.reveal(text -> PasswordUtil.encodeScramSha256(text.toCharArray()));
        statement.execute("CREATE ROLE %s LOGIN PASSWORD '%s' VALID UNTIL '2100-01-01' IN ROLE \"%s\""
                .formatted(
                        name,
                        verifier,
                        Naming.agentRole(database.name(), "agent-" + agent).value()));
        var login = new Login(name, password);
        database.connect(login).close();
        bareLogins.add(login);
        publish(store, new StorePath("agents/bare/" + number), secret(agent, name, password), 0);
    }

    /// So that the administrator is admin of as many roles in our turn as in the floor's.
    private void dropBare() throws SQLException {
        if (!bareLogins.isEmpty()) {
            database.execute(
                    "DROP ROLE " + bareLogins.stream().map(Login::username).collect(Collectors.joining(", ")));
            bareLogins.clear();
        }
    }

    private LeaseSecret secret(int agent, String name, Secret password) {
        var now = CLOCK.instant();
        return new LeaseSecret(
                name,
                "bare",
                database.name(),
                "agent-" + agent,
                "orders:explore",
                "",
                database.url(),
                "",
                name,
                password,
                now,
                now.plus(Duration.ofHours(1)),
                "");
    }

    /// The least for the same administrator: a statement for each login and, for each with a session, the power
    /// to end that (manual, 9.28.2), its end, and the power given back.
    ///
    /// @return seconds
    private double bareFreeze() throws SQLException {
        var sessions = new ArrayList<Connection>();
        try (var session = database.connect(administrator);
                var statement = session.createStatement()) {
            for (var login : bareLogins.subList(0, SESSIONS)) {
                sessions.add(database.connect(login));
            }
            long begin = System.nanoTime();
            for (var login : bareLogins) {
                statement.execute("ALTER ROLE " + login.username() + " NOLOGIN");
            }
            for (var login : bareLogins.subList(0, SESSIONS)) {
                statement.execute("GRANT " + login.username() + " TO CURRENT_USER WITH INHERIT TRUE");
                statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"
                        + login.username() + "'");
                statement.execute("REVOKE " + login.username() + " FROM CURRENT_USER");
            }
            return (System.nanoTime() - begin) / 1e9;
        } finally {
            for (var open : sessions) {
                open.close();
            }
        }
    }

    /// In seconds.
    ///
    /// @param closed until no lease can log in and none has a session
    /// @param whole until the secrets are deleted, too
    private record Stopped(double closed, double whole) {}

    private Stopped freeze() throws Exception {
        var sessions = new ArrayList<Connection>();
        try {
            for (int agent = 1; agent <= SESSIONS; agent++) {
                var held = store.read(workspace.path(workspace.databases().getFirst(), "agent-" + agent))
                        .held()
                        .orElseThrow()
                        .secret();
                sessions.add(database.connect(new Login(held.username(), held.password())));
            }
            long begin = System.nanoTime();
            var empty = CompletableFuture.supplyAsync(this::emptied);
            done(databases.run(
                    (OpenedDatabase opened) -> new Ends(workspace, means(FaultPoints.NONE)).freeze(opened, "bench")));
            long end = System.nanoTime();
            return new Stopped((empty.get() - begin) / 1e9, (end - begin) / 1e9);
        } finally {
            for (var session : sessions) {
                session.close();
            }
        }
    }

    /// @return when no lease can log in and none has a session, as nanoTime() counts
    private long emptied() {
        try (var superuser = database.superuser();
                var statement = superuser.createStatement()) {
            while (true) {
                try (var row = statement.executeQuery("""
                        SELECT EXISTS (SELECT FROM pg_roles WHERE rolcanlogin AND rolname ~ '^ar_%1$s_')
                            OR EXISTS (SELECT FROM pg_stat_activity WHERE usename ~ '^ar_%1$s_')
                        """.formatted(database.name()))) {
                    row.next();
                    if (!row.getBoolean(1)) {
                        return System.nanoTime();
                    }
                }
                Thread.sleep(20);
            }
        } catch (SQLException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// What was frozen is dropped, so that it is no part of what follows.
    private void thaw() {
        var ends = new Ends(workspace, means(FaultPoints.NONE));
        done(databases.run(opened -> ends.thaw(opened, Optional.empty())));
        done(databases.run(ends::reap));
    }
}
