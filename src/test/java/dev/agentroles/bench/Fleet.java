package dev.agentroles.bench;

import dev.agentroles.apply.Proposer;
import dev.agentroles.credential.file.FileStore;
import dev.agentroles.engine.mysql.MySqlEngine;
import dev.agentroles.engine.mysql.MySqlTerms;
import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.engine.postgres.PostgresTerms;
import dev.agentroles.harness.AgeKeys;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.TestDatabase;
import dev.agentroles.ledger.Stamp;
import dev.agentroles.profile.ProfileReader;
import dev.agentroles.profile.Values;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Workspace;
import dev.agentroles.workspace.Workspace.KnownEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A database with many tables, and a profile that gives many agents a scope with all of them.
final class Fleet implements AutoCloseable {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final int TABLES_A_TRANSACTION = 1000;

    private final TestDatabase database;
    private final Path directory;
    private final Workspace workspace;
    private final Map<String, String> environment;

    private Fleet(TestDatabase database, Login administrator, KnownEngine engine, String schema, int agents)
            throws IOException {
        this.database = database;
        directory = Files.createTempDirectory("agentroles-bench");
        var identity = AgeKeys.generate();
        environment = Map.of(
                "DB_URL", database.url(),
                "DB_ADMIN", administrator.username(),
                "DB_PASSWORD", administrator.clear(),
                "AGE_IDENTITY", identity.secretKey().reveal(key -> key));
        var text = profile(database, schema, agents);
        Files.writeString(directory.resolve("fleet.yaml"), text);
        var profile = new ProfileReader(Map.of(database.engine(), engine.terms())).read("fleet.yaml", text);
        var values = new Values(
                name -> Optional.ofNullable(environment.get(name)), directory, (_, _) -> Optional.empty(), _ -> {});
        workspace = new Workspace(
                profile,
                Map.of(database.engine(), engine),
                values,
                new FileStore(directory.resolve("leases.age"), identity.secretKey(), CLOCK));
    }

    static Fleet on(PostgreSql server, int tables, int agents) throws SQLException, IOException {
        var database = server.createDatabase();
        database.execute("CREATE SCHEMA app");
        for (int from = 1; from <= tables; from += TABLES_A_TRANSACTION) {
            // In parts: one transaction may hold a limited number of locks.
            database.execute(
                    "DO $$ BEGIN FOR i IN %d..%d LOOP EXECUTE format('CREATE TABLE app.t%%s (id int)', i); END LOOP; END $$"
                            .formatted(from, Math.min(tables, from + TABLES_A_TRANSACTION - 1)));
        }
        var administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        return new Fleet(
                database, administrator, new KnownEngine(new PostgresEngine(), PostgresTerms.TERMS), "app", agents);
    }

    static Fleet on(MySql server, int tables, int agents) throws SQLException, IOException {
        var database = server.createDatabase();
        database.execute("SET GLOBAL general_log = OFF", """
                CREATE PROCEDURE make() BEGIN
                  DECLARE i INT DEFAULT 1;
                  WHILE i <= %d DO
                    SET @make = CONCAT('CREATE TABLE t', i, ' (id int PRIMARY KEY)');
                    PREPARE make FROM @make; EXECUTE make;
                    SET i = i + 1;
                  END WHILE;
                END""".formatted(tables), "CALL make()", "DROP PROCEDURE make");
        return new Fleet(
                database,
                database.administrator(),
                server.mariadb()
                        ? new KnownEngine(MySqlEngine.mariadb(), MySqlTerms.MARIADB)
                        : new KnownEngine(MySqlEngine.mysql(new SecureRandom()), MySqlTerms.MYSQL),
                database.name(),
                agents);
    }

    private static String profile(TestDatabase database, String schema, int agents) {
        return """
                version: 1
                environment: bench
                store: {file: {path: leases.age, identity: {env: AGE_IDENTITY}}}
                databases:
                  %1$s:
                    engine: %2$s
                    url: {env: DB_URL}
                    admin: {username: {env: DB_ADMIN}, password: {env: DB_PASSWORD}}
                scopes:
                  everything: {database: %1$s, include: ["%3$s.*"]}
                agents:
                """.formatted(database.name(), database.engine(), schema)
                + IntStream.rangeClosed(1, agents)
                        .mapToObj("  agent-%d: {access: [{scope: everything, tier: explore}]}\n"::formatted)
                        .collect(Collectors.joining());
    }

    TestDatabase database() {
        return database;
    }

    Path directory() {
        return directory;
    }

    /// What the program finds in its environment.
    Map<String, String> environment() {
        return environment;
    }

    OpenedDatabase open() {
        return workspace.open(workspace.databases().getFirst());
    }

    /// The ledger with its stamp, without which a plan takes our roles for another database's.
    void makeLedger(OpenedDatabase opened) throws SQLException {
        opened.ledger().migrate();
        var identity = opened.server().identity();
        opened.ledger()
                .stamp(new Stamp(
                        "bench",
                        opened.entry().name(),
                        identity.identifier(),
                        identity.database(),
                        CLOCK.instant(),
                        "bench"));
    }

    Proposer proposer() {
        return new Proposer(
                workspace.store(), agent -> workspace.path(workspace.databases().getFirst(), agent), CLOCK);
    }

    @Override
    public void close() throws SQLException, IOException {
        workspace.close();
        database.close();
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
