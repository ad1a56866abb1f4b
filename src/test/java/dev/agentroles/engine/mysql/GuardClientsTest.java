package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What ordinary clients send is not refused, and what they send without WHERE is.
@OnEachMySql
final class GuardClientsTest {
    @AutoClose
    private final GuardGround ground;

    private final boolean mariadb;

    GuardClientsTest(MySql server) throws SQLException, IOException {
        this.mariadb = server.mariadb();
        this.ground = new GuardGround(server);
    }

    @BeforeEach
    void rowsAreThere() throws SQLException {
        ground.fill();
    }

    @Entity(name = "Customer")
    @Table(name = "customers")
    static class Customer {
        @Id
        @GeneratedValue(strategy = GenerationType.IDENTITY)
        @Nullable
        Long id;

        @Version
        int version;

        @Nullable
        String email;

        @Nullable
        String name;

        @Nullable
        String status;
    }

    @Entity(name = "Big")
    @Table(name = "big")
    static class Big {
        @Id
        int id;

        int a;

        @Nullable
        String s;
    }

    private Connection connect(String scheme, String options) throws SQLException {
        var url = ground.url().replace("jdbc:mysql:", "jdbc:" + scheme + ":");
        var properties = new Properties();
        properties.setProperty("user", ground.writer.username());
        properties.setProperty("password", ground.writer.clear());
        if (scheme.equals("mariadb")) {
            // A fresh MariaDB 10.11 has no certificate, a fresh MySQL makes one of its own.
            properties.setProperty("sslMode", mariadb ? "disable" : "trust");
        }
        for (var option : options.split("&", -1)) {
            if (option.contains("=")) {
                properties.setProperty(option.split("=", 2)[0], option.split("=", 2)[1]);
            }
        }
        return DriverManager.getConnection(url, properties);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "mysql ",
                "mysql useServerPrepStmts=true",
                "mysql useServerPrepStmts=true&cachePrepStmts=true&rewriteBatchedStatements=true",
                "mysql rewriteBatchedStatements=true&useAffectedRows=true",
                "mariadb ",
                "mariadb useServerPrepStmts=true",
                "mariadb useBulkStmts=true&useServerPrepStmts=true",
                "mariadb useBulkStmtsForInserts=true&allowMultiQueries=true"
            })
    void aJdbcDriverInEachOfItsModes(String mode) throws SQLException {
        try (var connection = connect(mode.split(" ", 2)[0], mode.split(" ", 2)[1])) {
            try (var update = connection.prepareStatement("UPDATE big SET s = ? WHERE id = ?")) {
                for (int id = 1; id <= 12; id++) {
                    update.setString(1, "it's -- # /* \\ \" ` " + id);
                    update.setInt(2, id);
                    assertThat(update.executeUpdate()).isOne();
                }
                for (int id = 20; id < 60; id++) {
                    update.setString(1, "batch");
                    update.setInt(2, id);
                    update.addBatch();
                }
                assertThat(Arrays.stream(update.executeBatch())).allMatch(count -> count == 1 || count == -2);
            }
            connection.setAutoCommit(false);
            try (var upsert = connection.prepareStatement(
                    "INSERT INTO tiny (id, v, s) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE v = VALUES(v)")) {
                for (int id = 1; id <= 30; id++) {
                    upsert.setInt(1, id);
                    upsert.setInt(2, 7);
                    upsert.setString(3, "u");
                    upsert.addBatch();
                }
                upsert.executeBatch();
            }
            connection.commit();
            assertThat(ground.database.query("SELECT sum(v) FROM tiny")).containsExactly("210");
            try (var all = connection.prepareStatement("UPDATE big SET s = ?")) {
                all.setString(1, " WHERE id = 1");
                refusedWith("AR001", all::executeUpdate);
            }
            try (var many = connection.prepareStatement("DELETE FROM big WHERE id > ?")) {
                many.setInt(1, 0);
                refusedWith("AR002", many::executeUpdate);
            }
            connection.rollback();
        }
        assertThat(ground.database.query("SELECT count(*) FROM big")).containsExactly("1000");
    }

    private static void refusedWith(String state, org.assertj.core.api.ThrowableAssert.ThrowingCallable send) {
        assertThatThrownBy(send)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(refused.getSQLState()).isEqualTo(state));
    }

    private SessionFactory hibernate() {
        return new Configuration()
                .addAnnotatedClass(Customer.class)
                .addAnnotatedClass(Big.class)
                .setProperty(
                        "hibernate.connection.url",
                        mariadb ? ground.url().replace("jdbc:mysql:", "jdbc:mariadb:") : ground.url())
                .setProperty("hibernate.connection.sslMode", mariadb ? "disable" : "PREFERRED")
                .setProperty("hibernate.connection.username", ground.writer.username())
                .setProperty("hibernate.connection.password", ground.writer.clear())
                .setProperty("hibernate.jdbc.batch_size", "20")
                .setProperty("hibernate.connection.pool_size", "2")
                .buildSessionFactory();
    }

    @Test
    void hibernateUpdatesDeletesAndPersistsEntities() {
        try (var factory = hibernate()) {
            factory.inTransaction(session -> {
                for (int id = 1; id <= 50; id++) {
                    session.find(Big.class, id).s = "changed";
                }
                session.remove(session.find(Big.class, 60));
            });
            factory.inTransaction(session -> {
                session.find(Customer.class, 1L).name = "Changed";
                var fresh = new Customer();
                fresh.email = "new@x";
                session.persist(fresh);
                assertThat(fresh.id).isGreaterThan(3);
            });
            factory.inTransaction(session ->
                    assertThat(session.find(Customer.class, 1L).version).isOne());
            factory.inTransaction(session -> {
                assertThat(session.createMutationQuery("update Big o set o.s = 'bulk' where o.id between 100 and 150")
                                .executeUpdate())
                        .isEqualTo(51);
                assertThat(session.createMutationQuery("delete from Big where id in (300, 301)")
                                .executeUpdate())
                        .isEqualTo(2);
            });
            assertThatThrownBy(() -> factory.inTransaction(session ->
                            session.createMutationQuery("delete from Big").executeUpdate()))
                    .hasStackTraceContaining("agentroles refused UPDATE or DELETE without WHERE");
            assertThatThrownBy(() ->
                            factory.inTransaction(session -> session.createMutationQuery("delete from Big where id > 0")
                                    .executeUpdate()))
                    .hasStackTraceContaining("agentroles refused to change more than 100 rows at once");
        }
    }

    @Test
    void jooqUpdatesDeletesAndUpserts() throws SQLException {
        try (var connection = connect("mysql", "")) {
            DSLContext jooq = DSL.using(connection, mariadb ? SQLDialect.MARIADB : SQLDialect.MYSQL);
            var big = table(name("big"));
            var id = field(name("big", "id"), Integer.class);
            var s = field(name("s"), String.class);
            assertThat(jooq.update(big).set(s, "j").where(id.in(1, 2, 3)).execute())
                    .isEqualTo(3);
            assertThat(jooq.deleteFrom(big).where(id.eq(5)).execute()).isOne();
            assertThat(jooq.insertInto(big)
                            .columns(field(name("id")), field(name("a")), field(name("s")))
                            .values(7, 7, "q")
                            .onDuplicateKeyUpdate()
                            .set(s, "q")
                            .execute())
                    .isPositive();
            assertThatThrownBy(() -> jooq.deleteFrom(big).execute())
                    .hasMessageContaining("agentroles refused UPDATE or DELETE without WHERE");
        }
    }

    /// Nothing but what stands in `clients.py`, in a virtual environment of this build's own.
    @Test
    void pyMySqlAndSqlAlchemyWriteAndAreRefused() throws IOException, InterruptedException {
        var script = Path.of("target", "clients.py");
        Files.writeString(script, GuardGround.resource("clients.py"));
        var url = ground.url();
        var process = new ProcessBuilder(List.of(
                        "bash", "scripts/python-clients", script.toString(), url.substring(url.indexOf("//") + 2)))
                .redirectErrorStream(true);
        process.environment().put("AGENT", ground.writer.username());
        process.environment().put("AGENT_PASSWORD", ground.writer.clear());
        var running = process.start();
        String said;
        try (var reader = running.inputReader()) {
            said = String.join("\n", reader.lines().toList());
        }
        assertThat(running.waitFor()).as(said).isZero();
        assertThat(said).endsWith("all as expected");
    }
}
