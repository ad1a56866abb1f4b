package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.FatalProxy;
import dev.agentroles.harness.FatalProxy.Moment;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.ledger.Ledger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A process of its own applies a profile to an empty database and is killed (`kill -9`) at each of its
/// requests that changes something, when the server has carried it out: after each other one the server is as it was
/// before. The next apply must finish the work, and nothing may be left. Roles are another matter since PostgreSQL 16:
/// some requests are tried on the oldest version, too. Each kill has a copy of the database, so that nothing is made
/// twice which is not looked at.
final class KilledApplyTest {
    private static final int STRIDE = 5;

    /// Of no request.
    private static final int NEVER = 0;

    private static final List<String> AGENTS = List.of("support-bot", "order-desk");

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @MethodSource("dev.agentroles.harness.PostgreSql#oldestAndNewest")
    void theNextApplyConvergesWhereverTheOneBeforeWasKilled(PostgreSql server) throws Exception {
        try (var shop = shop(server)) {
            var administrator = shop.administratorWithGrantOptions("app");
            makeLedger(shop, administrator);
            var changes = killedAt(shop, administrator, NEVER);
            assertThat(changes).hasSizeGreaterThan(20);

            killedAt(shop, administrator, changes, server == PostgreSql.newest() ? 1 : STRIDE);
        }
    }

    /// Making the ledger is most of the requests of a first apply, all of them Flyway's: some of them stand
    /// for the rest.
    @Test
    void theNextApplyMakesTheLedgerWhereverTheOneBeforeWasKilled() throws Exception {
        try (var shop = shop(PostgreSql.newest())) {
            var administrator = shop.administratorWithGrantOptions("app");
            killedAt(shop, administrator, killedAt(shop, administrator, NEVER), STRIDE);
        }
    }

    private void killedAt(Database shop, Login administrator, List<Integer> changes, int stride) throws Exception {
        for (int i = 0; i < changes.size(); i += stride) {
            killedAt(shop, administrator, changes.get(i));
        }
    }

    /// @return the requests of the process that changed something
    private List<Integer> killedAt(Database shop, Login administrator, int at) throws Exception {
        var folder = Files.createDirectory(directory.resolve("killed-at-" + at));
        try (var database = shop.copy()) {
            database.execute(
                    "GRANT CREATE ON DATABASE %s TO %s".formatted(database.name(), administrator.username()),
                    "GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                            .formatted(database.name(), administrator.username()));
            var operator = new Operator(folder, database, administrator);
            operator.write("shop.yaml", operator.head("production") + profile(database));
            var changes = run(folder, database, operator, at);

            var again = operator.run("apply", "shop.yaml", "--yes");
            assertThat(again.code())
                    .as("killed at request %d: %s%s", at, again.out(), again.err())
                    .isZero();
            var plan = operator.run("plan", "shop.yaml");
            assertThat(plan.code())
                    .as("killed at request %d: %s%s", at, plan.out(), plan.err())
                    .isZero();
            onlyWhatIsPublishedIsThere(at, database, operator);
            return changes;
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

    private static List<Integer> run(Path folder, Database database, Operator operator, int at) throws Exception {
        var program = PackedProgram.shared();
        program.learn(folder, operator);
        var port = URI.create(database.url().substring("jdbc:".length())).getPort();
        try (var proxy = FatalProxy.toPostgreSql(database.url())) {
            proxy.hold();
            operator.set("DB_URL", database.url().replace(":" + port + "/", ":" + proxy.port() + "/"));
            var process = program.start(folder, operator, List.of("apply", "shop.yaml", "--yes", "--no-verify"));
            operator.set("DB_URL", database.url());
            proxy.strikeAt(at, Moment.ANSWERED, () -> PackedProgram.kill(process));
            proxy.release();
            assertThat(process.waitFor())
                    .as(PackedProgram.said(folder))
                    .isEqualTo(at == NEVER ? 0 : PackedProgram.KILLED);
            return proxy.changes();
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
