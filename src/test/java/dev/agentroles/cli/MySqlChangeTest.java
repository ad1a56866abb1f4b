package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnNewestMySqlAndMariaDb;
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
@OnNewestMySqlAndMariaDb
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

    @Test
    void aRehearsalThatFailsLeavesNoDatabase() throws Exception {
        var name = ground.asked("ALTER TABLE orders ADD COLUMN total int");

        ground.change(2, "rehearse", name);

        assertThat(database.query("SELECT schema_name FROM information_schema.schemata"
                        + " WHERE schema_name LIKE 'agentroles\\_rehearsal%'"))
                .isEmpty();
    }

    /// A server that was restarted gives its numbers anew, some of them to sessions of its own, which never end.
    @Test
    void aSessionOfTheServerItselfKeepsNobodyFromSettling() throws Exception {
        var name = ground.approved(ground.untold());
        ground.dies(FaultPoints.Point.CHANGE_MADE, name);
        var scheduler = database.query("SELECT @@GLOBAL.event_scheduler").getFirst();
        try {
            database.execute(
                    "SET GLOBAL event_scheduler = ON",
                    "UPDATE agentroles.change_request SET handle ="
                            + " (SELECT id FROM information_schema.processlist WHERE user = 'event_scheduler')");
            assertThat(database.query("SELECT count(handle) FROM agentroles.change_request"))
                    .containsExactly("1");

            ground.change(0, "settle", name, "--as", "done", "--reason", "it is there");
        } finally {
            database.execute("SET GLOBAL event_scheduler = " + scheduler);
        }
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
}
