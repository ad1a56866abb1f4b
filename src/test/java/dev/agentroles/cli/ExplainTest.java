package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.OnOldestAndNewestPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `explain` reassures only about what is there, under whatever name people call it.
@OnOldestAndNewestPostgreSql
final class ExplainTest {
    @AutoClose
    private final Database database;

    private final Operator operator;
    private final String role;

    ExplainTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        database = server.createDatabase();
        database.execute("""
                CREATE SCHEMA app;
                CREATE TABLE app.orders (id int, status text);
                CREATE TABLE app.people (id int, name text, card text);
                CREATE TABLE app."Order Items" (id int);
                CREATE TABLE app."level.current" (id int);
                CREATE TABLE app.events (at date, what text) PARTITION BY RANGE (at);
                CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
                CREATE FUNCTION app.total(int, text) RETURNS int LANGUAGE sql AS 'SELECT $1';
                CREATE FUNCTION app.twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
                CREATE FUNCTION app.twice(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
                CREATE FUNCTION app."Odd Fn"() RETURNS int LANGUAGE sql AS 'SELECT 1';
                CREATE TYPE app.mood AS ENUM ('good');
                """);
        var administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        operator = new Operator(directory, database, administrator);
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  orders:
                    database: %s
                    include: [app.orders, app.people, app.events, 'app."Order Items"', 'app."level.current"']
                    exclude: [app.people.card]
                agents:
                  bot: {owner: team@example.com, access: [{scope: orders, tier: explore}]}
                """.formatted(database.name()));
        role = "ar_" + database.name() + "_bot";
        assertThat(operator.run("apply", "shop.yaml", "--yes").code()).isZero();
    }

    @Test
    void whatIsThereIsFoundUnderEveryNameThatPeopleGiveIt() {
        for (var name : new String[] {
            "app.orders",
            "table app.orders",
            "\"app\".\"orders\"",
            "app.\"Order Items\"",
            "app.Order Items",
            "table app.\"level.current\"",
            "app.\"level.current\".id",
            "column app.orders.id",
            "app.people.name"
        }) {
            has("select", name);
        }
        for (var name : new String[] {
            "app.total(int,text)",
            "function app.total(int, text)",
            "routine app.total(integer, text)",
            "app.total",
            "app.\"Odd Fn\"()"
        }) {
            has("execute", name);
        }
        has("usage", "schema app");
        has("usage", "type app.mood");
        has("usage", "type int");
        has("usage", "type app.mood[]");
        has("usage", "language plpgsql");
        has("connect", "database " + database.name());
    }

    private void has(String privilege, String name) {
        var said = operator.run("explain", "shop.yaml", "bot", privilege, name);
        assertThat(said.out()).as("%s on %s: %s", privilege, name, said.err()).startsWith("bot has ");
    }

    @Test
    void whatIsNotThereIsAnErrorWithTheNearestName() {
        absent("select", "app.ordes", "did you mean \"app.orders\"?");
        absent("select", "table app.ordes", "did you mean \"app.orders\"?");
        absent("select", "app.orders.nocol", "there is no app.orders.nocol");
        absent("usage", "schema ap", "did you mean \"schema app\"?");
        absent("usage", "type app.mod", "did you mean \"type app.mood\"?");
        absent("connect", "database nope", "there is no database nope");
        absent("execute", "app.totl(int, text)", "there is no app.totl(int, text)");
        absent("execute", "app.total(int)", "there is routine app.total(integer, text)");
        absent("execute", "app.total(int'); DROP TABLE app.orders; --)", "there is no app.total(");
        absent("execute", "app.twice", "say which: routine app.twice(integer); routine app.twice(text)");
        absent("select", "orders", "name it with its schema, for example app.orders");
        assertThat(operator.run("explain", "shop.yaml", "bot", "select", "app.\"orders")
                        .code())
                .isEqualTo(64);
    }

    private void absent(String privilege, String name, String message) {
        var said = operator.run("explain", "shop.yaml", "bot", privilege, name);
        assertThat(said.code()).as(name).isEqualTo(1);
        assertThat(said.err()).contains(message);
        assertThat(said.out()).isEmpty();
    }

    @Test
    void whatIsHeldOnColumnsOrThroughAParentOrByOwningIsSaid() throws SQLException {
        var orders = "ar_" + database.name() + "_orders_explore";
        assertThat(operator.run("explain", "shop.yaml", "bot", "select", "app.people")
                        .out())
                .isEqualTo("""
                        bot has SELECT on app.people, but only on single columns:
                          %1$s > %2$s by grant on column id
                          %1$s > %2$s by grant on column name
                        """.formatted(role, orders));
        assertThat(operator.run("explain", "shop.yaml", "bot", "select", "app.people.card")
                        .out())
                .isEqualTo("Nothing gives bot SELECT on app.people.card.\n");
        assertThat(operator.run("explain", "shop.yaml", "bot", "select", "app.events_2026.what")
                        .out())
                .isEqualTo("""
                        bot has SELECT on app.events_2026.what:
                          %s > %s by grant, through app.events
                        """.formatted(role, orders));
        assertThat(operator.run("explain", "shop.yaml", "bot", "drop", "app.orders")
                        .out())
                .isEqualTo("Nothing gives bot DROP on app.orders.\n");

        database.execute(
                "CREATE TABLE app.own (id int)",
                "ALTER TABLE app.own OWNER TO \"%s\"".formatted(role),
                "ALTER SCHEMA app OWNER TO \"%s\"".formatted(role));
        assertThat(operator.run("explain", "shop.yaml", "bot", "drop", "app.own")
                        .out())
                .isEqualTo("""
                        bot has DROP on app.own:
                          %1$s as owner
                          %1$s as owner of schema app
                        """.formatted(role));
        has("alter", "app.own");
        database.execute("ALTER TABLE app.own OWNER TO CURRENT_USER", "ALTER SCHEMA app OWNER TO CURRENT_USER");
    }
}
