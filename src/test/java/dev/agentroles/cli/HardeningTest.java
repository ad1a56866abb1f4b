package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the words of `harden` take that only a database administrator may take: with his statements the
/// agent loses it, the application keeps it, and it is taken once.
@OnEachPostgreSql
final class HardeningTest {
    private final PostgreSql server;

    @AutoClose
    private final Database database;

    private final Login application;
    private final Operator operator;

    HardeningTest(PostgreSql server, @TempDir Path directory) throws SQLException {
        this.server = server;
        database = server.createDatabase();
        application = database.login("application");
        database.execute(
                "CREATE SCHEMA app",
                "CREATE TABLE app.orders (id int)",
                "GRANT USAGE ON SCHEMA app TO " + application.username());
        var administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        operator = new Operator(directory, database, administrator);
    }

    @AfterEach
    void givePublicItsDefaultsBack() throws SQLException {
        database.execute(
                "GRANT CONNECT ON DATABASE postgres TO PUBLIC", "GRANT CONNECT ON DATABASE template1 TO PUBLIC");
    }

    private void harden(String line) throws IOException {
        operator.write("shop.yaml", operator.head("production") + line + """
                scopes:
                  orders: {database: %s, include: [app.orders]}
                agents:
                  bot: {access: [{scope: orders, tier: explore}]}
                """.formatted(database.name()));
    }

    private void applied() {
        operator.ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
    }

    private String asAgent(String sql) {
        return database.answer(operator.published("bot"), sql);
    }

    private String asApplication(String sql) {
        return database.answer(application, sql);
    }

    /// Hardens, with the statements that the plan lists for a database administrator.
    ///
    /// @return what the plan says of it
    private String hardened(String word) throws Exception {
        harden("    harden: [" + word + "]\n");
        var plan = operator.run("plan", "shop.yaml");
        var statements = (plan.out() + plan.err())
                .lines()
                .filter(line -> line.startsWith("      ") && line.endsWith(";"))
                .map(String::strip)
                .toArray(String[]::new);
        database.execute(statements);
        applied();
        return plan.out() + plan.err();
    }

    private void staysTaken() throws IOException {
        assertThat(operator.run("plan", "shop.yaml").code()).isZero();
        harden("");
        assertThat(operator.run("plan", "shop.yaml").code())
                .as("what was taken from PUBLIC is not given back")
                .isZero();
    }

    /// Any user who may make a database could else keep an agent from its login, and from losing what it should lose.
    @Test
    void whatTheAdministratorMayNotTakeFromPublicHoldsUpNothingElse() throws Exception {
        harden("    harden: [public-connect]\n");
        try (var other = server.createDatabase()) {
            var plan = operator.ends(2, "plan", "shop.yaml");
            var said = operator.ends(4, "apply", "shop.yaml", "--yes", "--no-verify");

            assertThat(plan.out()).contains("; owner is ").contains(" (nothing else waits for that)");
            assertThat(said.out())
                    .contains(" may not take CONNECT on database ")
                    .contains("REVOKE CONNECT ON DATABASE ")
                    .contains("Partly applied; run the same command again to finish.");
            assertThat(asAgent("SELECT FROM app.orders")).isEqualTo("done");
            assertThat(other.answer(operator.published("bot"), "SELECT"))
                    .as("nothing was taken from PUBLIC")
                    .isEqualTo("done");
            assertThat(operator.ends(2, "plan", "shop.yaml").out()).contains("Plan: 0 to add, 0 to change, ");
        }
    }

    @Test
    void publicConnectTakesTheWayIntoOtherDatabases() throws Exception {
        harden("");
        applied();
        try (var other = server.createDatabase()) {
            assertThat(other.answer(operator.published("bot"), "SELECT")).isEqualTo("done");

            var plan = hardened("public-connect");

            assertThat(plan)
                    .contains("public-connect: CONNECT on ")
                    .contains(other.name())
                    .contains(" to PUBLIC; kept for " + database.role("admin") + ", " + application.username());
            assertThat(other.answer(operator.published("bot"), "SELECT")).isEqualTo("42501");
            assertThat(other.answer(application, "SELECT")).isEqualTo("done");
            assertThat(asAgent("SELECT FROM app.orders")).isEqualTo("done");
            staysTaken();
        }
    }

    @Test
    void publicCreateTakesTheMakingOfSchemasAndOfWhatIsInThem() throws Exception {
        database.execute(
                "GRANT CREATE ON DATABASE " + database.name() + " TO PUBLIC", "GRANT CREATE ON SCHEMA app TO PUBLIC");
        harden("");
        applied();
        assertThat(asAgent("CREATE SCHEMA one")).isEqualTo("done");
        database.execute("DROP SCHEMA one");

        var plan = hardened("public-create");

        assertThat(plan)
                .contains("public-create: CREATE on database " + database.name() + " to PUBLIC; kept for "
                        + application.username());
        assertThat(asAgent("CREATE SCHEMA two")).isEqualTo("42501");
        assertThat(asAgent("CREATE TABLE app.mine (id int)")).isEqualTo("42501");
        assertThat(asApplication("CREATE SCHEMA three")).isEqualTo("done");
        assertThat(asApplication("CREATE TABLE app.its (id int)")).isEqualTo("done");
        staysTaken();
    }

    @Test
    void publicExecuteTakesRoutinesThatRunWithTheirOwnersRights() throws Exception {
        var owner = database.role("owner");
        database.execute(
                "CREATE ROLE " + owner,
                "GRANT %s TO %s".formatted(owner, database.role("admin")),
                "CREATE FUNCTION app.definer() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT'",
                "ALTER FUNCTION app.definer() OWNER TO " + owner,
                "CREATE FUNCTION app.invoker() RETURNS void LANGUAGE sql AS 'SELECT'");
        harden("");
        applied();
        assertThat(asAgent("SELECT app.definer()")).isEqualTo("done");

        var plan = hardened("public-execute");

        assertThat(plan)
                .contains("public-execute: EXECUTE on routine app.definer() to PUBLIC; kept for "
                        + application.username());
        assertThat(asAgent("SELECT app.definer()")).isEqualTo("42501");
        assertThat(asAgent("SELECT app.invoker()")).isEqualTo("done");
        assertThat(asApplication("SELECT app.definer()")).isEqualTo("done");
        staysTaken();
    }

    @Test
    void publicLanguagesTakesCodeOfTheAgentsOwn() throws Exception {
        harden("");
        applied();
        assertThat(asAgent("DO 'BEGIN END'")).isEqualTo("done");

        var plan = hardened("public-languages");

        assertThat(plan).contains("public-languages: USAGE on ").contains("plpgsql");
        assertThat(asAgent("DO 'BEGIN END'")).isEqualTo("42501");
        assertThat(asApplication("DO 'BEGIN END'")).isEqualTo("done");
        staysTaken();
    }

    @Test
    void publicLargeObjectsTakesTheirMaking() throws Exception {
        harden("");
        applied();
        assertThat(asAgent("SELECT lo_from_bytea(0, 'x')")).isEqualTo("done");

        var plan = hardened("public-large-objects");

        assertThat(plan).contains("public-large-objects: EXECUTE on ").contains("lo_from_bytea(oid, bytea)");
        for (var call : new String[] {"lo_from_bytea(0, 'x')", "lo_create(0)", "lo_creat(-1)"}) {
            assertThat(asAgent("SELECT " + call)).as(call).isEqualTo("42501");
            assertThat(asApplication("SELECT " + call)).as(call).isEqualTo("done");
        }
        staysTaken();
    }
}
