package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnNewestMySqlAndMariaDb;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The ledger went back to a backup and the accounts of the server did not. On MariaDB the ledger has their
/// marks: the login that was issued since has none.
@OnNewestMySqlAndMariaDb
final class MySqlRestoredLedgerTest {
    private static final String AGENT = ChangeGround.AGENT;

    private final MySqlDatabase database;
    private final ChangeGround ground;
    private final boolean mariadb;
    private String login = "";

    MySqlRestoredLedgerTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        database = server.createDatabase();
        ground = ChangeGround.OnMySql.of(database, directory);
        mariadb = server.mariadb();
    }

    @BeforeEach
    void theBackupIsOlderThanWhatIsPublished() throws SQLException {
        ground.apply();
        ground.ends(0, "rotate", "shop.yaml", "--agent", AGENT);
        login = ground.forgetNewestLease();
    }

    @AfterEach
    void close() throws SQLException {
        ground.close();
    }

    private boolean works(Login published) {
        try (var session = database.connect(published)) {
            return session.isValid(5);
        } catch (SQLException refused) {
            return false;
        }
    }

    @Test
    void whatTheAgentReadsOutlivesAReap() {
        ground.operator.run("reap", "shop.yaml");

        var published = ground.operator.published(AGENT);
        assertThat(published.username()).isEqualTo(login);
        assertThat(works(published)).isTrue();
    }

    @Test
    void whoeverLooksAfterItIsTold() {
        for (var command : new String[] {"plan", "status", "reap"}) {
            assertThat(ground.operator.run(command, "shop.yaml").err())
                    .as(command)
                    .contains("never knew login " + login + ": it was put back");
        }
    }

    @Test
    void aRevocationEndsItOrSaysThatItDidNot() {
        stops("revoke", "shop.yaml", "--agent", AGENT);
    }

    @Test
    void aFreezeEndsItOrSaysThatItDidNot() {
        stops("freeze", "shop.yaml", "--reason", "test");
    }

    private void stops(String... command) {
        var published = ground.operator.published(AGENT);

        var said = ground.operator.run(command);

        assertThat(works(published)).isEqualTo(mariadb);
        assertThat(said.code()).as(said.err()).isEqualTo(mariadb ? 4 : 0);
        if (mariadb) {
            assertThat(said.out() + said.err())
                    .contains("login " + login + " still works", "ALTER USER", "ACCOUNT LOCK");
        }
    }

    /// It is named for the agent that it is called after.
    @Test
    void aRevocationOfAnotherDoesNotNameIt() {
        assertThat(ground.ends(0, "revoke", "shop.yaml", "--agent", "other").err())
                .doesNotContain(login);
    }
}
