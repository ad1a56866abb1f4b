package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Schema changes behind a person on PostgreSQL, where a statement is a transaction and the server tells afterwards
/// whether it was done.
final class ChangeTest implements ChangeContract {
    private final Database database;
    private final ChangeGround ground;

    ChangeTest(@TempDir Path directory) throws SQLException, IOException {
        database = PostgreSql.newest().createDatabase();
        ground = ChangeGround.OnPostgreSql.of(database, directory);
    }

    @Override
    public ChangeGround ground() {
        return ground;
    }

    /// The revocation is not in the ledger that was restored; the agent's role has its mark.
    @Test
    void nothingIsChangedForAnAgentWhoseRevocationTheLedgerHasForgotten() throws Exception {
        var approved = ground.approved(ground.noteColumn());
        var asked = ground.asked(ground.noteColumn());
        var backup = LedgerBackup.of(database);
        ground.ends(0, "revoke", "shop.yaml", "--agent", ChangeGround.AGENT);
        ground.ends(0, "reap", "shop.yaml");
        backup.restore();
        var revoked = "agent " + ChangeGround.AGENT + " was revoked on " + database.name();

        assertThat(ground.change(3, "run", approved).err()).contains(revoked);
        assertThat(ground.change(3, "approve", asked, "--yes", "--expect", ground.fingerprint(asked))
                        .err())
                .contains(revoked);
        assertThat(ground.columns()).containsExactly("id", "total");
        ground.ends(0, "thaw", "shop.yaml", "--agent", ChangeGround.AGENT, "--yes", "--environment", "production");
        ground.change(0, "run", approved);
    }

    @Test
    void whatIsMadeBelongsToTheOwnerOfTheSchema() throws Exception {
        ground.change(0, "run", ground.approved(ground.noteColumn()));
        ground.change(0, "run", ground.approved("CREATE TABLE app.notes (id int)"));

        assertThat(
                        database.query(
                                "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid IN ('app.orders'::regclass, 'app.notes'::regclass)"))
                .containsExactly(ground.owner.username(), ground.owner.username());
    }

    /// The statement is done, and whoever ran it died before they could say so.
    @Test
    void whatWasDoneIsFoundDone() throws Exception {
        var name = ground.approved(ground.noteColumn());
        ground.dies(FaultPoints.Point.CHANGE_MADE, name);
        assertThat(ground.standing(name)).isEqualTo("running");
        assertThat(ground.columns()).contains("note");

        assertThat(ground.change(3, "settle", name, "--as", "undone").err()).contains("the server says", "was done");
        assertThat(ground.change(0, "run", name).out()).contains("was done already");
        assertThat(ground.standing(name)).isEqualTo("done");
        assertThat(ground.columns()).containsExactly("id", "total", "note");
    }

    @Test
    void whatWasNotDoneIsDone() throws Exception {
        var name = ground.approved(ground.noteColumn());
        ground.dies(FaultPoints.Point.CHANGE_STARTED, name);
        assertThat(ground.standing(name)).isEqualTo("running");
        assertThat(ground.columns()).containsExactly("id", "total");

        assertThat(ground.change(0, "run", name).out()).contains("done").doesNotContain("already");
        assertThat(ground.columns()).contains("note");
    }

    @Test
    void aTrialInAnotherEnvironmentLeavesNothingThere() throws Exception {
        try (var staging = PostgreSql.newest().createDatabase()) {
            var stagingOwner = staging.login("owner");
            staging.execute(
                    "CREATE SCHEMA app AUTHORIZATION " + stagingOwner.username(),
                    "CREATE TABLE app.orders (id int PRIMARY KEY, note text)",
                    "ALTER TABLE app.orders OWNER TO " + stagingOwner.username(),
                    "ALTER DATABASE %s OWNER TO %s".formatted(staging.name(), stagingOwner.username()));
            var administrator = staging.administratorInheritingFrom(stagingOwner.username());
            var operator = ground.operator;
            operator.set("STAGING_URL", staging.url());
            operator.set("STAGING_ADMIN", administrator.username());
            operator.set("STAGING_PASSWORD", administrator.clear());
            operator.set("STAGING_OWNER", stagingOwner.username());
            operator.set("STAGING_OWNER_PASSWORD", stagingOwner.clear());
            operator.write(
                    "staging.yaml",
                    operator.read("shop.yaml")
                            .replace("production", "staging")
                            .replace(database.name(), staging.name())
                            .replace("DB_URL", "STAGING_URL")
                            .replace("DB_ADMIN", "STAGING_ADMIN")
                            .replace("DB_PASSWORD", "STAGING_PASSWORD")
                            .replace("{env: OWNER}", "{env: STAGING_OWNER}")
                            .replace("{env: OWNER_PASSWORD}", "{env: STAGING_OWNER_PASSWORD}"));
            var name = ground.asked(ground.noteColumn());
            assertThat(ground.change(1, "rehearse", name, "--on", "staging.yaml")
                            .err())
                    .contains("agentroles apply staging");
            ground.ends(0, "apply", "staging.yaml", "--yes", "--no-verify");

            assertThat(ground.change(2, "rehearse", name, "--on", "staging.yaml")
                            .out())
                    .contains("fails", "staging", "already exists");
            assertThat(ground.change(0, "show", name).out()).contains("rehearsed", "staging", "refused: ");
            assertThat(staging.query(
                            "SELECT outcome FROM agentroles.journal WHERE action = 'rehearse change' ORDER BY seq"))
                    .containsExactly("begun", "failed");

            staging.execute("ALTER TABLE agentroles.journal RENAME TO elsewhere");
            assertThat(ground.change(1, "rehearse", name, "--on", "staging.yaml")
                            .err())
                    .contains(staging.name())
                    .doesNotContain(database.name());
        }
    }

    @Test
    void whoHasMoreThanASchemaRunsNothing() throws Exception {
        var name = ground.approved(ground.noteColumn());
        var mighty = database.login("mighty", "SUPERUSER");
        ground.changesAs(mighty);
        assertThat(ground.change(3, "run", name).err()).contains("which is a superuser");
        ground.changesAs(database.login("member", "NOINHERIT", "IN ROLE " + mighty.username()));
        assertThat(ground.change(3, "run", name).err())
                .contains("is a member of " + mighty.username() + ", which is a superuser");
        ground.changesAs(database.login("writer", "IN ROLE pg_write_all_data"));
        assertThat(ground.change(3, "run", name).err()).contains("may write to every table");
        var scribe = database.login("scribe");
        database.execute("GRANT INSERT ON agentroles.journal TO " + scribe.username());
        ground.changesAs(scribe);
        assertThat(ground.change(3, "run", name).err()).contains("may write to the ledger (schema agentroles)");
        assertThat(ground.standing(name)).isEqualTo("approved");
        assertThat(ground.columns()).containsExactly("id", "total");
    }

    @Test
    void anOlderLedgerIsBroughtUpToDateByApply() throws Exception {
        database.execute(
                "DROP TABLE agentroles.change_request, agentroles.change_turn",
                "DELETE FROM agentroles.schema_history WHERE version = '2'");

        assertThat(ground.change(1, "list").err()).contains("knew no change requests", "agentroles apply");
        ground.ends(0, "freeze", "shop.yaml", "--reason", "it cannot wait");
        ground.ends(0, "thaw", "shop.yaml", "--yes", "--environment", "production");
        assertThat(ground.ends(2, "plan", "shop.yaml").out()).contains("ledger");
        ground.apply();
        ground.change(0, "list");
    }
}
