package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Naming;
import dev.agentroles.access.Tier;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachPostgreSql
final class ApplyTest {
    private static final String SCOPES = """
            scopes:
              orders:
                database: %s
                include: [app.orders, "app.product_*"]
                exclude: [app.product_cost, app.orders.card_number]
            """;
    private static final String AGENTS = """
            agents:
              support-bot:
                access: [{scope: orders, tier: explore}]
                lease: {ttl: 1h, overlap: 10m, connections: 5, statement_timeout: 30s}
              order-desk:
                access: [{scope: orders, tier: ddl-denied}]
            """;

    private static final long LARGE_OBJECT = 4711;

    private final PostgreSql server;

    @AutoClose
    private final Database database;

    private Operator operator;

    ApplyTest(PostgreSql server, @TempDir Path directory) throws SQLException {
        this.server = server;
        this.database = server.createDatabase();
        var owner = database.role("owner");
        database.execute(
                "CREATE ROLE " + owner,
                "CREATE SCHEMA app AUTHORIZATION " + owner,
                "CREATE TABLE app.orders (id serial PRIMARY KEY, total int, card_number text)",
                "CREATE TABLE app.product_names (id int, name text)",
                "CREATE TABLE app.product_cost (id int, cost int)",
                "CREATE SCHEMA hr",
                "CREATE TABLE hr.salaries (amount int)");
        var administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        this.operator = new Operator(directory, database, administrator);
    }

    @BeforeEach
    void aProfileIsThere() throws IOException {
        write(SCOPES, AGENTS);
    }

    private void write(String scopes, String agents) throws IOException {
        operator.write("shop.yaml", operator.head("production") + scopes.formatted(database.name()) + agents);
    }

    private void applied() {
        var said = operator.run("apply", "shop.yaml", "--yes");
        assertThat(said.code()).as(said.err()).isZero();
    }

    private void planIsEmpty() {
        var said = operator.run("plan", "shop.yaml");
        assertThat(said.code()).as(said.out() + said.err()).isZero();
    }

    private String asAgent(String agent, String sql) {
        try (var session = database.connect(operator.published(agent));
                var statement = session.createStatement()) {
            statement.execute(sql);
            return "done";
        } catch (SQLException refused) {
            return refused.getSQLState();
        }
    }

    private String transaction() throws SQLException {
        return database.query("SELECT pg_current_xact_id()::xid").getFirst();
    }

    /// How many rows of what an apply writes to have been written since: the number of transactions says
    /// too much, as the server's own housekeeping has some, too.
    private long rowsWrittenSince(String transaction) throws SQLException {
        return Long.parseLong(database.query("""
                SELECT count(*) FROM (
                    SELECT xmin FROM pg_authid UNION ALL SELECT xmin FROM pg_auth_members
                    UNION ALL SELECT xmin FROM pg_shdescription UNION ALL SELECT xmin FROM pg_db_role_setting
                    UNION ALL SELECT xmin FROM pg_database UNION ALL SELECT xmin FROM pg_namespace
                    UNION ALL SELECT xmin FROM pg_class UNION ALL SELECT xmin FROM pg_attribute
                    UNION ALL SELECT xmin FROM pg_proc UNION ALL SELECT xmin FROM pg_trigger
                    UNION ALL SELECT xmin FROM pg_default_acl UNION ALL SELECT xmin FROM agentroles.lease
                    UNION ALL SELECT xmin FROM agentroles.journal UNION ALL SELECT xmin FROM agentroles.stamp
                    UNION ALL SELECT xmin FROM agentroles.definition_hash) written
                WHERE age(xmin) < age('%s'::xid)
                """.formatted(transaction)).getFirst());
    }

