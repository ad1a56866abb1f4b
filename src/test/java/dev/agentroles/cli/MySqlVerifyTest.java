package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Mark;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `verify` finds on MySQL and MariaDB, by an administrator with the rights that `init` lists and no
/// other.
@OnEachMySql
final class MySqlVerifyTest {
    private final MySqlGround shop;
    private final boolean mariadb;
    private final String name;
    private final String role;

    MySqlVerifyTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        this.shop = new MySqlGround(server, directory);
        this.mariadb = server.mariadb();
        this.name = shop.database.name();
        this.role = mariadb ? "`ar_" + name + "_bot`" : "'ar_" + name + "_bot'@'%'";
    }

    @BeforeEach
    void applied() throws SQLException {
        shop.database.execute("CREATE TABLE salaries (amount int)");
        shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @AfterEach
    void close() throws SQLException {
        shop.close();
    }

    /// `bot` writes under the guard.
    private void writer() throws IOException {
        shop.operator.write("shop.yaml", shop.operator.head("production") + """
                scopes:
                  orders: {database: %1$s, include: [%1$s.orders]}
                agents:
                  bot:
                    access: [{scope: orders, tier: writer, rows: 10}]
                    lease: {ttl: 1h, overlap: 10m, connections: 20}
                """.formatted(name));
        shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    /// What `verify` says when it finds something.
    private String found() {
        return shop.ends(2, "verify", "shop.yaml", "-v", "--no-color").out();
    }

    @Test
    void whatWasJustAppliedIsClean() {
        var said = shop.clean("verify", "shop.yaml", "-v", "--no-color");

        assertThat(said.out()).doesNotContain("PROBE-", "GRANT-", "WITNESS-DISAGREE");
        assertThat(shop.clean("status", "shop.yaml").out())
                .containsPattern("verified: .* ago by .*; tried as \\d agent");
    }

    @Test
    void applyItselfVerifies() throws SQLException {
        shop.database.execute("GRANT DELETE ON orders TO " + role);

        shop.clean("apply", "shop.yaml", "--yes");
    }

    @Test
    void aPrivilegeOnATableIsFoundAndItsCureTakesItAway() throws SQLException {
        shop.database.execute("GRANT DELETE ON orders TO " + role);

        assertThat(found())
                .contains("GRANT-EXCESS", "ar_" + name + "_bot has DELETE on " + name + ".orders")
                .contains("REVOKE DELETE ON TABLE `" + name + "`.`orders` FROM " + role);

        shop.database.execute("REVOKE DELETE ON TABLE `" + name + "`.`orders` FROM " + role);
        shop.clean("verify", "shop.yaml");
    }

    @Test
    void aPrivilegeOnAColumnAndTheRightToPassOnAreFound() throws SQLException {
        shop.database.execute(
                "GRANT UPDATE (amount) ON salaries TO " + role,
                "GRANT SELECT ON salaries TO " + role + " WITH GRANT OPTION");

        assertThat(found())
                .contains("UPDATE on " + name + ".salaries.amount", "SELECT on " + name + ".salaries", "GRANT-OPTION");
    }

    @Test
    void aPatternOfDatabasesIsFound() throws SQLException {
        shop.database.execute("GRANT DELETE, CREATE ON `" + name.substring(0, name.length() - 1) + "%`.* TO " + role);

        assertThat(found())
                .contains("GRANT-EXCESS", "has DELETE on everything in the databases that fit")
                .contains("SCHEMA-CREATE", "has CREATE on everything in the databases that fit");
    }

    @Test
    void aPatternThatFitsTheServersOwnDatabaseIsWorse() throws SQLException {
        shop.database.execute("GRANT SELECT ON `mysq_`.* TO " + role);

        assertThat(found()).contains("CATALOG-GRANT");
    }

    @Test
    void globalPrivilegesAreFoundByTheirDanger() throws SQLException {
        shop.database.execute(
                "GRANT PROCESS, FILE, CREATE USER ON *.* TO " + role,
                mariadb ? "GRANT BINLOG ADMIN ON *.* TO " + role : "GRANT ROLE_ADMIN ON *.* TO " + role);

        assertThat(found())
                .contains("SUPERUSER", "FILE", "CREATEROLE", "CREATE USER")
                .contains("GRANT-EXCESS", "has PROCESS on everything (*.*)");
    }

    @Test
    void whatATierRoleWasGivenIsToldOnceWithItsAgents() throws Exception {
        shop.operator.edit("shop.yaml", text -> text.replace("tier: writer, rows: 10", "tier: explore"));
        shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
        var tier = "ar_" + name + "_orders_explore";
        var other = shop.database.named("payroll");
        shop.database.execute(
                "CREATE ROLE " + other,
                "GRANT SELECT ON salaries TO " + other,
                "GRANT " + other + " TO " + role.replace("_bot", "_orders_explore"));

        assertThat(shop.ends(2, "verify", "shop.yaml", "--no-probes", "--no-color")
                        .out())
                .containsOnlyOnce("MEMBERSHIP  whoever has " + tier + " ")
                .contains("agents bot and desk, database ");
    }

    @Test
    void aForeignRoleIsFoundWithThePathThatLeadsToIt() throws SQLException {
        var other = shop.database.named("payroll");
        var inner = shop.database.named("inner");
        shop.database.execute(
                "CREATE ROLE " + other,
                "CREATE ROLE " + inner,
                "GRANT SELECT ON salaries TO " + inner,
                "GRANT " + inner + " TO " + other,
                "GRANT " + other + " TO " + role);

        assertThat(found())
                .contains(
                        "MEMBERSHIP", "bot has all that " + other + " may do", "bot has all that " + inner + " may do")
                .contains("ar_" + name + "_bot > " + other + " > " + inner);
    }

    @Test
    void whoeverHasTheRoleOfAnAgentIsAnImpersonator() throws SQLException {
        var stranger = shop.database.login("stranger");
        enrol(stranger.username());

        assertThat(found()).contains("IMPERSONATOR", stranger.username() + " has ar_" + name + "_bot");
    }

    @Test
    void aLoginWithTheMarkOfAnotherEnvironmentIsAnImpersonator() throws SQLException {
        var agent = "ar_" + name + "_bot";
        var login = agent + "_1zzzzzzz";
        login(login, new Mark("staging", name, new Mark.Kind.LeaseLogin("bot", "1zzzzzzz")));

        assertThat(found()).contains("IMPERSONATOR", login + " has " + agent);
    }

    @Test
    void aLoginThatNoLedgerKnowsIsFoundByItsMarkOrAsAnImpersonator() throws SQLException {
        var login = "ar_" + name + "_bot_1zzzzzzz";
        login(login, new Mark("production", name, new Mark.Kind.LeaseLogin("bot", "1zzzzzzz")));

        assertThat(found())
                .containsAnyOf(
                        "login " + login + " works, and the ledger knows no lease 1zzzzzzz",
                        login + " has ar_" + name + "_bot and can act as the agent");
    }

    @Test
    void aLoginThatTheLedgerDoesNotHoldOpenIsGivenNoRoleBeforeItGoes() throws SQLException {
        var login = shop.published("bot").orElseThrow().username();
        var lease = login.substring(login.lastIndexOf('_') + 1);
        shop.expire("bot", 1);
        shop.clean("reap", "shop.yaml");
        account(login, new Mark("production", name, new Mark.Kind.LeaseLogin("bot", lease)));

        assertThat(shop.ends(2, "plan", "shop.yaml").out())
                .contains("- lease " + lease + " of bot")
                .doesNotContain("membership of " + login);
        shop.clean("apply", "shop.yaml", "--yes");

        assertThat(shop.database.query("SELECT user FROM mysql.user WHERE user = '" + login + "'"))
                .isEmpty();
    }

    /// @param mark where accounts can carry one
    private void login(String login, Mark mark) throws SQLException {
        account(login, mark);
        enrol(login);
    }

    private void account(String login, Mark mark) throws SQLException {
        boolean marksAccounts = !shop.database
                .query("SELECT 1 FROM information_schema.TABLES WHERE TABLE_NAME = 'USER_ATTRIBUTES'")
                .isEmpty();
        shop.database.execute("CREATE USER '%s'@'%%' IDENTIFIED BY 'Own-4711-way'%s"
                .formatted(login, marksAccounts ? " ATTRIBUTE '{\"agentroles\": \"" + mark.text() + "\"}'" : ""));
    }

    /// Of a role of MariaDB, whoever made it decides.
    private void enrol(String login) throws SQLException {
        try (var session = shop.database.connect(shop.operator.administrator());
                var statement = session.createStatement()) {
            statement.execute("GRANT %s TO '%s'@'%%'".formatted(role, login));
        }
    }

    @Test
    void whatTheLoginOfARunningProgramWasGivenIsFound() throws Exception {
        try (var program = new RunningProgram(shop, "bot")) {
            assertThat(shop.operator.run("verify", "shop.yaml", "--no-probes").out())
                    .doesNotContain(program.login());
            shop.database.execute("GRANT SELECT ON salaries TO '%s'@'%%'".formatted(program.login()));

            assertThat(found()).contains("GRANT-EXCESS", program.login() + " has SELECT on " + name + ".salaries");
        }
    }

    @Test
    void aLoginThatWorksBeyondTheEndOfItsLeaseIsFoundOnceReapShouldHaveEndedIt() throws SQLException {
        var login = shop.published("bot").orElseThrow().username();
        shop.expire("bot", 1);
        var soon = shop.clean("verify", "shop.yaml", "--no-probes", "-v", "--no-color")
                .out();
        assertThat(soon).contains("INFO  LEASE-EXTENDED  login " + login + " can still log in, and its lease ended");

        shop.later(Duration.ofMinutes(30));

        assertThat(found())
                .contains("HIGH  LEASE-EXTENDED  login " + login)
                .contains("ALTER USER '%s'@'%%' ACCOUNT LOCK".formatted(login));
    }

    @Test
    void whatAnAccountWithoutANameHoldsOnADatabaseIsEverybodys() throws SQLException {
        shop.database.execute("CREATE USER ''@'192.0.2.1'", "GRANT SELECT ON `" + name + "`.* TO ''@'192.0.2.1'");
        try {
            assertThat(found()).contains("PUBLIC-GRANT", "everybody has SELECT");
        } finally {
            shop.database.execute("REVOKE SELECT ON `" + name + "`.* FROM ''@'192.0.2.1'", "DROP USER ''@'192.0.2.1'");
        }
    }

    @Test
    void whatThePublicOfMariaDbHoldsIsFound() throws SQLException {
        if (!mariadb) {
            assertThat(shop.clean("verify", "shop.yaml").out()).doesNotContain("PUBLIC-GRANT");
            return;
        }
        shop.database.execute("GRANT SELECT ON salaries TO PUBLIC");
        try {
            assertThat(found())
                    .contains("PUBLIC-GRANT", "everybody has SELECT on " + name + ".salaries")
                    .contains("REVOKE SELECT ON TABLE `" + name + "`.`salaries` FROM PUBLIC");
        } finally {
            shop.database.execute("REVOKE SELECT ON salaries FROM PUBLIC");
        }
    }

    @Test
    void whatIsMissingIsToldOnceATableAndTierRole() throws SQLException {
        shop.database.execute("REVOKE SELECT ON orders FROM "
                + (mariadb ? "`ar_" + name + "_orders_explore`" : "'ar_" + name + "_orders_explore'@'%'"));

        assertThat(found()).contains("""
                MEDIUM  GRANT-MISSING  ar_%1$s_orders_explore lacks SELECT on %1$s.orders
                    where     agent bot, database %1$s
                    path      ar_%1$s_bot > ar_%1$s_orders_explore
                    evidence  no row of the grant tables gives it
                    cure      Run agentroles apply shop.yaml.
                """.formatted(name));
    }

    @Test
    void aViewThatReadsAsItsDefinerIsFoundWhereItIsInScope() throws SQLException, IOException {
        shop.database.execute("CREATE VIEW paid AS SELECT amount FROM salaries");
        shop.operator.write("shop.yaml", shop.operator.head("production") + """
                scopes:
                  orders: {database: %1$s, include: [%1$s.paid]}
                agents:
                  bot:
                    access: [{scope: orders, tier: explore}]
                    lease: {ttl: 1h, overlap: 10m, connections: 20}
                """.formatted(name));
        shop.operator.run("apply", "shop.yaml", "--yes", "--no-verify");

        assertThat(found()).contains("DEFINER-VIEW", "bot reads view " + name + ".paid with the rights of");
    }

    @Test
    void aWriterUnderTheGuardIsCleanAndItsViewIsMissedWhenItIsGone() throws SQLException, IOException {
        writer();
        assertThat(shop.clean("verify", "shop.yaml", "-v", "--no-color").out()).doesNotContain("PROBE-");

        shop.database.execute("DROP VIEW `" + name + "_rw`.orders");

        assertThat(found())
                .contains("MEDIUM  GUARD-MISSING  %s.orders has no guarded view, so that writers cannot change it"
                        .formatted(name));
    }

    /// The catalogs say that something is changed; what it means for the agent only a statement that the guard
    /// judged tells.
    @Test
    void aGuardThatRefusesWhatItPromisesIsFound() throws SQLException, IOException {
        writer();
        shop.database.execute("DELETE FROM agentroles_guard.reach");

        assertThat(found())
                .contains(
                        "PROBE-REFUSED",
                        "bot tried to update by a condition in " + name + "_rw.orders: that was refused")
                .contains("agentroles refused to write: no limits are known for this login on this table");
    }

    @Test
    void aGuardThatFailsIsFound() throws SQLException, IOException {
        writer();
        shop.database.execute("DROP FUNCTION agentroles_guard.tick");

        assertThat(found()).contains("GUARD-BROKEN", "bot tried to read " + name + "_rw.orders");
    }

    @Test
    void whatIsPromisedAndFailsForeverIsNoMatterOfACalmerServer() throws SQLException, IOException {
        shop.database.execute(
                "CREATE TABLE payments (amount int)",
                "CREATE SQL SECURITY INVOKER VIEW paid AS SELECT amount FROM payments");
        shop.operator.write("shop.yaml", shop.operator.head("production") + """
                scopes:
                  paid: {database: %1$s, include: [%1$s.orders, %1$s.pa*]}
                agents:
                  bot:
                    access: [{scope: paid, tier: explore}]
                    lease: {ttl: 1h, overlap: 10m, connections: 20}
                """.formatted(name));
        shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
        shop.database.execute("ALTER TABLE payments RENAME COLUMN amount TO total");

        assertThat(found())
                .contains("MEDIUM  PROBE-REFUSED  bot tried to read " + name + ".paid: that failed")
                .doesNotContain("PROBE-INCONCLUSIVE", "GUARD-BROKEN", "WITNESS-DISAGREE");
    }

    /// Since 8.0.21 MySQL can turn the guard's subquery into a table, and then writes through no view.
    @Test
    void aWriterThatCanWriteNothingIsFound() throws SQLException, IOException {
        if (mariadb
                || shop.database
                        .query("SELECT @@optimizer_switch LIKE '%subquery_to_derived%'")
                        .equals(List.of("0"))) {
            return;
        }
        writer();
        shop.database.execute("SET GLOBAL optimizer_switch = 'subquery_to_derived=on'");
        try {
            assertThat(found())
                    .contains("MEDIUM  PROBE-REFUSED  bot tried to update by a condition in " + name
                            + "_rw.orders: that failed");
        } finally {
            shop.database.execute("SET GLOBAL optimizer_switch = 'subquery_to_derived=off'");
        }
    }

    @Test
    void aScopeWithoutSomeColumnsIsCleanInEachTier() throws SQLException, IOException {
        shop.database.execute("CREATE TABLE people (id int PRIMARY KEY, name varchar(20), card varchar(20))");
        shop.operator.write(
                "shop.yaml",
                shop.operator.head("production")
                        + """
                scopes:
                  people: {database: %1$s, include: [%1$s.people, "%1$s.sal*"]%2$s}
                  cards: {database: %1$s, include: [%1$s.people]%2$s}
                  orders: {database: %1$s, include: [%1$s.orders]}
                agents:
                  bot:
                    access: [{scope: people, tier: explore}, {scope: orders, tier: writer, rows: 10}]
                    lease: {ttl: 1h, overlap: 10m, connections: 20}
                  desk:
                    access: [{scope: cards, tier: writer, rows: 10}, {scope: orders, tier: ddl-denied}]
                    lease: {ttl: 1h, overlap: 10m, connections: 20}
                """.formatted(name, mariadb ? "" : ", exclude: [" + name + ".people.card]"));
        shop.clean("apply", "shop.yaml", "--yes");

        assertThat(shop.clean("verify", "shop.yaml", "-v", "--no-color").out()).doesNotContain("PROBE-");
        assertThat(shop.clean("explain", "shop.yaml", "bot", "update", name + ".orders")
                        .out())
                .contains("bot has UPDATE on " + name + ".orders", "by grant, through ");
        assertThat(shop.clean("explain", "shop.yaml", "bot", "delete", name + ".people")
                        .out())
                .contains("Nothing gives bot DELETE");
    }

    @Test
    void explainTellsTheWayToAPrivilege() throws SQLException {
        assertThat(shop.clean("explain", "shop.yaml", "bot", "select", name + ".orders")
                        .out())
                .contains("ar_" + name + "_orders_explore");
    }
}
