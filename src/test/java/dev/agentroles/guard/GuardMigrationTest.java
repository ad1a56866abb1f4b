package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The application's own migrations run on guarded tables as they did before, with its own login;
/// afterwards the agent is held or closed out, and `plan` says what the guard lacks.
@OnEachPostgreSql
final class GuardMigrationTest {
    @AutoClose
    private final Ground ground;

    @TempDir
    Path migrations = Path.of("");

    GuardMigrationTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(server, directory);
    }

    private void migrate(String sql) throws IOException {
        Files.writeString(migrations.resolve("V2__change.sql"), "SET ROLE %s;\n%s".formatted(ground.owner(), sql));
        var login = ground.application;
        Flyway.configure()
                .dataSource(ground.database.url(), login.username(), login.clear())
                .locations("filesystem:" + migrations)
                .schemas("flyway")
                .createSchemas(true)
                .baselineOnMigrate(true)
                .load()
                .migrate();
    }

    private int send(Login login, String sql) throws SQLException {
        try (var session = ground.database.connect(login);
                var statement = session.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private String refused(String sql) {
        return String.valueOf(catchThrowableOfType(SQLException.class, () -> send(ground.agent(), sql))
                .getSQLState());
    }

    @Test
    void columnsAreAddedDroppedRenamedAndRetyped() throws SQLException, IOException {
        migrate("""
                ALTER TABLE customers ADD COLUMN phone text;
                ALTER TABLE customers DROP COLUMN email;
                ALTER TABLE customers RENAME COLUMN name TO full_name;
                ALTER TABLE customers ALTER COLUMN id TYPE bigint;
                ALTER TABLE orders ALTER COLUMN note TYPE varchar(100);
                UPDATE customers SET phone = '0';
                CREATE INDEX ON customers (full_name);
                """);
        assertThat(send(ground.agent(), "UPDATE customers SET full_name = 'x' WHERE id = 1"))
                .isOne();
        assertThat(refused("UPDATE customers SET full_name = 'x'")).isEqualTo("AR001");
        assertThat(refused("UPDATE customers SET full_name = 'x' WHERE id > 0")).isEqualTo("AR002");
        assertThat(ground.plan()).doesNotContain("guard on");
    }

    @Test
    void aRenamedTableStaysGuarded() throws SQLException, IOException {
        migrate("ALTER TABLE customers RENAME TO clients");
        assertThat(refused("DELETE FROM clients")).isEqualTo("AR001");
    }

    @Test
    void aSwappedTableIsClosedUntilTheNextApply() throws SQLException, IOException {
        migrate("""
                CREATE TABLE nopk_new (LIKE nopk INCLUDING ALL);
                INSERT INTO nopk_new SELECT * FROM nopk;
                ALTER TABLE nopk RENAME TO nopk_old;
                ALTER TABLE nopk_new RENAME TO nopk;
                DROP TABLE nopk_old;
                """);
        assertThat(refused("DELETE FROM nopk WHERE a = 1")).isEqualTo("42501");
        assertThat(ground.plan()).contains("+ guard on public.nopk");
        ground.apply();
        assertThat(send(ground.agent(), "DELETE FROM nopk WHERE a = 1")).isOne();
        assertThat(refused("DELETE FROM nopk")).isEqualTo("AR001");
    }

    @Test
    void aTableIsMadePartitioned() throws SQLException, IOException {
        migrate("""
                ALTER TABLE staging RENAME TO staging_1;
                CREATE TABLE staging (id int, status text) PARTITION BY RANGE (id);
                ALTER TABLE staging ATTACH PARTITION staging_1 FOR VALUES FROM (0) TO (1000);
                CREATE TABLE staging_2 PARTITION OF staging FOR VALUES FROM (1000) TO (100000);
                INSERT INTO staging SELECT g, 'x' FROM generate_series(1000, 4000) g;
                """);
        // The old table, now a partition, keeps its guard and the agent's rights on it.
        assertThat(refused("DELETE FROM staging_1")).isEqualTo("AR001");
        assertThat(refused("DELETE FROM staging WHERE id = 1")).isEqualTo("42501");
        ground.apply();
        assertThat(send(ground.agent(), "DELETE FROM staging WHERE id = 1")).isOne();
        assertThat(refused("DELETE FROM staging WHERE id > 0")).isEqualTo("AR002");
        migrate3("ALTER TABLE staging DETACH PARTITION staging_2; DROP TABLE staging_2;");
        assertThat(send(ground.agent(), "DELETE FROM staging WHERE id = 2")).isOne();
    }

    private void migrate3(String sql) throws IOException {
        Files.move(migrations.resolve("V2__change.sql"), migrations.resolve("V1_5__before.sql"));
        Files.delete(migrations.resolve("V1_5__before.sql"));
        Files.writeString(migrations.resolve("V3__change.sql"), "SET ROLE %s;\n%s".formatted(ground.owner(), sql));
        var login = ground.application;
        Flyway.configure()
                .dataSource(ground.database.url(), login.username(), login.clear())
                .locations("filesystem:" + migrations)
                .schemas("flyway")
                .ignoreMigrationPatterns("*:missing")
                .load()
                .migrate();
    }

    @Test
    void keysAreAddedAndDropped() throws SQLException, IOException {
        migrate("""
                CREATE TABLE notes (id int PRIMARY KEY, customer int REFERENCES customers ON DELETE CASCADE);
                INSERT INTO notes SELECT g, 1 + g % 2 FROM generate_series(1, 3000) g;
                ALTER TABLE order_items DROP CONSTRAINT order_items_order_id_fkey;
                """);
        assertThat(refused("DELETE FROM customers WHERE id = 1")).isEqualTo("AR007");
        assertThat(send(ground.agent(), "UPDATE customers SET name = 'x' WHERE id = 1"))
                .isOne();
        assertThat(send(ground.application, "DELETE FROM customers WHERE id = 2"))
                .isOne();
        assertThat(ground.plan()).contains("+ guard on public.notes");
        ground.apply();
        assertThat(refused("DELETE FROM customers WHERE id = 1")).isEqualTo("AR002");
    }

    @Test
    void whatCascadesFromAPartitionOrIsSwitchedOffHoldsTheAgent() throws SQLException, IOException {
        migrate("""
                CREATE TABLE marks (event int REFERENCES events_1 (id) ON UPDATE CASCADE);
                ALTER TABLE order_items DISABLE TRIGGER USER;
                """);
        assertThat(refused("UPDATE events SET payload = 'x' WHERE id = 1")).isEqualTo("AR007");
        assertThat(refused("DELETE FROM orders WHERE id = 2")).isEqualTo("AR007");
        ground.apply();
        assertThat(send(ground.agent(), "UPDATE events SET payload = 'x' WHERE id = 1"))
                .isOne();
        assertThat(send(ground.agent(), "DELETE FROM orders WHERE id = 2")).isOne();
    }

    @Test
    void aKeyOfALeafGuardsTheLeaf() throws SQLException, IOException {
        migrate("""
                CREATE TABLE acct_notes (id int, acct_id int) PARTITION BY RANGE (id);
                CREATE TABLE acct_notes_1 (id int, acct_id int REFERENCES acct ON DELETE CASCADE);
                INSERT INTO acct_notes_1 SELECT g, 1 FROM generate_series(1, 3000) g;
                ALTER TABLE acct_notes ATTACH PARTITION acct_notes_1 FOR VALUES FROM (0) TO (10000);
                """);
        assertThat(refused("DELETE FROM acct WHERE id = 2")).isEqualTo("AR007");
        assertThat(ground.plan())
                .contains("+ guard on public.acct_notes_1")
                .doesNotContain("guard on public.acct_notes:", "guard on public.acct_log_0");
        ground.apply();
        assertThat(ground.plan()).doesNotContain("guard on");
        assertThat(send(ground.agent(), "DELETE FROM acct WHERE id = 2")).isOne();
        assertThat(refused("DELETE FROM acct WHERE id = 1")).isEqualTo("AR002");
    }

    /// The server counts no rows of a foreign table.
    @Test
    void aForeignPartHoldsTheAgentAndTheNextApplyTakesTheWrite() throws SQLException, IOException {
        var server = ground.environment();
        ground.database.execute(
                "CREATE TABLE logs (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (0) TO (10000)",
                "CREATE TABLE archive AS SELECT 10000 + g AS id FROM generate_series(1, 5000) g",
                "CREATE TABLE old_nopk AS SELECT 10000 + g AS a, 'x'::text AS b FROM generate_series(1, 5000) g",
                "INSERT INTO logs SELECT g FROM generate_series(1, 100) g",
                "ALTER TABLE logs OWNER TO " + ground.owner(),
                "ALTER TABLE logs_1 OWNER TO " + ground.owner(),
                "GRANT ALL ON archive, old_nopk TO " + ground.application.username(),
                "CREATE EXTENSION postgres_fdw",
                "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '%s', port '%s', dbname '%s')"
                        .formatted(server.get("PGHOST"), server.get("PGPORT"), server.get("PGDATABASE")),
                "CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user '%s', password '%s')"
                        .formatted(ground.application.username(), ground.application.clear()),
                "GRANT USAGE ON FOREIGN SERVER far TO " + ground.owner());
        ground.widen("public.logs");
        ground.apply();
        migrate("""
                CREATE FOREIGN TABLE logs_cold PARTITION OF logs FOR VALUES FROM (10000) TO (20000)
                  SERVER far OPTIONS (table_name 'archive');
                CREATE FOREIGN TABLE nopk_cold () INHERITS (nopk) SERVER far OPTIONS (table_name 'old_nopk');
                """);

        assertThat(refused("DELETE FROM logs WHERE id >= 10000")).isEqualTo("AR007");
        assertThat(refused("DELETE FROM logs WHERE id = 1")).isEqualTo("AR007");
        assertThat(refused("UPDATE nopk SET b = 'y' WHERE a > 10000")).isEqualTo("AR007");
        assertThat(ground.findings())
                .anyMatch(line -> line.contains("public.logs"))
                .anyMatch(line -> line.contains("public.nopk"));

        ground.apply();
        assertThat(refused("DELETE FROM logs WHERE id = 1")).isEqualTo("42501");
        assertThat(refused("UPDATE nopk SET b = 'y' WHERE a = 1")).isEqualTo("42501");
        assertThat(send(ground.agent(), "UPDATE customers SET name = 'x' WHERE id = 1"))
                .isOne();
        assertThat(ground.operator.run("plan", "shop.yaml").code()).isZero();
        assertThat(ground.plan())
                .contains(
                        "public.logs cannot be guarded any more: its part public.logs_cold is a foreign table",
                        "public.nopk cannot be guarded any more: its part public.nopk_cold is a foreign table");

        ground.database.execute("DROP FOREIGN TABLE logs_cold, nopk_cold");
        ground.apply();
        assertThat(send(ground.agent(), "DELETE FROM logs WHERE id = 1")).isOne();
        assertThat(send(ground.agent(), "DELETE FROM nopk WHERE a = 1")).isOne();
    }

    @Test
    void aTableOfAnotherAccessMethodHoldsTheAgent() throws SQLException, IOException {
        var method = ground.database.role("pile");
        ground.database.execute("CREATE ACCESS METHOD %s TYPE TABLE HANDLER heap_tableam_handler".formatted(method));
        migrate("ALTER TABLE nopk SET ACCESS METHOD " + method);
        assertThat(refused("DELETE FROM nopk WHERE a = 1")).isEqualTo("AR007");
        ground.apply();
        assertThat(refused("DELETE FROM nopk WHERE a = 1")).isEqualTo("42501");
    }

    @Test
    void aRuleHoldsTheAgentUntilWhatItChangesIsGuarded() throws SQLException, IOException {
        migrate("""
                CREATE TABLE trail (customer int);
                INSERT INTO trail SELECT g FROM generate_series(1, 5000) g;
                CREATE VIEW trails AS SELECT * FROM trail;
                CREATE RULE clear AS ON UPDATE TO customers DO ALSO DELETE FROM trails;
                """);
        assertThat(refused("UPDATE customers SET name = 'x' WHERE id = 1")).isEqualTo("AR007");
        assertThat(send(ground.agent(), "DELETE FROM customers WHERE id = 1")).isOne();
        ground.apply();
        assertThat(refused("UPDATE customers SET name = 'x' WHERE id = 2")).isEqualTo("AR002");
    }

    @Test
    void tablesAreDroppedAndTheApplicationChangesEveryRow() throws SQLException, IOException {
        migrate("""
                UPDATE orders SET note = 'all';
                DELETE FROM customers;
                TRUNCATE docs;
                DROP TABLE odd CASCADE;
                ALTER TABLE config SET UNLOGGED;
                """);
        assertThat(send(ground.application, "DELETE FROM settings")).isEqualTo(12);
        assertThat(ground.plan()).contains("pattern \"public.odd\" matches no table or view");
    }
}