    @Test
    void whatIsPublishedWorksWithinItsTierAndNowhereElse() {
        applied();

        assertThat(asAgent("support-bot", "SELECT id, total FROM app.orders")).isEqualTo("done");
        assertThat(asAgent("support-bot", "SELECT card_number FROM app.orders")).isEqualTo("42501");
        assertThat(asAgent("support-bot", "SELECT * FROM app.product_names")).isEqualTo("done");
        assertThat(asAgent("support-bot", "SELECT * FROM app.product_cost")).isEqualTo("42501");
        assertThat(asAgent("support-bot", "SELECT * FROM hr.salaries")).isEqualTo("42501");
        assertThat(asAgent("support-bot", "UPDATE app.product_names SET id = 1"))
                .isEqualTo("42501");
        assertThat(asAgent("support-bot", "DROP TABLE app.orders")).isEqualTo("42501");
        assertThat(asAgent("order-desk", "INSERT INTO app.orders (total) VALUES (1)"))
                .isEqualTo("done");
        assertThat(asAgent("order-desk", "DELETE FROM app.product_names")).isEqualTo("done");
        assertThat(asAgent("order-desk", "TRUNCATE app.product_names")).isEqualTo("42501");
        assertThat(asAgent("order-desk", "CREATE TABLE app.mine (id int)")).isEqualTo("42501");
    }

    @Test
    void aSecondApplyWritesNothing() throws SQLException {
        applied();
        planIsEmpty();
        var before = transaction();

        applied();

        assertThat(rowsWrittenSince(before)).isZero();
        database.execute("ALTER ROLE \"ar_%s_support-bot\" INHERIT".formatted(database.name()));
        assertThat(rowsWrittenSince(before)).as("a write is noticed").isEqualTo(1);
    }

    @Test
    void narrowingTheProfileTakesAwayWhatItNoLongerGives() throws IOException {
        applied();

        write(SCOPES.replace("app.orders, ", "").replace(", app.orders.card_number", ""), AGENTS);
        assertThat(operator.run("plan", "shop.yaml").code()).isEqualTo(2);
        applied();

        planIsEmpty();
        assertThat(asAgent("support-bot", "SELECT id FROM app.orders")).isEqualTo("42501");
        assertThat(asAgent("support-bot", "SELECT * FROM app.product_names")).isEqualTo("done");
    }

    @Test
    void hidingAColumnTurnsTheTableGrantIntoColumnGrantsAndBack() throws IOException {
        write(SCOPES.replace(", app.orders.card_number", ""), AGENTS);
        applied();
        assertThat(asAgent("support-bot", "SELECT * FROM app.orders")).isEqualTo("done");

        write(SCOPES, AGENTS);
        applied();
        planIsEmpty();
        assertThat(asAgent("support-bot", "SELECT * FROM app.orders")).isEqualTo("42501");

        write(SCOPES.replace(", app.orders.card_number", ""), AGENTS);
        applied();
        planIsEmpty();
        assertThat(asAgent("support-bot", "SELECT * FROM app.orders")).isEqualTo("done");
    }

    @Test
    void aRemovedAgentIsRetiredWithItsLease() throws Exception {
        applied();
        var login = operator.published("support-bot");

        write(SCOPES, AGENTS.replaceFirst("(?s)  support-bot:.*  order-desk:", "  order-desk:"));
        applied();

        planIsEmpty();
        assertThat(database.query(
                        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'ar!_%' ESCAPE '!' AND rolname LIKE '%support%'"
                                + " AND starts_with(rolname, 'ar_" + database.name() + "')"))
                .isEmpty();
        assertThat(database.query("SELECT 1 FROM pg_roles WHERE rolname = '" + login.username() + "'"))
                .isEmpty();
        assertThat(operator.secret("support-bot")).isEmpty();
    }

    @Test
    void aRoleThatAnotherDatabaseHoldsBackHoldsUpNothingElse() throws Exception {
        applied();
        var login = operator.published("support-bot");
        try (var other = server.createDatabase()) {
            var role = Naming.agentRole(database.name(), "support-bot");
            other.execute("CREATE TABLE held (n int)", "GRANT SELECT ON held TO \"" + role + "\"");
            write(SCOPES, AGENTS.replaceFirst("(?s)  support-bot:.*  order-desk:", "  order-desk:"));

            var said = operator.run("apply", "shop.yaml", "--yes");

            assertThat(said.code()).isEqualTo(4);
            assertThat(said.err() + said.out())
                    .contains(role.value())
                    .contains("in database " + other.name())
                    .contains("DROP OWNED");
            assertThat(database.query("SELECT has_table_privilege('" + role + "', 'app.orders', 'SELECT')"))
                    .containsExactly("f");
            assertThat(database.query("SELECT 1 FROM pg_roles WHERE rolname = '" + login.username() + "'"))
                    .isEmpty();

            other.execute("DROP OWNED BY \"" + role + "\"");
            applied();
            planIsEmpty();
        }
    }

