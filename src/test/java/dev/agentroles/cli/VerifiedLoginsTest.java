package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Mark;
import dev.agentroles.harness.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever login of an agent the server lets in is examined, whatever the ledger calls it.
final class VerifiedLoginsTest {
    @AutoClose
    private final Ground ground;

    private final Database database;

    VerifiedLoginsTest(@TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(directory);
        database = ground.database;
    }

    @BeforeEach
    void everythingIsApplied() throws SQLException {
        database.execute("CREATE TABLE app.salaries (amount int)");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    /// What `verify` says when it finds something.
    private String found() {
        return ground.ends(2, "verify", "shop.yaml", "--no-probes", "--no-color")
                .out();
    }

    private String login() {
        return ground.published(Ground.AGENT).orElseThrow().username();
    }

    @Test
    void whatTheLoginOfARunningProgramWasGivenIsFound() throws Exception {
        try (var program = new RunningProgram(ground, Ground.AGENT)) {
            assertThat(ground.operator.run("verify", "shop.yaml", "--no-probes").out())
                    .doesNotContain(program.login());
            database.execute("GRANT SELECT ON app.salaries TO \"%s\"".formatted(program.login()));

            assertThat(found()).contains("GRANT-EXCESS", program.login() + " has SELECT on app.salaries");
        }
    }

    @Test
    void whatATierRoleWasGivenIsToldOnceWithItsAgents() throws Exception {
        ground.operator.edit("shop.yaml", text -> text.replace("ddl-denied", "explore"));
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        var tier = "ar_" + database.name() + "_orders_explore";
        var other = database.role("payroll");
        database.execute(
                "CREATE ROLE " + other,
                "GRANT %s TO \"%s\"".formatted(other, tier),
                "GRANT pg_read_all_data TO \"%s\"".formatted(tier));

        assertThat(found())
                .containsOnlyOnce("MEMBERSHIP  whoever has " + tier + " has all that " + other + " may do")
                .containsOnlyOnce("PREDEFINED-ROLE  whoever has " + tier + " has all that pg_read_all_data may do\n"
                        + "    where     agents order-desk and support-bot, database ");
        assertThat(ground.ends(2, "verify", "shop.yaml", "--no-probes", "--format", "json")
                        .out()
                        .split("\"code\":\"PREDEFINED-ROLE\"", -1))
                .hasSize(3);
    }

    @Test
    void aLoginThatStaysBeyondTheEndOfItsLeaseIsFoundOnceThatHasCome() throws SQLException {
        var login = login();
        database.execute("ALTER ROLE \"%s\" VALID UNTIL 'infinity'".formatted(login));
        ground.expire(Ground.AGENT, 1);

        assertThat(found()).contains("LEASE-EXTENDED", "login " + login + " expires never, declared was");
    }

    @Test
    void aLoginThatEndedAndIsNotReapedYetIsNoFinding() throws SQLException {
        database.execute("ALTER ROLE \"%s\" VALID UNTIL '2020-01-01'".formatted(login()));
        ground.expire(Ground.AGENT, 1);

        assertThat(ground.operator.run("verify", "shop.yaml", "--no-probes").out())
                .doesNotContain("LEASE-");
    }

    @Test
    void aLoginWithTheMarkOfALeaseThatNoLedgerKnowsIsFoundAndItsCureEndsIt() throws SQLException {
        var agent = "ar_%s_%s".formatted(database.name(), Ground.AGENT);
        var login = agent + "_1zzzzzzz";
        var mark = new Mark("production", database.name(), new Mark.Kind.LeaseLogin(Ground.AGENT, "1zzzzzzz"));
        database.execute(
                "CREATE ROLE \"%s\" LOGIN IN ROLE \"%s\"".formatted(login, agent),
                "COMMENT ON ROLE \"%s\" IS '%s'".formatted(login, mark.text()));

        assertThat(found()).contains("""
                HIGH  LEASE-UNKNOWN  login %1$s works, and the ledger knows no lease 1zzzzzzz
                    where     agent support-bot, database %2$s
                    path      %1$s
                    evidence  no row of agentroles.lease
                    cure      Find out who made it; agentroles reap shop.yaml drops it, and where agents read it, after agentroles rotate shop.yaml has published another.
                    mend      ALTER ROLE "%1$s" NOLOGIN

                """.formatted(login, database.name()));

        database.execute("ALTER ROLE \"%s\" NOLOGIN".formatted(login));
        assertThat(ground.operator.run("verify", "shop.yaml", "--no-probes").out())
                .doesNotContain("LEASE-UNKNOWN");
    }
}
