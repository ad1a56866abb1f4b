package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/// A shop with products whose cost no agent may see, owners of its tables, and an administrator who is neither: the
/// ground on which profiles are applied.
final class ProductGround implements AutoCloseable {
    static final String SCOPES = """
            scopes:
              orders:
                database: %s
                include: [app.orders, "app.product_*"]
                exclude: [app.product_cost, app.orders.card_number]
            """;

    static final String AGENTS = """
            agents:
              support-bot:
                access: [{scope: orders, tier: explore}]
                lease: {ttl: 1h, overlap: 10m, connections: 5, statement_timeout: 30s}
              order-desk:
                access: [{scope: orders, tier: ddl-denied}]
            """;

    final Database database;

    /// Whom the tests run commands as.
    Operator operator;

    ProductGround(PostgreSql server, Path directory) throws SQLException, IOException {
        database = server.createDatabase();
        var owner = database.role("owner");
        database.execute(
                "CREATE ROLE " + owner,
                "CREATE SCHEMA app AUTHORIZATION " + owner,
                "CREATE TABLE app.orders (id serial PRIMARY KEY, total int, card_number text)",
                "CREATE TABLE app.product_names (id int, name text)",
                "CREATE TABLE app.product_cost (id int, cost int)",
                "CREATE SCHEMA hr",
                "CREATE TABLE hr.salaries (amount int)");
        var administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        operator = new Operator(directory, database, administrator);
        write(SCOPES, AGENTS);
    }

    void write(String scopes, String agents) throws IOException {
        operator.write("shop.yaml", operator.head("production") + scopes.formatted(database.name()) + agents);
    }

    void applied() {
        var said = operator.run("apply", "shop.yaml", "--yes");
        assertThat(said.code()).as(said.err()).isZero();
    }

    void planIsEmpty() {
        var said = operator.run("plan", "shop.yaml");
        assertThat(said.code()).as(said.out() + said.err()).isZero();
    }

    String asAgent(String agent, String sql) {
        return database.answer(operator.published(agent), sql);
    }

    /// A database administrator runs what plans ask for, until they ask for nothing.
    void whatIsMissingIsGiven() throws SQLException {
        for (int look = 0; look < 3; look++) {
            var plan = operator.run("plan", "shop.yaml");
            var cures = (plan.out() + plan.err())
                    .lines()
                    .filter(line -> line.startsWith("      ") && line.endsWith(";"))
                    .map(String::strip)
                    .toArray(String[]::new);
            if (cures.length == 0) {
                assertThat(plan.code()).as(plan.out() + plan.err()).isEqualTo(2);
                return;
            }
            database.execute(cures);
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
