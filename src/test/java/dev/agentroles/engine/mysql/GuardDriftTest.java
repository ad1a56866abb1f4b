package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Guard;
import dev.agentroles.access.Securable;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is read back is what was made, and nothing else that could work differently.
@OnEachMySql
final class GuardDriftTest {
    @AutoClose
    private final GuardGround ground;

    GuardDriftTest(MySql server) throws SQLException, IOException {
        ground = new GuardGround(server);
    }

    private GuardCatalog look() throws SQLException {
        try (var connection = ground.database.superuser()) {
            return new GuardReader(connection, form()).read(true);
        }
    }

    private Set<Guard.Table> wanted(GuardCatalog catalog) {
        return GuardGround.TABLES.stream()
                .map(name -> new Securable.Relation(ground.database.name(), name))
                .map(name -> new Guard.Table(
                        name,
                        GuardDefinition.wanted(
                                        catalog.form(),
                                        catalog.tables()
                                                .guarded(
                                                        catalog.tables()
                                                                .find(name)
                                                                .orElseThrow(),
                                                        List.of(ground.tier())))
                                .text(),
                        false))
                .collect(Collectors.toSet());
    }

    @Test
    void whatIsReadBackIsWhatWasMade() throws SQLException {
        var catalog = look();

        assertThat(catalog.core()).containsExactlyInAnyOrderElementsOf(catalog.expected());
        assertThat(catalog.guard().tables()).containsExactlyInAnyOrderElementsOf(wanted(catalog));
        assertThat(catalog.guard().limits())
                .containsExactly(new Guard.Limits(
                        ground.agent(),
                        ground.tier(),
                        Optional.of(new Guard.Caps(
                                100,
                                Guard.Caps.UNBOUNDED,
                                Guard.Caps.UNBOUNDED,
                                Optional.of(new Guard.Window(500, 60)),
                                false))));
        assertThat(catalog.guard().core()).isEqualTo(Optional.of(GuardDefinition.fingerprint(catalog.expected())));
    }

    private Securable.Relation tiny() {
        return new Securable.Relation(ground.database.name(), "tiny");
    }

