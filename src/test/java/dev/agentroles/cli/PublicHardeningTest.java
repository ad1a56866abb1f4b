package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `harden` takes from PUBLIC in the own database, and who keeps it.
@OnEachPostgreSql
final class PublicHardeningTest {
    @AutoClose
    private final ProductGround ground;

    PublicHardeningTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = new ProductGround(server, directory);
    }

    @Test
    void hardeningTakesFromPublicAndKeepsOthersWorking() throws Exception {
        var application = ground.database.login("application");
        ground.database.execute(
                "ALTER DATABASE %s OWNER TO %s".formatted(ground.database.name(), ground.database.role("admin")));
        ground.operator.write(
                "shop.yaml",
                ground.operator.head("production") + "    harden: [public-temp, public-create]\n"
                        + ProductGround.SCOPES.formatted(ground.database.name()) + ProductGround.AGENTS);

        var plan = ground.operator.run("plan", "shop.yaml");
        ground.applied();

        assertThat(plan.out())
                .contains("Affects users who are not agents")
                .contains("TEMPORARY on database " + ground.database.name() + " to PUBLIC; kept for ")
                .contains(application.username());
        ground.planIsEmpty();
        assertThat(ground.asAgent("support-bot", "CREATE TEMPORARY TABLE mine (id int)"))
                .isEqualTo("42501");
        try (var session = ground.database.connect(application);
                var statement = session.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE mine (id int)");
        }
    }

    @Test
    void hardeningKeepsWhatActsForALoginWorking() throws Exception {
        var application = ground.database.login("application");
        var team = ground.database.role("team");
        ground.database.execute(
                "ALTER DATABASE %s OWNER TO %s".formatted(ground.database.name(), ground.database.role("admin")),
                "CREATE ROLE " + team,
                "GRANT %s TO %s".formatted(team, application.username()),
                "CREATE SCHEMA work",
                "GRANT USAGE ON SCHEMA work TO " + application.username(),
                "CREATE FUNCTION work.keep() RETURNS void SECURITY DEFINER LANGUAGE sql"
                        + " AS 'CREATE TEMPORARY TABLE kept (id int)'",
                "ALTER FUNCTION work.keep() OWNER TO " + ground.database.role("owner"));
        ground.operator.write(
                "shop.yaml",
                ground.operator.head("production") + "    harden: [public-temp]\n"
                        + ProductGround.SCOPES.formatted(ground.database.name()) + ProductGround.AGENTS);

        ground.applied();

        ground.planIsEmpty();
        try (var session = ground.database.connect(application);
                var statement = session.createStatement()) {
            statement.execute("SELECT work.keep()");
            statement.execute("SET ROLE " + team);
            statement.execute("CREATE TEMPORARY TABLE of_the_team (id int)");
        }
    }

    @Test
    void hardeningGivesNothingToAgentsOfAnotherDatabase(@TempDir Path elsewhere) throws Exception {
        ground.applied();
        try (var other = ground.database.server().createDatabase()) {
            other.execute("CREATE SCHEMA app", "CREATE TABLE app.stock (id int)");
            var second = new Operator(elsewhere, other, other.administratorWithGrantOptions("app"));
            other.execute("ALTER DATABASE %s OWNER TO %s".formatted(other.name(), other.role("admin")));
            second.write("stock.yaml", second.head("production") + """
                        harden: [public-temp]
                    scopes:
                      stock: {database: %s, include: [app.stock]}
                    agents:
                      stock-bot: {access: [{scope: stock, tier: explore}]}
                    """.formatted(other.name()));

            var said = second.run("apply", "stock.yaml", "--yes");

            assertThat(said.code()).as(said.out() + said.err()).isZero();
            assertThat(other.query("""
                            SELECT r.rolname || ' ' || x.privilege_type
                              FROM pg_database d, aclexplode(d.datacl) x JOIN pg_roles r ON r.oid = x.grantee
                             WHERE d.datname = current_database() AND starts_with(r.rolname, 'ar_%s_')
                            """.formatted(ground.database.name()))).isEmpty();
        }
    }
}
