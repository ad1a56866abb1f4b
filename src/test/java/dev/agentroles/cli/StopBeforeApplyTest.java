package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Naming;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A stop in an environment of two databases, to one of which nothing was applied yet: it stops what there is,
/// and holds for what is still to come.
final class StopBeforeApplyTest {
    private static final String THAW = "thaw two.yaml --yes --environment production";

    @AutoClose
    private final Ground ground;

    @AutoClose
    private final Database fresh;

    StopBeforeApplyTest(@TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(directory);
        fresh = PostgreSql.newest().createDatabase();
        fresh.execute("CREATE SCHEMA app", "CREATE TABLE app.orders AS SELECT 1 AS id");
        var administrator = fresh.login("admin", "SUPERUSER");
        ground.operator.set("FRESH_URL", fresh.url());
        ground.operator.set("FRESH_ADMIN", administrator.username());
        ground.operator.set("FRESH_PASSWORD", administrator.clear());
        // In front of the other, so that apply comes here first.
        ground.operator.write(
                "two.yaml",
                ground.operator.head("production").replace("databases:\n", """
                databases:
                  %s:
                    engine: postgresql
                    url: {env: FRESH_URL}
                    admin: {username: {env: FRESH_ADMIN}, password: {env: FRESH_PASSWORD}}
                """.formatted(fresh.name()))
                        + """
                scopes:
                  orders: {database: %s, include: [app.orders]}
                  copies: {database: %s, include: [app.orders]}
                agents:
                  support-bot: {access: [{scope: orders, tier: explore}, {scope: copies, tier: explore}]}
                  order-desk: {access: [{scope: orders, tier: ddl-denied}, {scope: copies, tier: explore}]}
                """.formatted(ground.database.name(), fresh.name()));
    }

    private Operator.Said run(int code, String line) {
        return ground.ends(code, line.split(" "));
    }

    private String freshLogins() throws SQLException {
        return String.join(
                " ",
                fresh.query(
                        "SELECT rolname FROM pg_roles WHERE rolcanlogin AND starts_with(rolname, 'ar_%s_') ORDER BY 1"
                                .formatted(fresh.name())));
    }

    @Test
    void aFreezeStopsWhatThereIsAndKeepsApplyFromTheRest() throws SQLException {
        run(0, "apply shop.yaml --yes --no-verify");

        var said = run(0, "freeze two.yaml --reason now");

        assertThat(said.out())
                .contains("  " + fresh.name()
                        + ": nothing was applied there yet, so no login is out; apply refuses until thaw\n")
                .contains("- " + ground.database.name()
                        + " is frozen; 2 logins closed, 0 sessions ended, secrets deleted");
        assertThat(run(3, "apply two.yaml --yes").err()).contains("environment production is frozen");
        assertThat(fresh.query("SELECT 1 FROM pg_namespace WHERE nspname = 'agentroles'"))
                .isEmpty();

        assertThat(run(0, THAW).out())
                .contains("  " + fresh.name() + " was not stopped\n")
                .contains("+ " + ground.database.name() + " thawed; ");
        run(0, "apply two.yaml --yes --no-verify");
        assertThat(freshLogins()).isNotEmpty();
    }

    @Test
    void whoWasRevokedIsRevokedWhereTheLedgerIsMadeLater() throws SQLException {
        run(0, "apply shop.yaml --yes --no-verify");

        assertThat(run(0, "revoke two.yaml --agent support-bot --reason odd").out())
                .contains("  support-bot on " + fresh.name()
                        + ": nothing was applied there yet, so no login is out; apply will revoke it there, too\n");
        assertThat(run(2, "plan two.yaml").out())
                .contains("lease for order-desk")
                .doesNotContain("lease for support-bot");
        run(0, "apply two.yaml --yes --no-verify");
        run(0, "rotate two.yaml");

        var desk = Naming.agentRole(fresh.name(), "order-desk").value();
        assertThat(freshLogins()).startsWith(desk).doesNotContain("support-bot");
        assertThat(run(0, "status two.yaml").out())
                .contains("REVOKED support-bot on " + fresh.name() + " by tester@test")
                .contains(": odd\n");
        assertThat(run(0, "log two.yaml --agent support-bot").out())
                .contains("as on other databases of the profile: odd");

        run(0, THAW + " --agent support-bot");
        run(0, "apply two.yaml --yes --no-verify");
        assertThat(freshLogins()).contains("support-bot");
    }

    /// It belongs where nothing was applied, and is shown where it has nothing, as nobody else tells.
    @Test
    void whoWasRevokedBeforeAnythingWasMadeIsShownAsThat() throws IOException {
        ground.without(Ground.AGENT);
        run(0, "apply shop.yaml --yes --no-verify");
        ground.operator.edit(
                "two.yaml",
                text -> text.replace(
                        "support-bot: {access: [{scope: orders, tier: explore}, ", "support-bot: {access: ["));
        run(0, "revoke two.yaml --agent support-bot --reason odd");

        assertThat(run(0, "status two.yaml").out())
                .contains("REVOKED support-bot on " + ground.database.name() + " by tester@test")
                .containsPattern("support-bot +" + ground.database.name() + " +- +- +revoked");
        run(0, "apply two.yaml --yes --no-verify");

        assertThat(run(0, "status two.yaml").out())
                .contains("REVOKED support-bot on " + fresh.name() + " by tester@test")
                .doesNotContain("REVOKED support-bot on " + ground.database.name());
    }

    @Test
    void aMistypedAgentIsNobodysAlsoWhereNothingWasApplied() {
        run(0, "apply shop.yaml --yes --no-verify");

        assertThat(run(64, "revoke two.yaml --agent support-bott").err()).contains("did you mean \"support-bot\"?");
    }

    @Test
    void whereNothingWasAppliedAtAllAStopHoldsNothingAndSaysSo() {
        for (var stop : new String[] {"freeze two.yaml --reason now", "revoke two.yaml --agent support-bot"}) {
            assertThat(run(1, stop).err())
                    .contains(
                            "nothing was ever applied to a database of two.yaml, so no login is out, and nothing was stopped")
                    .contains("see to it that nobody runs it");
        }
    }

    @Test
    void machinesReadWhereNothingWasApplied() {
        run(0, "apply shop.yaml --yes --no-verify");

        assertThat(run(0, "freeze two.yaml --reason now --format json").out())
                .contains("\"applied\":false,\n    \"logins_closed\":0")
                .contains("\"applied\":true,\n    \"logins_closed\":2");
    }

    @Test
    void aLedgerThatWasLostIsNotTakenForNothingApplied() throws SQLException {
        run(0, "apply two.yaml --yes --no-verify");
        fresh.execute("DROP SCHEMA agentroles CASCADE");

        assertThat(run(3, "freeze two.yaml --reason now").err())
                .contains("has no stamp of agentroles, and the server has");
    }
}
