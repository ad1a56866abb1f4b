package dev.agentroles.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.RequestProxy;
import dev.agentroles.ledger.Ledger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A process of its own applies a profile to an empty database and is killed (`kill -9`) at each of its
/// requests to the server. The next apply must finish the work,
/// and nothing may be left. Roles are another matter since PostgreSQL 16: some requests are tried on the oldest
/// version, too. Each kill has a copy of the database, so that nothing is made twice which is not looked at.
final class KilledApplyTest {
    /// Odd, so that both sides of a request have their turn.
    private static final int STRIDE = 7;

    private static final List<String> AGENTS = List.of("support-bot", "order-desk");

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @MethodSource("dev.agentroles.harness.PostgreSql#oldestAndNewest")
    void theNextApplyConvergesWhereverTheOneBeforeWasKilled(PostgreSql server) throws Exception {
        try (var shop = shop(server)) {
            var administrator = shop.administratorWithGrantOptions("app");
            makeLedger(shop, administrator);
            int requests = killedAt(shop, administrator, Integer.MAX_VALUE);
            assertThat(requests).isGreaterThan(20);

            for (int at = 1; at <= requests; at += server == PostgreSql.newest() ? 1 : STRIDE) {
                killedAt(shop, administrator, at);
            }
        }
    }

    /// Making the ledger is most of the requests of a first apply, all of them Flyway's: some of them stand
    /// for the rest.
    @Test
    void theNextApplyMakesTheLedgerWhereverTheOneBeforeWasKilled() throws Exception {
        try (var shop = shop(PostgreSql.newest())) {
            var administrator = shop.administratorWithGrantOptions("app");
            int requests = killedAt(shop, administrator, Integer.MAX_VALUE);

            for (int at = 1; at <= requests; at += STRIDE) {
                killedAt(shop, administrator, at);
            }
        }
    }

    /// @return how many requests the process made
    private int killedAt(Database shop, Login administrator, int at) throws Exception {
        var folder = Files.createDirectory(directory.resolve("killed-at-" + at));
        try (var database = shop.copy()) {
            database.execute(
                    "GRANT CREATE ON DATABASE %s TO %s".formatted(database.name(), administrator.username()),
                    "GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                            .formatted(database.name(), administrator.username()));
            var operator = new Operator(folder, database, administrator);
            operator.write("shop.yaml", operator.head("production") + profile(database));
            int requests = run(folder, database, operator, at);

            var again = operator.run("apply", "shop.yaml", "--yes");
            assertThat(again.code())
                    .as("killed at request %d: %s%s", at, again.out(), again.err())
                    .isZero();
            var plan = operator.run("plan", "shop.yaml");
            assertThat(plan.code())
                    .as("killed at request %d: %s%s", at, plan.out(), plan.err())
                    .isZero();
            onlyWhatIsPublishedIsThere(at, database, operator);
            return requests;
        }
    }

    private static void makeLedger(Database database, Login administrator) throws SQLException {
        try (var session = new PostgresEngine().connect(database.target(administrator))) {
            Ledger.on(session.connection(), "postgresql").migrate();
        }
    }

    private static void onlyWhatIsPublishedIsThere(int at, Database database, Operator operator) throws SQLException {
        var published = AGENTS.stream().map(operator::published).toList();
        for (var login : published) {
            try (var session = database.connect(login);
                    var statement = session.createStatement()) {
                statement.execute("SELECT id FROM app.orders");
            }
        }
        assertThat(database.query("SELECT rolname FROM pg_roles WHERE rolcanlogin AND starts_with(rolname, 'ar_%s_')"
                        .formatted(database.name())))
                .as("logins after a kill at request %d", at)
                .containsExactlyInAnyOrderElementsOf(
                        published.stream().map(Login::username).toList());
    }

    private int run(Path folder, Database database, Operator operator, int at) throws Exception {
        var program = PackedProgram.shared();
        program.learn(folder, operator);
        var process = new AtomicReference<@Nullable Process>();
        var address = URI.create(database.url().substring("jdbc:".length()));
        try (var proxy = new RequestProxy(
                address.getHost(),
                address.getPort(),
                number -> killIf(number == at && at % 2 == 1, process),
                number -> killIf(number == at && at % 2 == 0, process))) {
            operator.set("DB_URL", database.url().replace(":" + address.getPort() + "/", ":" + proxy.port() + "/"));
            process.set(program.start(folder, operator, List.of("apply", "shop.yaml", "--yes", "--no-verify")));
            int code = requireNonNull(process.get()).waitFor();
            assertThat(code)
                    .as(PackedProgram.said(folder))
                    .isEqualTo(at == Integer.MAX_VALUE ? 0 : PackedProgram.KILLED);
            operator.set("DB_URL", database.url());
            return proxy.requests();
        }
    }

    private static void killIf(boolean now, AtomicReference<@Nullable Process> process) {
        if (now) {
            PackedProgram.kill(requireNonNull(process.get()));
        }
    }

    private static Database shop(PostgreSql server) throws SQLException {
        var database = server.createDatabase();
        database.execute(
                "CREATE SCHEMA app", "CREATE TABLE app.orders (id serial PRIMARY KEY, total int, card_number text)");
        return database;
    }

    private static String profile(Database database) {
        return """
                scopes:
                  orders: {database: %s, include: [app.orders], exclude: [app.orders.card_number]}
                agents:
                  support-bot: {access: [{scope: orders, tier: explore}]}
                  order-desk: {access: [{scope: orders, tier: ddl-denied}]}
                """.formatted(database.name());
    }
}
