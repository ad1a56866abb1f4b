package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.agentroles.harness.OnOldestAndNewestPostgreSql;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.Program;
import dev.agentroles.harness.Ran;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What ordinary clients send is not refused, and what they send without WHERE is.
@OnOldestAndNewestPostgreSql
final class GuardClientsTest {
    @AutoClose
    private final Ground ground;

    GuardClientsTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(server, directory);
    }

    @Entity(name = "Odd")
    @Table(name = "odd")
    static class Odd {
        @Id
        int id;

        @Version
        @Column(name = "\"update\"")
        int version;

        @Column(name = "\"Order\"")
        @Nullable
        String order;
    }

    private Connection connect(String mode, int threshold) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", ground.agent().username());
        properties.setProperty("password", ground.agent().clear());
        properties.setProperty("preferQueryMode", mode);
        properties.setProperty("prepareThreshold", Integer.toString(threshold));
        return DriverManager.getConnection(ground.database.url(), properties);
    }

    @ParameterizedTest(name = "{0}, prepared on the server after {1}")
    @CsvSource({
        "simple, 0",
        "extended, 0",
        "extended, 1",
        "extended, 5",
        "extendedForPrepared, 5",
        "extendedCacheEverything, 3"
    })
    void theJdbcDriverInEachOfItsModes(String mode, int threshold) throws SQLException {
        try (var connection = connect(mode, threshold)) {
            try (var update = connection.prepareStatement("UPDATE orders SET note = ? WHERE id = ?")) {
                for (int id = 1; id <= 12; id++) {
                    update.setString(1, "n" + id);
                    update.setInt(2, id);
                    assertThat(update.executeUpdate()).isOne();
                }
            }
            connection.setAutoCommit(false);
            try (var delete = connection.prepareStatement("DELETE FROM staging WHERE id = ?")) {
                for (int id = 1; id <= 100; id++) {
                    delete.setInt(1, id);
                    delete.addBatch();
                }
                assertThat(Arrays.stream(delete.executeBatch()).sum()).isEqualTo(100);
            }
            connection.commit();
            try (var all = connection.prepareStatement("UPDATE orders SET note = ?")) {
                all.setString(1, "x");
                assertThatThrownBy(all::executeUpdate)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                refused -> assertThat(refused.getSQLState()).isEqualTo("AR001"));
            }
            connection.rollback();
            try (var many = connection.prepareStatement("UPDATE orders SET note = ? WHERE id > ?")) {
                many.setString(1, "x");
                many.setInt(2, 0);
                many.executeUpdate();
                assertThatThrownBy(connection::commit)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                refused -> assertThat(refused.getSQLState()).isEqualTo("AR002"));
            }
        }
    }

    @Test
    void aBatchOfInsertsThatTheDriverRewritesAndUpsertsPass() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", ground.agent().username());
        properties.setProperty("password", ground.agent().clear());
        properties.setProperty("reWriteBatchedInserts", "true");
        try (var connection = DriverManager.getConnection(ground.database.url(), properties);
                var upsert = connection.prepareStatement(
                        "INSERT INTO config (id, v) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET v = excluded.v")) {
            for (int id = 1; id <= 60; id++) {
                upsert.setInt(1, id);
                upsert.setString(2, "b");
                upsert.addBatch();
            }
            upsert.executeBatch();
        } catch (BatchUpdateException refused) {
            throw new AssertionError(refused.getNextException());
        }
    }

    private SessionFactory hibernate() {
        return new Configuration()
                .addAnnotatedClass(Odd.class)
                .setProperty("hibernate.connection.url", ground.database.url())
                .setProperty("hibernate.connection.username", ground.agent().username())
                .setProperty("hibernate.connection.password", ground.agent().clear())
                .setProperty("hibernate.jdbc.batch_size", "20")
                .setProperty("hibernate.connection.pool_size", "2")
                .buildSessionFactory();
    }

    @Test
    void hibernateUpdatesDeletesAndMergesEntities() {
        try (var factory = hibernate()) {
            factory.inTransaction(session -> {
                for (int id = 1; id <= 50; id++) {
                    session.find(Odd.class, id).order = "changed";
                }
                session.remove(session.find(Odd.class, 60));
            });
            factory.inTransaction(
                    session -> assertThat(session.find(Odd.class, 1).version).isOne());
            factory.inTransaction(session -> {
                assertThat(session.createMutationQuery(
                                        "update Odd o set o.order = 'bulk' where o.id between 100 and 200")
                                .executeUpdate())
                        .isEqualTo(101);
                assertThat(session.createMutationQuery("delete from Odd where id in (300, 301)")
                                .executeUpdate())
                        .isEqualTo(2);
                assertThat(session.createMutationQuery("update versioned Odd set order = 'v' where id = 400")
                                .executeUpdate())
                        .isOne();
            });
            assertThatThrownBy(() -> factory.inTransaction(session ->
                            session.createMutationQuery("delete from Odd").executeUpdate()))
                    .hasStackTraceContaining("agentroles refused DELETE on public.odd: DELETE without WHERE");
            assertThatThrownBy(() ->
                            factory.inTransaction(session -> session.createMutationQuery("delete from Odd where id > 0")
                                    .executeUpdate()))
                    .hasStackTraceContaining(
                            "agentroles refused to change 1997 rows of public.odd at once: the limit is 1000");
        }
    }

    @Test
    void jooqUpdatesDeletesUpsertsAndMerges() throws SQLException {
        try (var connection = ground.database.connect(ground.agent())) {
            DSLContext jooq = DSL.using(connection, SQLDialect.POSTGRES);
            var orders = table(name("orders"));
            var id = field(name("orders", "id"), Integer.class);
            var note = field(name("note"), String.class);
            assertThat(jooq.update(orders).set(note, "j").where(id.in(1, 2, 3)).execute())
                    .isEqualTo(3);
            assertThat(jooq.update(orders)
                            .set(note, "j")
                            .where(id.eq(4))
                            .returning(id)
                            .fetch())
                    .hasSize(1);
            assertThat(jooq.deleteFrom(orders)
                            .where(id.eq(5).and(DSL.trueCondition()))
                            .execute())
                    .isOne();
            assertThat(jooq.deleteFrom(orders).where(id.in(java.util.List.of())).execute())
                    .isZero();
            var config = table(name("config"));
            var key = field(name("id"), Integer.class);
            var value = field(name("v"), String.class);
            jooq.insertInto(config, key, value)
                    .values(1, "j")
                    .onConflict(key)
                    .doUpdate()
                    .set(value, "j")
                    .execute();
            assertThatThrownBy(() -> jooq.deleteFrom(orders).execute())
                    .hasMessageContaining("agentroles refused DELETE on public.orders: DELETE without WHERE");
        }
    }

    @Test
    void psqlWithItsVariablesAndItsMessagesOfSeveralStatements() {
        if (!Ran.has("psql")) {
            return;
        }
        var said = Program.run(ground.environment(), """
                \\set id 5
                UPDATE orders SET note = :'id' WHERE id = :id RETURNING note;
                BEGIN;
                DELETE FROM staging WHERE id < 10;
                COMMIT;
                SELECT format('UPDATE orders SET note = %L WHERE id = %s', 'g', id) FROM orders WHERE id < 3 \\gexec
                UPDATE orders SET note = 'a' WHERE id = 6 \\; DELETE FROM orders WHERE id = 7;
                DELETE FROM orders;
                DELETE FROM orders WHERE id > 0;
                """, "psql", "-XqAt", "-v", "VERBOSITY=sqlstate");
        assertThat(said).isEqualTo("""
                5
                ERROR:  AR001
                ERROR:  AR002
                """);
    }
}
