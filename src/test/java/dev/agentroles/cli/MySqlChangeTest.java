package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import dev.agentroles.harness.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Schema changes behind a person on MySQL and MariaDB, where each statement commits by itself and is tried on empty
/// copies.
@OnEachMySql
final class MySqlChangeTest implements ChangeContract {
    private final MySqlDatabase database;
    private final ChangeGround ground;

    MySqlChangeTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        database = server.createDatabase();
        ground = ChangeGround.OnMySql.of(database, directory);
    }

    @Override
    public ChangeGround ground() {
        return ground;
    }

    /// The guard's view does not have the column yet.
    @Test
    void aGuardedTableWithAnotherColumnIsGuardedAnew() throws Exception {
        ground.operator.edit("shop.yaml", text -> text.replaceFirst("tier: explore", "tier: writer, rows: 10"));
        ground.apply();
        ground.change(0, "run", ground.approved(ground.noteColumn()));

        assertThat(ground.ends(2, "plan", "shop.yaml").out()).contains("guard on " + database.name() + ".orders");
        ground.apply();
        ground.ends(0, "plan", "shop.yaml");
    }

    @Test
    void aRehearsalThatFailsLeavesNoDatabase() throws Exception {
        var name = ground.asked("ALTER TABLE orders ADD COLUMN total int");

        ground.change(2, "rehearse", name);

        assertThat(database.query("SELECT schema_name FROM information_schema.schemata"
                        + " WHERE schema_name LIKE 'agentroles\\_rehearsal%'"))
                .isEmpty();
    }

    /// One that was killed left a session that is still at its copies.
    @Test
    void aRehearsalWaitsForAnotherOnesRestNoLongerThanARun() throws Exception {
        ground.profile(", lock_timeout: 1s");
        var name = ground.asked(ground.noteColumn());
        database.execute(
                "CREATE DATABASE agentroles_rehearsal_1", "CREATE TABLE agentroles_rehearsal_1.orders (id int)");
        try (var rehearsals = Executors.newSingleThreadExecutor();
                var session = database.superuser()) {
            session.setAutoCommit(false);
            TestDatabase.query(session, "SELECT id FROM agentroles_rehearsal_1.orders");
            var said = rehearsals.submit(() -> ground.operator.run("change", "rehearse", "shop.yaml", name));

            assertThat(said.get(30, TimeUnit.SECONDS).code()).isOne();
        }
        ground.change(0, "rehearse", name);
    }

    /// Any login can take any lock that has a name.
    @Test
    void whoElseHoldsTheLockOfARehearsalIsNamed() throws Exception {
        ground.profile(", lock_timeout: 1s");
        var name = ground.asked(ground.noteColumn());
        try (var session = database.connect(ground.operator.published(ChangeGround.AGENT))) {
            TestDatabase.query(session, "SELECT GET_LOCK('agentroles_rehearsal', 0)");
            var number = TestDatabase.query(session, ground.sessionNumber()).getFirst();

            assertThat(ground.change(1, "rehearse", name).err()).contains("session " + number, "KILL " + number);
        }
        ground.change(0, "rehearse", name);
    }

    @Test
    void whoHasMoreThanASchemaRunsNothing() throws Exception {
        var name = ground.approved(ground.noteColumn());
        var mighty = database.login("mighty");
        database.execute("GRANT ALL ON *.* TO '%s'@'%%'".formatted(mighty.username()));
        ground.changesAs(mighty);

        assertThat(ground.change(3, "run", name).err()).contains("CREATE USER", "on everything");
        assertThat(ground.columns()).containsExactly("id", "total");
    }

    /// What the owner makes can take that role on, too.
    @Test
    void theRoleOfAnOwnerIsItsPower() throws Exception {
        var name = ground.approved(ground.noteColumn());
        var role = database.named("mighty");
        database.execute(
                "CREATE ROLE " + role,
                "GRANT CREATE USER ON *.* TO " + role,
                "GRANT %s TO '%s'@'%%'".formatted(role, ground.owner.username()));
        try {
            assertThat(ground.change(3, "run", name).err()).contains("has CREATE USER on everything");
        } finally {
            database.execute("DROP ROLE " + role);
        }
        assertThat(ground.columns()).containsExactly("id", "total");
    }

    @Test
    void whoMayWriteToEveryTableRunsNothing() throws Exception {
        var name = ground.approved(ground.noteColumn());
        database.execute("GRANT UPDATE ON *.* TO '%s'@'%%'".formatted(ground.owner.username()));

        assertThat(ground.change(3, "run", name).err()).contains("has UPDATE on everything");
        assertThat(ground.columns()).containsExactly("id", "total");
    }

    @Test
    void aRehearsalDropsOnlyWhatItMade() throws Exception {
        var name = ground.asked(ground.noteColumn());
        var other = "agentroles_rehearsal_of_" + database.name();
        var large = "AGENTROLES_REHEARSAL_1";
        database.execute("CREATE DATABASE " + other, "CREATE DATABASE " + large);
        try {
            ground.change(0, "rehearse", name);
            assertThat(database.query("SELECT schema_name FROM information_schema.schemata"
                            + " WHERE lower(schema_name) LIKE 'agentroles\\_rehearsal%'"))
                    .containsExactlyInAnyOrder(other, large);
        } finally {
            database.execute("DROP DATABASE IF EXISTS " + other, "DROP DATABASE IF EXISTS " + large);
        }
    }

    /// The next rehearsal would drop it.
    @Test
    void nothingIsTriedInADatabaseThatIsNamedAsAScratchOne() throws Exception {
        var name = ground.asked(ground.noteColumn());
        var named = "agentroles_rehearsal_77";
        database.execute(
                "CREATE DATABASE " + named,
                "CREATE TABLE %s.orders (id int)".formatted(named),
                "GRANT ALL ON %s.* TO '%s'@'%%'"
                        .formatted(named, ground.operator.administrator().username()));
        try {
            ground.operator.set("ODD_URL", database.server().url(named));
            ground.operator.write("odd.yaml", ground.operator.read("shop.yaml").replace("DB_URL", "ODD_URL"));

            assertThat(ground.change(3, "rehearse", name, "--on", "odd.yaml").err())
                    .contains(named, "drop");
            assertThat(database.query("SELECT schema_name FROM information_schema.schemata WHERE schema_name = '%s'"
                            .formatted(named)))
                    .containsExactly(named);
        } finally {
            database.execute("DROP DATABASE IF EXISTS " + named);
        }
    }
}
