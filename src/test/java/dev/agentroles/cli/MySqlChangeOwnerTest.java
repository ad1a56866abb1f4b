package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a schema change does on a MySQL or MariaDB of whatever version: whose power it runs with, by the server's
/// grant tables, and which databases a rehearsal makes and drops.
@OnEachMySql
final class MySqlChangeOwnerTest {
    private final MySqlDatabase database;

    @AutoClose
    private final ChangeGround ground;

    MySqlChangeOwnerTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        database = server.createDatabase();
        ground = ChangeGround.OnMySql.of(database, directory);
    }

    @BeforeEach
    void applied() {
        ground.apply();
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

    /// A pattern that stands for every database stands for those that are not the owner's.
    @Test
    void whoMayWriteToTheLedgerRunsNothing() throws Exception {
        var name = ground.approved(ground.noteColumn());
        database.execute("GRANT INSERT ON `agent%%`.* TO '%s'@'%%'".formatted(ground.owner.username()));

        assertThat(ground.change(3, "run", name).err())
                .contains("may write to agentroles, agentroles_changes, agentroles_guard:");
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
