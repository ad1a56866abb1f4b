package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.engine.Statement;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Statements that met another session's lock or row are run again, all of them, and counted as done once.
@OnEachPostgreSql
final class RetryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @AutoClose
    private final Database database;

    private final Login administrator;
    private final AtomicInteger done = new AtomicInteger();

    @AutoClose
    private final ExecutorService threads = Executors.newSingleThreadExecutor();

    /// Another session, in the middle of a transaction.
    @AutoClose
    private final Connection other;

    RetryTest(PostgreSql server) throws SQLException {
        database = server.createDatabase();
        administrator = database.login("admin");
        database.execute(
                "CREATE SCHEMA app AUTHORIZATION " + administrator.username(),
                "SET ROLE " + administrator.username(),
                "CREATE TABLE app.orders (total int)",
                "CREATE TABLE app.lines (id int)",
                "CREATE SEQUENCE app.tries",
                "INSERT INTO app.orders VALUES (1)",
                "RESET ROLE",
                "CREATE ROLE " + database.role("reader"),
                "CREATE ROLE " + database.role("writer"));
        other = database.superuser();
        other.setAutoCommit(false);
    }

    @Test
    void twoGrantsOnOneTableBothCount() throws Exception {
        inOther(grant("app.orders", "writer"));
        var grant = executing(PATIENCE, grant("app.orders", "reader"));
        database.awaitLockWaits(administrator, 1);
        other.commit();

        grant.get();

        assertThat(done).hasValue(1);
        assertThat(readersOf("app.orders")).containsExactly(database.role("reader"), database.role("writer"));
    }

    @Test
    void grantsInOppositeOrderEndWell() throws Exception {
        // The one that waits shorter finds the deadlock and gives way: ours.
        inOther("SET deadlock_timeout = '1min'", grant("app.lines", "writer"));
        var grants = executing(PATIENCE, grant("app.orders", "reader"), grant("app.lines", "reader"));
        database.awaitLockWaits(administrator, 1);
        inOther(grant("app.orders", "writer"));
        other.commit();

        grants.get();

        assertThat(done).hasValue(1);
        for (var table : List.of("app.orders", "app.lines")) {
            assertThat(readersOf(table)).containsExactly(database.role("reader"), database.role("writer"));
        }
        assertThat(database.server().log()).contains("deadlock detected");
    }

    @Test
    void aRowThatSomebodyElseChangedIsChangedAfterThat() throws Exception {
        database.execute("ALTER ROLE %s SET default_transaction_isolation = 'repeatable read'"
                .formatted(administrator.username()));
        inOther("UPDATE app.orders SET total = total + 1");
        var update = executing(PATIENCE, "UPDATE app.orders SET total = total * 10");
        database.awaitLockWaits(administrator, 1);
        other.commit();

        update.get();

        assertThat(database.query("SELECT total FROM app.orders")).containsExactly("20");
    }

    @Test
    void aLockThatIsHeldForAWhileIsWaitedForAgain() throws Exception {
        inOther("LOCK TABLE app.orders");
        var change = executing(PATIENCE, "ALTER TABLE app.orders ADD COLUMN note text");
        database.awaitLockWaits(administrator, 2);
        other.rollback();

        change.get();

        assertThat(done).hasValue(1);
    }

    /// Two turns, with a pause between them in which the others go on.
    @Test
    void aLockThatIsNeverGivenUpIsAnErrorInTheEnd() throws SQLException {
        inOther("LOCK TABLE app.orders");

        var change = executing(Duration.ofSeconds(5), counted(), "ALTER TABLE app.orders ADD COLUMN note text");

        assertThatThrownBy(change::get).rootCause().hasMessageContaining("lock timeout");
        assertThat(done).hasValue(0);
        assertThat(tries()).containsExactly("2");
    }

    @Test
    void whatFailsForGoodIsTriedOnce() throws SQLException {
        var grants = executing(PATIENCE, counted(), grant("app.lines", "reader"), grant("app.nothing", "reader"));

        assertThatThrownBy(grants::get).rootCause().hasMessageContaining("app.nothing");
        assertThat(done).hasValue(0);
        assertThat(tries()).containsExactly("1");
        assertThat(readersOf("app.lines")).as("all or nothing").isEmpty();
    }

    private Future<?> executing(Duration lockTimeout, String... statements) {
        return threads.submit(() -> {
            try (var server = new PostgresEngine().connect(database.target(administrator))) {
                server.execute(
                        Stream.of(statements)
                                .map(sql -> new Statement(sql, List.of()))
                                .toList(),
                        lockTimeout,
                        done::incrementAndGet);
            }
            return "ended";
        });
    }

    private void inOther(String... statements) throws SQLException {
        try (var statement = other.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private String grant(String table, String role) {
        return "GRANT SELECT ON %s TO %s".formatted(table, database.role(role));
    }

    /// A sequence goes on where a transaction is rolled back.
    private static String counted() {
        return "DO $$ BEGIN PERFORM nextval('app.tries'); END $$";
    }

    private List<String> tries() throws SQLException {
        return database.query("SELECT last_value FROM app.tries");
    }

    private List<String> readersOf(String table) throws SQLException {
        return database.query("""
                SELECT r.rolname FROM pg_class c, aclexplode(c.relacl) x JOIN pg_roles r ON r.oid = x.grantee
                 WHERE c.oid = '%s'::regclass AND x.privilege_type = 'SELECT' AND x.grantee <> c.relowner ORDER BY 1
                """.formatted(table));
    }
}
