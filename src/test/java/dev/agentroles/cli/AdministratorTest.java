package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Naming;
import dev.agentroles.access.Tier;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an administrator lacks for a profile is in the plan, with the statements that are enough; what he has is enough
/// to mend what somebody did by hand.
@OnEachPostgreSql
final class AdministratorTest {
    private static final long LARGE_OBJECT = 4711;

    @AutoClose
    private final ProductGround ground;

    AdministratorTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = new ProductGround(server, directory);
    }

    /// Granted by the superuser for the owners: the administrator, who is neither, is told whom to ask.
    @Test
    void whatTheAdministratorMayNotTakeBackIsTakenBackByTheStatementsOfThePlan() throws SQLException {
        ground.applied();
        for (var misgrant : List.of(
                "GRANT DELETE, TRUNCATE ON app.orders TO \"{agent}\"",
                "GRANT SELECT (cost) ON app.product_cost TO \"{tier}\"",
                "GRANT SELECT ON app.product_names TO \"{tier}\" WITH GRANT OPTION",
                "GRANT UPDATE ON SEQUENCE app.orders_id_seq TO \"{agent}\"",
                "GRANT CREATE ON SCHEMA hr TO \"{tier}\"",
                "CREATE SCHEMA closed",
                "CREATE TABLE closed.moved (id int)",
                "ALTER TABLE closed.moved OWNER TO {owner}",
                "GRANT SELECT ON closed.moved TO \"{tier}\"",
                "GRANT CREATE, TEMPORARY ON DATABASE {database} TO \"{tier}\"",
                "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO \"{agent}\"",
                "GRANT USAGE ON LANGUAGE plpgsql TO \"{tier}\"",
                "SELECT lo_create(%d)".formatted(LARGE_OBJECT),
                "GRANT SELECT ON LARGE OBJECT %d TO \"{agent}\"".formatted(LARGE_OBJECT),
                "GRANT SET ON PARAMETER session_replication_role TO \"{agent}\"",
                "GRANT CREATE ON TABLESPACE pg_default TO \"{tier}\"",
                "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT ON TABLES TO \"{tier}\"",
                "ALTER ROLE \"{tier}\" CREATEROLE CREATEDB",
                "ALTER ROLE \"{agent}\" SUPERUSER",
                "ALTER ROLE \"{agent}\" SET work_mem = '1GB'",
                "GRANT {owner} TO \"{agent}\"",
                "GRANT pg_monitor TO \"{tier}\"",
                "REVOKE SELECT (id) ON app.orders FROM \"{tier}\"",
                "REVOKE USAGE ON SCHEMA app FROM \"{tier}\"")) {
            ground.database.execute(misgrant.replace(
                            "{agent}",
                            Naming.agentRole(ground.database.name(), "support-bot")
                                    .value())
                    .replace(
                            "{tier}",
                            Naming.tierRole(ground.database.name(), "orders", Tier.EXPLORE)
                                    .value())
                    .replace("{owner}", ground.database.role("owner"))
                    .replace("{database}", ground.database.name()));
        }
        assertThat(ground.operator.run("plan", "shop.yaml").code()).isEqualTo(1);

        ground.whatIsMissingIsGiven();
        ground.applied();

        ground.planIsEmpty();
        assertThat(ground.asAgent("support-bot", "SELECT id FROM app.orders")).isEqualTo("done");
        assertThat(ground.operator.run("verify", "shop.yaml", "--no-probes").out())
                .doesNotContain("GRANT-EXCESS", "MEMBERSHIP", "SUPERUSER", "PREDEFINED-ROLE", "GRANT-MISSING");
    }

    /// The server looks a name up as whoever grants, before it looks at what he may grant.
    @Test
    void anAdministratorWhoCannotUseASchemaIsToldSo() throws SQLException {
        ground.applied();
        var tier = Naming.tierRole(ground.database.name(), "orders", Tier.EXPLORE);
        var administrator = ground.database.role("admin");
        ground.database.execute(
                "SET ROLE " + administrator,
                "REVOKE SELECT ON app.product_names FROM \"" + tier + "\"",
                "RESET ROLE",
                "REVOKE USAGE ON SCHEMA app FROM " + administrator + " CASCADE",
                "GRANT USAGE ON SCHEMA app TO \"" + tier + "\"",
                "GRANT USAGE ON SCHEMA app TO \"" + Naming.tierRole(ground.database.name(), "orders", Tier.DDL_DENIED)
                        + "\"");

        assertThat(ground.operator.run("plan", "shop.yaml").out())
                .contains(administrator + " has no USAGE on schema app, and cannot name what is in it")
                .contains("GRANT USAGE ON SCHEMA \"app\" TO \"" + administrator + "\"");

        ground.whatIsMissingIsGiven();
        ground.applied();
        ground.planIsEmpty();
    }

    @Test
    void theStatementsForWhatIsMissingAreEnough(@TempDir Path directory) throws Exception {
        var poor = new Operator(directory, ground.database, ground.database.login("poor"));
        poor.write(
                "shop.yaml",
                poor.head("production")
                        + ProductGround.SCOPES.formatted(ground.database.name())
                        + ProductGround.AGENTS);
        ground.operator = poor;

        ground.whatIsMissingIsGiven();

        ground.applied();
        ground.planIsEmpty();
        assertThat(ground.asAgent("support-bot", "SELECT id FROM app.orders")).isEqualTo("done");
    }

    @Test
    void aDefaultTablespaceOfTheDatabaseThatTheAdministratorMayNotUseIsNotAskedFor() throws SQLException {
        var space = ground.database.role("space");
        ground.database.execute(
                "SET allow_in_place_tablespaces = on",
                "CREATE TABLESPACE " + space + " LOCATION ''",
                "ALTER DATABASE " + ground.database.name() + " SET default_tablespace = " + space);

        ground.applied();

        ground.planIsEmpty();
        ground.database.execute(
                "ALTER DATABASE " + ground.database.name() + " RESET default_tablespace", "DROP TABLESPACE " + space);
    }

    @Test
    void whatARoleOfOursOwnsIsSaidAndIsNoGrant() throws Exception {
        ground.applied();
        var role = Naming.agentRole(ground.database.name(), "support-bot");
        ground.database.execute(
                "CREATE TABLE app.taken (id int)",
                "GRANT CREATE ON SCHEMA app TO \"" + role + "\"",
                "ALTER TABLE app.taken OWNER TO \"" + role + "\"",
                "REVOKE CREATE ON SCHEMA app FROM \"" + role + "\"",
                "GRANT SELECT ON app.taken TO " + ground.database.role("admin"));

        var plan = ground.operator.run("plan", "shop.yaml");

        assertThat(plan.code()).as(plan.out() + plan.err()).isZero();
        assertThat(plan.out())
                .contains("role " + role + " owns 1 object")
                .contains("REASSIGN OWNED BY \"" + role + "\"")
                .doesNotContain("REVOKE");
    }

    @Test
    void whatAnAgentHasForItsSessionAloneIsNotToldAsOwned() throws Exception {
        ground.applied();
        try (var session = ground.database.connect(ground.operator.published("support-bot"));
                var statement = session.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE own (id int)");
            statement.execute("CREATE TYPE pg_temp.mood AS ENUM ('fine')");
            statement.execute("CREATE DOMAIN pg_temp.small AS int");
            statement.execute("CREATE FUNCTION pg_temp.one() RETURNS int LANGUAGE sql AS 'SELECT 1'");

            var plan = ground.operator.run("plan", "shop.yaml");

            assertThat(plan.code()).as(plan.out() + plan.err()).isZero();
            assertThat(plan.out()).doesNotContain(" owns ");
        }
    }

    @Test
    void anAdministratorWhoInheritsFromTheOwnersMendsWhatSomebodyGrantedByHand(@TempDir Path directory)
            throws Exception {
        var owner = ground.database.role("owner");
        ground.database.execute(
                "GRANT " + owner + " TO " + ground.database.role("admin"),
                "ALTER TABLE app.orders OWNER TO " + owner,
                "ALTER TABLE app.product_names OWNER TO " + owner,
                "ALTER SCHEMA hr OWNER TO " + owner);
        ground.applied();
        ground.database.execute(
                "GRANT DELETE ON app.orders TO \"ar_%s_support-bot\"".formatted(ground.database.name()),
                "GRANT SELECT ON app.orders TO \"ar_%s_orders_explore\"".formatted(ground.database.name()),
                "GRANT USAGE ON SCHEMA hr TO \"ar_%s_orders_explore\"".formatted(ground.database.name()),
                "ALTER ROLE \"ar_%s_orders_explore\" CREATEROLE LOGIN NOINHERIT".formatted(ground.database.name()));
        assertThat(ground.asAgent("support-bot", "SELECT card_number FROM app.orders"))
                .isEqualTo("done");

        ground.applied();

        ground.planIsEmpty();
        assertThat(ground.asAgent("support-bot", "SELECT card_number FROM app.orders"))
                .isEqualTo("42501");
        assertThat(ground.asAgent("support-bot", "SELECT id FROM app.orders")).isEqualTo("done");
    }
}