    private Guard.Table found(String table) throws SQLException {
        var name = new Securable.Relation(ground.database.name(), table);
        return look().guard().tables().stream()
                .filter(one -> one.on().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private boolean asWanted() throws SQLException {
        var catalog = look();
        return catalog.guard().tables().equals(wanted(catalog))
                && catalog.guard().core().equals(Optional.of(GuardDefinition.fingerprint(catalog.expected())));
    }

    private GuardForm form() {
        return ground.database.server().mariadb() ? new MariaDbGuard() : new MySqlGuard();
    }

    /// The plan names the table, and apply mends it.
    private void rebuild(String table) {
        assertThat(ground.plan())
                .contains("guard on %s.%s, not as it should be".formatted(ground.database.name(), table));
        ground.apply();
        assertThat(ground.plan()).contains("nothing to do");
    }

    /// @return the server's error number; 0 if it was let through
    private int send(String text) throws SQLException {
        try (var connection = ground.database.server().connect(ground.views(), ground.writer);
                var statement = connection.createStatement()) {
            statement.execute(text);
            return 0;
        } catch (SQLException refused) {
            return refused.getErrorCode();
        }
    }

    @Test
    void aColumnThatIsAddedIsSeenAndTheViewIsRebuilt() throws SQLException {
        ground.fill();
        ground.run(List.of("ALTER TABLE tiny ADD added INT NOT NULL"));

        assertThat(found("tiny").definition()).contains("columns id, v, s;");
        assertThat(asWanted()).isFalse();
        assertThat(send("INSERT INTO tiny (id, v) VALUES (50, 1)")).isNotZero();
        assertThat(send("UPDATE tiny SET v = 4 WHERE id = 1")).isZero();
        assertThat(send("UPDATE tiny SET v = 4")).isEqualTo(1644);
        assertThat(ground.operator.run("audit", "shop.yaml").out())
                .contains("LOW  GUARD-CHANGED  %s has other columns than its guarded view".formatted(tiny().display()))
                .doesNotContain("CRITICAL  GUARD");

        rebuild("tiny");
        assertThat(asWanted()).isTrue();
        assertThat(send("INSERT INTO tiny (id, v, added) VALUES (50, 1, 2)")).isZero();
    }

    @Test
    void viewsCanBeDescribedAfterTheRoutinesWereMadeAnew() throws SQLException {
        ground.run(List.of("DROP FUNCTION agentroles_guard.live"));

        ground.apply();
        assertThat(asWanted()).isTrue();
        assertThat(send("SHOW COLUMNS FROM tiny")).isZero();
    }

    @Test
    void aViewThatLetsEverythingThroughIsCriticalWhateverItsColumns() throws SQLException {
        var made = "ALTER DEFINER = %s SQL SECURITY DEFINER VIEW `%s`.tiny AS SELECT b.id AS id, b.v AS v FROM tiny b"
                .formatted(GuardSql.DEFINER, ground.views());
        ground.run(List.of(made));

        assertThat(ground.operator.run("audit", "shop.yaml").out())
                .contains("CRITICAL  GUARD-CHANGED  the guarded view of " + tiny().display());
    }

    @Test
    void aColumnThatIsDroppedOrRenamedClosesTheAgentOutUntilTheViewIsRebuilt() throws SQLException {
        ground.fill();
        for (var gone : List.of("s", "v")) {
            var change = gone.equals("s") ? "ALTER TABLE tiny DROP s" : "ALTER TABLE tiny RENAME COLUMN v TO w";
            ground.run(List.of(change));

            assertThat(asWanted()).as(change).isFalse();
            assertThat(send("INSERT INTO tiny (id) VALUES (70)")).as(change).isEqualTo(1356);
            assertThat(send("SELECT * FROM tiny")).as(change).isEqualTo(1356);
            // MariaDB lets a statement on one table through that needs nothing of what is gone: judged and counted.
            int rest = ground.database.server().mariadb() ? 0 : 1356;
            assertThat(send("DELETE FROM tiny")).as(change).isEqualTo(rest == 0 ? 1644 : 1356);
            assertThat(send("DELETE FROM tiny WHERE 1 = 1")).as(change).isEqualTo(rest == 0 ? 1644 : 1356);
            assertThat(send("UPDATE tiny SET id = id + 1000 WHERE id = 1"))
                    .as(change)
                    .isEqualTo(rest);
            assertThat(send("DELETE FROM tiny WHERE id = 1001")).as(change).isEqualTo(rest);
            assertThat(send("UPDATE tiny SET " + gone + " = 1 WHERE id = 2"))
                    .as(change)
                    .isEqualTo(1356);
            assertThat(send("UPDATE tiny x JOIN big b ON b.id = x.id SET x.id = 3000 WHERE x.id = 2"))
                    .as(change)
                    .isEqualTo(1356);
            assertThat(send("DELETE FROM big WHERE id > 0")).as(change).isEqualTo(1644);

            rebuild("tiny");
            assertThat(asWanted()).as(change).isTrue();
            assertThat(send("DELETE FROM tiny WHERE id = 70")).as(change).isZero();
        }
    }

    @Test
    void aTableSwappedByRenameStaysGuarded() throws SQLException {
        ground.fill();
        ground.run(List.of(
                "CREATE TABLE tiny_new LIKE tiny",
                "INSERT INTO tiny_new SELECT * FROM tiny",
                "RENAME TABLE tiny TO tiny_old, tiny_new TO tiny"));

        assertThat(send("UPDATE tiny SET v = 9 WHERE id = 1")).isZero();
        assertThat(send("UPDATE tiny SET v = 9")).isEqualTo(1644);
        assertThat(ground.database.query("SELECT v FROM tiny WHERE id = 1")).containsExactly("9");
        assertThat(asWanted()).isTrue();
    }

    @Test
    void aForeignKeyThatCascadesIsSeenAndItsRowsAreCountedFromThenOn() throws SQLException {
        ground.fill();
        ground.run(List.of(
                "CREATE TABLE hangers (id INT PRIMARY KEY, tiny_id INT,"
                        + " CONSTRAINT fk_h_t FOREIGN KEY (tiny_id) REFERENCES tiny (id) ON DELETE CASCADE)",
                "INSERT INTO hangers SELECT id, 1 FROM big WHERE id <= 150"));
        assertThat(asWanted()).isFalse();

        rebuild("tiny");
        assertThat(asWanted()).isTrue();
        assertThat(send("DELETE FROM tiny WHERE id = 1")).isEqualTo(1644);
        assertThat(send("DELETE FROM tiny WHERE id = 2")).isZero();
        assertThat(ground.database.query("SELECT count(*) FROM hangers")).containsExactly("150");
    }

    @Test
    void cascadesOfCascadesAreCounted() throws SQLException {
        ground.fill();
        ground.run(List.of(
                "CREATE TABLE item_notes (id INT PRIMARY KEY, item_id BIGINT,"
                        + " CONSTRAINT fk_n_i FOREIGN KEY (item_id) REFERENCES order_items (id) ON DELETE CASCADE)",
                "INSERT INTO item_notes SELECT id, 1 FROM big WHERE id <= 98"));
        rebuild("orders");

        // One order, two items, 98 notes.
        assertThat(send("DELETE FROM orders WHERE id = 1")).isEqualTo(1644);
        ground.run(List.of("DELETE FROM item_notes WHERE id = 98"));
        assertThat(send("DELETE FROM orders WHERE id = 1")).isZero();
    }

    @Test
    void whateverSomebodyChangesInTheGuardIsSeen() throws SQLException {
        var views = ground.views();
        var shop = ground.database.name();
        var definer = "ALGORITHM=MERGE DEFINER='agentroles_guard'@'localhost' SQL SECURITY DEFINER VIEW ";
        for (var change : List.of(
                "CREATE OR REPLACE " + definer + views + ".tiny AS SELECT b.id, b.v, b.s FROM " + shop + ".tiny b",
                "ALTER SQL SECURITY INVOKER VIEW " + views + ".tiny AS SELECT b.id, b.v, b.s FROM " + shop + ".tiny b",
                "DROP VIEW " + views + ".tiny",
                "DELETE FROM agentroles_guard.reach",
                "REVOKE DELETE ON " + shop + ".tiny FROM 'agentroles_guard'@'localhost'")) {
            ground.run(List.of(change));
            assertThat(asWanted()).as(change).isFalse();
            ground.apply();
            assertThat(asWanted()).as("mended: " + change).isTrue();
        }
    }

    @Test
    void aRoutineOfTheGuardThatWasReplacedIsSeen() throws SQLException {
        for (var change : List.of(
                List.of(
                        "DROP FUNCTION agentroles_guard.gate",
                        "CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.gate() RETURNS INT"
                                + " DETERMINISTIC READS SQL DATA RETURN 1"),
                List.of("ALTER FUNCTION agentroles_guard.live SQL SECURITY INVOKER"),
                List.of("DROP FUNCTION agentroles_guard.live"),
                List.of("CREATE FUNCTION agentroles_guard.more() RETURNS INT DETERMINISTIC RETURN 1"))) {
            ground.run(change);
            assertThat(asWanted()).as(change.toString()).isFalse();
            ground.run(List.of("DROP FUNCTION IF EXISTS agentroles_guard.more"));
            ground.apply();
            assertThat(asWanted()).as("mended: " + change).isTrue();
        }
    }

    @Test
    void whatStandsInTheViewsPlaceIsNotTaken() throws SQLException {
        ground.run(List.of(
                "DROP VIEW " + ground.views() + ".tiny",
                "CREATE VIEW " + ground.views() + ".tiny AS SELECT * FROM tiny"));

        assertThat(look().taken(tiny()))
                .hasValueSatisfying(why -> assertThat(why)
                        .isEqualTo(ground.views() + ".tiny, where its guarded view belongs, is not the guard's"));
    }

    @Test
    void aRemovalThatWasCutBeforeTheGuardsAccountWentIsFinished() throws SQLException, IOException {
        for (var schema : form().viewSchemas(tiny())) {
            ground.database.execute("DROP DATABASE " + schema);
        }
        ground.database.execute("DROP DATABASE agentroles_guard");

        assertThat(ground.plan()).doesNotContain("agentroles did not make it");
        ground.apply();

        assertThat(ground.plan()).contains("nothing to do");
    }
}
