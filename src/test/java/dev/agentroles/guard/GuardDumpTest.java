package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.Program;
import dev.agentroles.harness.Ran;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database that was dumped and restored is guarded as it was. With the PostgreSQL programs of this machine,
/// as far as they know the server.
@OnEachPostgreSql
final class GuardDumpTest {
    private final PostgreSql server;

    @AutoClose
    private final Ground ground;

    GuardDumpTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.server = server;
        this.ground = new Ground(server, directory);
    }

    @Test
    void aRestoredDatabaseIsGuarded() throws SQLException {
        if (!programs()) {
            return;
        }
        try (var restored = server.createDatabase()) {
            var dump = Program.run(superuser(ground.database.name()), "", "pg_dump", "--no-unlogged-table-data");
            Program.run(superuser(restored.name()), dump, "psql", "-XqAt", "-v", "ON_ERROR_STOP=1");
            restored.execute("GRANT CONNECT ON DATABASE %s TO PUBLIC".formatted(restored.name()));
            try (var session = restored.connect(ground.agent());
                    var statement = session.createStatement()) {
                assertThat(statement.executeUpdate("DELETE FROM orders WHERE id = 2"))
                        .isOne();
                for (var attack : Map.of(
                                "DELETE FROM orders", "AR001",
                                "UPDATE customers SET name = 'x' WHERE id > 0", "AR002",
                                "SET session_replication_role = replica; DELETE FROM orders", "42501")
                        .entrySet()) {
                    var refused = catchThrowableOfType(SQLException.class, () -> statement.execute(attack.getKey()));
                    assertThat(refused.getSQLState()).as(attack.getKey()).isEqualTo(attack.getValue());
                }
            }
            try (var session = restored.connect(ground.application);
                    var statement = session.createStatement()) {
                assertThat(statement.executeUpdate("DELETE FROM customers")).isEqualTo(3000);
            }
        }
    }

    private boolean programs() {
        if (!Ran.has("pg_dump") || !Ran.has("psql")) {
            return false;
        }
        if (major() < server.major()) {
            Ran.not("pg_dump of " + server, "the one on the PATH is of " + major());
            return false;
        }
        return true;
    }

    /// What `pg_restore --clean` does with one table, in the application's hands.
    @Test
    void aTableThatTheApplicationRestoresIsGuarded() throws SQLException {
        if (programs()) {
            var dump =
                    Program.run(application(ground.database.name()), "", "pg_dump", "--clean", "-t", "public.counters");
            Program.run(application(ground.database.name()), dump, "psql", "-XqAt", "-v", "ON_ERROR_STOP=1");
            ground.hasNothingToDo();
            assertThat(refused(ground.database, "DELETE FROM counters")).isEqualTo("AR001");
        }
    }

    /// The same by hand, for servers that are newer than the programs.
    @Test
    void aTableThatItsOwnerMakesAgainIsGuarded() throws SQLException {
        try (var session = ground.database.connect(ground.application);
                var statement = session.createStatement()) {
            statement.execute("SET ROLE " + ground.owner());
            statement.execute("ALTER TABLE counters RENAME TO counters_1");
            statement.execute("CREATE TABLE counters (LIKE counters_1)");
            statement.execute("INSERT INTO counters SELECT * FROM counters_1");
            for (var trigger : ground.database.query("""
                    SELECT replace(pg_get_triggerdef(oid), 'counters_1', 'counters') FROM pg_trigger
                    WHERE tgrelid = 'counters_1'::regclass AND tgname = 'agentroles_guard'""")) {
                statement.execute(trigger);
            }
            statement.execute("ALTER TABLE counters ENABLE ALWAYS TRIGGER agentroles_guard");
            statement.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON counters TO \"%s\"".formatted(ground.writer()));
            statement.execute("GRANT SELECT ON counters TO ar_%s__guard".formatted(ground.database.name()));
            statement.execute("DROP TABLE counters_1");
        }
        ground.hasNothingToDo();
        assertThat(refused(ground.database, "DELETE FROM counters")).isEqualTo("AR001");
    }

    /// Its own dump has no functions of the guard in it: without `--no-acl` the agents' rights would come
    /// without them.
    @Test
    void aDatabaseThatTheApplicationRestoresElsewhereIsClosedToAgents() throws SQLException {
        if (!programs()) {
            return;
        }
        try (var restored = server.createDatabase()) {
            restored.execute(
                    "GRANT CONNECT ON DATABASE %s TO PUBLIC".formatted(restored.name()),
                    "GRANT CREATE ON SCHEMA public TO " + ground.owner());
            var dump = Program.run(
                    application(ground.database.name()),
                    "",
                    "pg_dump",
                    "--exclude-schema=agentroles",
                    "--exclude-schema=agentroles_guard",
                    "--no-acl");
            Program.run(application(restored.name()), dump, "psql", "-XqAt");
            assertThat(restored.query("SELECT count(*) FROM orders")).containsExactly("5000");
            assertThat(refused(restored, "DELETE FROM orders")).isEqualTo("42501");
        }
    }

    private String refused(Database database, String sql) {
        return String.valueOf(catchThrowableOfType(SQLException.class, () -> {
                    try (var session = database.connect(ground.agent());
                            var statement = session.createStatement()) {
                        statement.execute(sql);
                    }
                })
                .getSQLState());
    }

    private static int major() {
        return Integer.parseInt(
                Program.run(Map.of(), "", "pg_dump", "--version").replaceFirst("\\D+(\\d+)(?s:.*)", "$1"));
    }

    private Map<String, String> superuser(String database) {
        return as(server.superuserLogin(), database);
    }

    private Map<String, String> application(String database) {
        var environment = as(ground.application, database);
        environment.put("PGOPTIONS", "-c role=" + ground.owner());
        return environment;
    }

    private Map<String, String> as(Login login, String database) {
        var environment = new HashMap<>(ground.environment());
        environment.putAll(Map.of("PGDATABASE", database, "PGUSER", login.username(), "PGPASSWORD", login.clear()));
        return environment;
    }
}
