package dev.agentroles.cli;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `import` writes of a database and of accounts that are there.
@OnEachPostgreSql
final class ImportTest {
    @AutoClose
    private final Database database;

    private final Operator operator;
    private final Path directory;

    ImportTest(PostgreSql server, @TempDir Path directory) throws SQLException {
        this.directory = directory;
        database = server.createDatabase();
        database.execute(
                "CREATE SCHEMA app",
                "CREATE TABLE app.customers (id int PRIMARY KEY, name text, card_number text,"
                        + " last4 text GENERATED ALWAYS AS (right(card_number, 4)) STORED)",
                "CREATE TABLE app.orders (id serial PRIMARY KEY, customer int, status text)",
                "CREATE TABLE app.events (id int, at date) PARTITION BY RANGE (at)",
                "CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
                "CREATE TABLE app.api_tokens (id int, value text)",
                "CREATE VIEW app.names AS SELECT id, name FROM app.customers",
                "CREATE SCHEMA vault",
                "CREATE TABLE vault.secrets (id int)");
        operator = new Operator(directory, database, database.administratorWithGrantOptions("app"));
    }

    @Test
    void look() throws Exception {
        database.login("app");
        database.execute(
                "GRANT USAGE ON SCHEMA app TO %s".formatted(database.role("app")),
                "GRANT SELECT, INSERT ON app.orders TO %s".formatted(database.role("app")),
                "GRANT SELECT (id, name) ON app.customers TO %s".formatted(database.role("app")),
                "GRANT INSERT ON app.events TO %s".formatted(database.role("app")),
                "GRANT TRUNCATE ON app.orders TO %s".formatted(database.role("app")));
        var said = run("--output", "a.yaml");
        System.err.println(said);
        System.err.println(Files.readString(directory.resolve("a.yaml")));
        said = run("--from", database.role("app"), "--output", "b.yaml");
        System.err.println(said);
        System.err.println(Files.readString(directory.resolve("b.yaml")));
    }

    private Operator.Said run(String... arguments) {
        var all = new java.util.ArrayList<String>(java.util.List.of(
                "import",
                database.url(),
                "--admin",
                operator.administrator().username(),
                "--password-env",
                "DB_PASSWORD"));
        all.addAll(java.util.List.of(arguments));
        return operator.run(all.toArray(String[]::new));
    }
}