    @Test
    void aClosedLoginStaysClosed() throws SQLException {
        applied();
        var login = operator.published("support-bot");
        database.execute("ALTER ROLE \"" + login.username() + "\" NOLOGIN");

        applied();

        assertThat(database.query("SELECT rolcanlogin FROM pg_roles WHERE rolname = '" + login.username() + "'"))
                .containsExactly("f");
        assertThat(operator.published("support-bot").username()).isNotEqualTo(login.username());
    }

    /// Granted by the superuser for the owners: the administrator, who is neither, is told whom to ask.
    @Test
    void whatTheAdministratorMayNotTakeBackIsTakenBackByTheStatementsOfThePlan() throws SQLException {
        applied();
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
            database.execute(misgrant.replace(
                            "{agent}",
                            Naming.agentRole(database.name(), "support-bot").value())
                    .replace(
                            "{tier}",
                            Naming.tierRole(database.name(), "orders", Tier.EXPLORE)
                                    .value())
                    .replace("{owner}", database.role("owner"))
                    .replace("{database}", database.name()));
        }
        assertThat(operator.run("plan", "shop.yaml").code()).isEqualTo(1);

        whatIsMissingIsGiven();
        applied();

        planIsEmpty();
        assertThat(asAgent("support-bot", "SELECT id FROM app.orders")).isEqualTo("done");
        assertThat(operator.run("verify", "shop.yaml", "--no-probes").out())
                .doesNotContain("GRANT-EXCESS", "MEMBERSHIP", "SUPERUSER", "PREDEFINED-ROLE", "GRANT-MISSING");
    }

    /// The server looks a name up as whoever grants, before it looks at what he may grant.
    @Test
    void anAdministratorWhoCannotUseASchemaIsToldSo() throws SQLException {
        applied();
        var tier = Naming.tierRole(database.name(), "orders", Tier.EXPLORE);
        var administrator = database.role("admin");
        database.execute(
                "SET ROLE " + administrator,
                "REVOKE SELECT ON app.product_names FROM \"" + tier + "\"",
                "RESET ROLE",
                "REVOKE USAGE ON SCHEMA app FROM " + administrator + " CASCADE",
                "GRANT USAGE ON SCHEMA app TO \"" + tier + "\"",
                "GRANT USAGE ON SCHEMA app TO \"" + Naming.tierRole(database.name(), "orders", Tier.DDL_DENIED) + "\"");

        assertThat(operator.run("plan", "shop.yaml").out())
                .contains(administrator + " has no USAGE on schema app, and cannot name what is in it")
                .contains("GRANT USAGE ON SCHEMA \"app\" TO \"" + administrator + "\"");

        whatIsMissingIsGiven();
        applied();
        planIsEmpty();
    }

    @Test
    void theStatementsForWhatIsMissingAreEnough(@TempDir Path directory) throws Exception {
        var poor = new Operator(directory, database, database.login("poor"));
        poor.write("shop.yaml", poor.head("production") + SCOPES.formatted(database.name()) + AGENTS);
        operator = poor;

        whatIsMissingIsGiven();

        applied();
        planIsEmpty();
        assertThat(asAgent("support-bot", "SELECT id FROM app.orders")).isEqualTo("done");
    }

    /// A database administrator runs what plans ask for, until they ask for nothing.
    private void whatIsMissingIsGiven() throws SQLException {
        for (int look = 0; look < 3; look++) {
            var plan = operator.run("plan", "shop.yaml");
            var cures = (plan.out() + plan.err())
                    .lines()
                    .filter(line -> line.startsWith("      ") && line.endsWith(";"))
                    .map(String::strip)
                    .toArray(String[]::new);
            if (cures.length == 0) {
                assertThat(plan.code()).as(plan.out() + plan.err()).isEqualTo(2);
                return;
            }
            database.execute(cures);
        }
    }

    @Test
    void whatARoleOfOursOwnsIsSaidAndIsNoGrant() throws Exception {
        applied();
        var role = Naming.agentRole(database.name(), "support-bot");
        database.execute(
                "CREATE TABLE app.taken (id int)",
                "GRANT CREATE ON SCHEMA app TO \"" + role + "\"",
                "ALTER TABLE app.taken OWNER TO \"" + role + "\"",
                "REVOKE CREATE ON SCHEMA app FROM \"" + role + "\"",
                "GRANT SELECT ON app.taken TO " + database.role("admin"));

        var plan = operator.run("plan", "shop.yaml");

        assertThat(plan.code()).as(plan.out() + plan.err()).isZero();
        assertThat(plan.out())
                .contains("role " + role + " owns 1 object")
                .contains("REASSIGN OWNED BY \"" + role + "\"")
                .doesNotContain("REVOKE");
    }

    @Test
    void anAdministratorWhoInheritsFromTheOwnersMendsWhatSomebodyGrantedByHand(@TempDir Path directory)
            throws Exception {
        var owner = database.role("owner");
        database.execute(
                "GRANT " + owner + " TO " + database.role("admin"),
                "ALTER TABLE app.orders OWNER TO " + owner,
                "ALTER TABLE app.product_names OWNER TO " + owner,
                "ALTER SCHEMA hr OWNER TO " + owner);
        applied();
        database.execute(
                "GRANT DELETE ON app.orders TO \"ar_%s_support-bot\"".formatted(database.name()),
                "GRANT SELECT ON app.orders TO \"ar_%s_orders_explore\"".formatted(database.name()),
                "GRANT USAGE ON SCHEMA hr TO \"ar_%s_orders_explore\"".formatted(database.name()),
                "ALTER ROLE \"ar_%s_orders_explore\" CREATEROLE LOGIN NOINHERIT".formatted(database.name()));
        assertThat(asAgent("support-bot", "SELECT card_number FROM app.orders")).isEqualTo("done");

        applied();

        planIsEmpty();
        assertThat(asAgent("support-bot", "SELECT card_number FROM app.orders")).isEqualTo("42501");
        assertThat(asAgent("support-bot", "SELECT id FROM app.orders")).isEqualTo("done");
    }

    @Test
    void aNewTableOfAnIncludedPatternIsGrantedAtTheNextApply() throws SQLException {
        applied();
        database.execute(
                "CREATE TABLE app.product_sizes (id int)",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON app.product_sizes TO %s WITH GRANT OPTION"
                        .formatted(database.role("admin")));

        assertThat(asAgent("support-bot", "SELECT * FROM app.product_sizes")).isEqualTo("42501");
        applied();

        assertThat(asAgent("support-bot", "SELECT * FROM app.product_sizes")).isEqualTo("done");
    }

    @Test
    void aWildcardTakesNoViewThatShowsAnExcludedColumn() throws SQLException, IOException {
        for (var view : List.of(
                "safe AS SELECT id, total FROM app.orders",
                "cards AS SELECT card_number FROM app.orders",
                "whole AS SELECT o.id, o AS everything FROM app.orders o",
                "behind AS SELECT id FROM app.whole",
                "named AS SELECT card_number FROM app.orders")) {
            database.execute("CREATE VIEW app." + view);
        }
        database.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO %s WITH GRANT OPTION"
                .formatted(database.role("admin")));
        write(SCOPES.replace("app.orders, \"app.product_*\"", "\"app.*\", app.named"), AGENTS);
        applied();

        assertThat(asAgent("support-bot", "SELECT * FROM app.safe")).isEqualTo("done");
        assertThat(asAgent("support-bot", "SELECT * FROM app.named")).isEqualTo("done");
        for (var view : List.of("cards", "whole", "behind")) {
            assertThat(asAgent("support-bot", "SELECT * FROM app." + view))
                    .as(view)
                    .isEqualTo("42501");
        }
        var plan = operator.run("plan", "shop.yaml");
        assertThat(plan.out() + plan.err())
                .contains(
                        "app.cards is left out of scope orders: it reads app.orders.card_number beyond the scope with its"
                                + " owner's rights")
                .contains("app.behind is left out of scope orders: it reads app.whole.id beyond the scope");
        assertThat(operator.run("verify", "shop.yaml", "--no-probes", "-v", "--fail-on", "high"))
                .satisfies(said -> assertThat(said.code()).isZero())
                .extracting(Operator.Said::out)
                .asString()
                .contains("app.named reads app.orders.card_number with its owner's rights, as the profile says");
    }

    @Test
    void verifyWithoutProbesWritesNothing() throws SQLException {
        applied();
        database.execute("ALTER TABLE app.product_names ENABLE ROW LEVEL SECURITY");
        var before = transaction();

        operator.run("verify", "shop.yaml", "--no-probes");
        assertThat(rowsWrittenSince(before)).isZero();

        operator.run("verify", "shop.yaml", "--no-probes", "--accept-definitions");
        assertThat(rowsWrittenSince(before)).as("unless it is asked to").isEqualTo(1);
    }

    @Test
    void aPatternThatMatchesNothingIsRefusedWithANearName() throws IOException {
        write(SCOPES.replace("app.orders,", "app.ordrs,").replace(", app.orders.card_number", ""), AGENTS);

        var said = operator.run("apply", "shop.yaml", "--yes");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("shop.yaml:12:15: pattern \"app.ordrs\" matches no table or view of database \""
                        + database.name() + "\"; did you mean \"app.orders\"?");
    }

    @Test
    void anotherEnvironmentIsRefusedWithBothSidesNamed() throws IOException {
        applied();
        operator.write("staging.yaml", operator.head("staging") + SCOPES.formatted(database.name()) + AGENTS);

        var said = operator.run("apply", "staging.yaml", "--yes");

        assertThat(said.code()).isEqualTo(3);
        assertThat(said.err()).contains("environment staging").contains("environment production");
    }

    @Test
    void withoutATerminalConsentMustBeGivenOnTheCommandLine() {
        var said = operator.run("apply", "shop.yaml");

        assertThat(said.code()).isEqualTo(3);
        assertThat(said.err()).contains("--yes was not given");
    }

    @Test
    void onlyYesIsYes() throws SQLException {
        operator.answer("y");

        var said = operator.run("apply", "shop.yaml");

        assertThat(said.code()).isEqualTo(3);
        assertThat(database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'agentroles'"))
                .isEmpty();
    }

    @Test
    void aPlanThatWasNotReviewedIsRefused() {
        var said = operator.run("apply", "shop.yaml", "--yes", "--expect", "0123456789abcdef");

        assertThat(said.code()).isEqualTo(3);
        assertThat(said.err()).contains("--expect says 0123456789abcdef");
    }

    @Test
    void noSecretIsInWhatIsSaidOrLogged() {
        var said = operator.run("apply", "shop.yaml", "--yes", "-v", "--format", "json");
        var secrets = java.util.stream.Stream.of("support-bot", "order-desk")
                .map(agent -> operator.published(agent).clear())
                .toList();

        for (var secret : secrets) {
            assertThat(said.out()).doesNotContain(secret);
            assertThat(said.err()).doesNotContain(secret);
            assertThat(server.log()).doesNotContain(secret);
        }
    }

    @Test
    void hardeningTakesFromPublicAndKeepsOthersWorking() throws Exception {
        var application = database.login("application");
        database.execute("ALTER DATABASE %s OWNER TO %s".formatted(database.name(), database.role("admin")));
        operator.write(
                "shop.yaml",
                operator.head("production") + "    harden: [public-temp, public-create]\n"
                        + SCOPES.formatted(database.name()) + AGENTS);

        var plan = operator.run("plan", "shop.yaml");
        applied();

        assertThat(plan.out())
                .contains("Affects users who are not agents")
                .contains("TEMPORARY on database " + database.name() + " to PUBLIC; kept for ")
                .contains(application.username());
        planIsEmpty();
        assertThat(asAgent("support-bot", "CREATE TEMPORARY TABLE mine (id int)"))
                .isEqualTo("42501");
        try (var session = database.connect(application);
                var statement = session.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE mine (id int)");
        }
    }

    @Test
    void hardeningKeepsWhatActsForALoginWorking() throws Exception {
        var application = database.login("application");
        var team = database.role("team");
        database.execute(
                "ALTER DATABASE %s OWNER TO %s".formatted(database.name(), database.role("admin")),
                "CREATE ROLE " + team,
                "GRANT %s TO %s".formatted(team, application.username()),
                "CREATE SCHEMA work",
                "GRANT USAGE ON SCHEMA work TO " + application.username(),
                "CREATE FUNCTION work.keep() RETURNS void SECURITY DEFINER LANGUAGE sql"
                        + " AS 'CREATE TEMPORARY TABLE kept (id int)'",
                "ALTER FUNCTION work.keep() OWNER TO " + database.role("owner"));
        operator.write(
                "shop.yaml",
                operator.head("production") + "    harden: [public-temp]\n" + SCOPES.formatted(database.name())
                        + AGENTS);

        applied();

        planIsEmpty();
        try (var session = database.connect(application);
                var statement = session.createStatement()) {
            statement.execute("SELECT work.keep()");
            statement.execute("SET ROLE " + team);
            statement.execute("CREATE TEMPORARY TABLE of_the_team (id int)");
        }
    }

    @Test
    void hardeningGivesNothingToAgentsOfAnotherDatabase(@TempDir Path elsewhere) throws Exception {
        applied();
        try (var other = server.createDatabase()) {
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
                            """.formatted(database.name()))).isEmpty();
        }
    }

    @Test
    void hardeningIsAskedAboutByItself() throws Exception {
        database.execute("ALTER DATABASE %s OWNER TO %s".formatted(database.name(), database.role("admin")));
        operator.write(
                "shop.yaml",
                operator.head("production") + "    harden: [public-temp]\n" + SCOPES.formatted(database.name())
                        + AGENTS);
        operator.answer("yes", "no");

        assertThat(operator.run("apply", "shop.yaml").code()).isEqualTo(3);

        operator.answer("yes", "yes");
        assertThat(operator.run("apply", "shop.yaml").code()).isZero();
    }

    @Test
    void aScopeWithAFutureCoversTablesThatComeLater() throws Exception {
        var owner = database.role("owner");
        database.execute(
                "GRANT %s TO %s".formatted(owner, database.role("admin")),
                "ALTER TABLE app.orders OWNER TO " + owner,
                "ALTER TABLE app.product_names OWNER TO " + owner,
                "ALTER TABLE app.product_cost OWNER TO " + owner);
        write("""
                scopes:
                  orders:
                    database: %s
                    include: ["app.*"]
                    future: true
                """, AGENTS);
        applied();
        planIsEmpty();

        database.execute("SET ROLE " + owner, "CREATE TABLE app.later (id serial)", "RESET ROLE");

        assertThat(asAgent("support-bot", "SELECT * FROM app.later")).isEqualTo("done");
        assertThat(asAgent("order-desk", "INSERT INTO app.later DEFAULT VALUES"))
                .isEqualTo("done");
        assertThat(operator.run("plan", "shop.yaml").code())
                .as("grants by default privilege are those wanted")
                .isZero();

        write("""
                scopes:
                  orders:
                    database: %s
                    include: ["app.*"]
                """, AGENTS);
        applied();
        planIsEmpty();
        database.execute("SET ROLE " + owner, "CREATE TABLE app.last (id serial)", "RESET ROLE");

        assertThat(asAgent("support-bot", "SELECT * FROM app.later")).isEqualTo("done");
        assertThat(asAgent("support-bot", "SELECT * FROM app.last"))
                .as("no future")
                .isEqualTo("42501");
        assertThat(database.query(
                        "SELECT defaclacl FROM pg_default_acl WHERE defaclacl::text LIKE '%ar!_%' ESCAPE '!'"))
                .isEmpty();
    }
}
