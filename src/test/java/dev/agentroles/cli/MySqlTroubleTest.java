package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.access.Secret;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import dev.agentroles.ledger.Ledger;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a server or a profile has that must be refused, or must not matter.
@OnEachMySql
final class MySqlTroubleTest {
    private static final List<String> NAMES = List.of(
            "select", "we`ird", "grüße", "a.b", "per%cent_age", "back\\slash", "it's", "two words", "n".repeat(64));

    private final MySql server;
    private final Path directory;

    @AutoClose
    private final MySqlDatabase database;

    private Operator operator;

    MySqlTroubleTest(MySql server, @TempDir Path directory) throws SQLException {
        this.server = server;
        this.directory = directory;
        this.database = server.createDatabase();
        database.execute("CREATE TABLE orders (id int PRIMARY KEY, total int)");
        this.operator = new Operator(directory, database, database.administrator());
    }

    private void profile(String include, String scope, String agent) throws IOException {
        profile("", include, scope, agent);
    }

    /// @param entry lines of the database's entry
    private void profile(String entry, String include, String scope, String agent) throws IOException {
        operator.write(
                "shop.yaml",
                operator.head("production") + entry + """
                scopes:
                  orders:
                    database: %1$s
                    include: [%2$s]
                    %3$s
                agents:
                  bot:
                    access: [{scope: orders, tier: explore}]
                    %4$s
                """.formatted(database.name(), include, scope, agent));
    }

    private String orders() {
        return database.name() + ".orders";
    }

    private Operator.Said ends(int code, String... arguments) {
        var said = operator.run(arguments);
        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(code);
        return said;
    }

    private Login published() {
        return operator.published("bot");
    }

    @Test
    void namesAreDataWhateverTheyHold() throws SQLException, IOException {
        for (var name : NAMES) {
            database.execute(
                    "CREATE TABLE `%s` (`%s` int)".formatted(name.replace("`", "``"), name.replace("`", "``")));
        }
        profile("\"" + database.name() + ".*\"", "", "");

        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");

        ends(0, "plan", "shop.yaml");
        try (var session = database.connect(published());
                var statement = session.createStatement()) {
            statement.setEscapeProcessing(false);
            for (var name : NAMES) {
                statement.execute("SELECT `%1$s` FROM `%1$s`".formatted(name.replace("`", "``")));
            }
        }
        profile(orders(), "", "");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(database.query("SELECT COUNT(*) FROM mysql.tables_priv WHERE User LIKE 'ar\\_%'"))
                .containsExactly("1");
    }

    /// A whole database is granted to the administrator by its name.
    @Test
    void aSchemaWhoseNameIsNotAsciiIsUsedInEveryTier() throws SQLException, IOException {
        var schema = database.named("grüße");
        database.execute(
                "CREATE DATABASE `%s`".formatted(schema),
                "CREATE TABLE `%s`.`maße` (id int PRIMARY KEY)".formatted(schema));
        database.administers(operator.administrator(), schema);
        for (var tier : List.of("explore", "ddl-denied", "writer")) {
            profile(schema + ".*, " + orders(), "", "");
            operator.write(
                    "shop.yaml",
                    Files.readString(directory.resolve("shop.yaml")).replace("tier: explore", "tier: " + tier));

            ends(0, "apply", "shop.yaml", "--yes");
        }
    }

    /// Each scheme writes it as its own driver reads it.
    @Test
    void aDatabaseWhoseNameIsNoWordIsServedByTheUrlsOfBothDrivers() throws SQLException, IOException {
        var name = database.named("my shop+grüße");
        database.execute(
                "CREATE DATABASE `%s`".formatted(name),
                "CREATE TABLE `%s`.orders (id int PRIMARY KEY)".formatted(name));
        database.administers(operator.administrator(), name);
        profile("'\"" + name + "\".orders'", "", "");
        operator.edit("shop.yaml", text -> text.replace("tier: explore", "tier: writer"));
        var encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        served(server.url(encoded), encoded);
        if (server.mariadb()) {
            served(server.url(name).replace("jdbc:mysql:", "jdbc:mariadb:"), name);
        }
    }

    private void served(String url, String database) {
        operator.set("DB_URL", url);

        ends(0, "apply", "shop.yaml", "--yes");

        assertThat(operator.secret("bot").orElseThrow().url()).contains("/" + database + "_rw");
        ends(0, "plan", "shop.yaml");
    }

    /// What administrators set for everybody, against mistakes or for other programs.
    @Test
    void whatIsSetForEverySessionChangesNothingInOurs() throws SQLException, IOException {
        profile(orders(), "", "");
        var readOnly = server.mariadb() ? "tx_read_only" : "transaction_read_only";
        var settings = List.of(
                "sql_mode = 'ANSI'",
                "default_storage_engine = MyISAM",
                "sql_safe_updates = 1",
                readOnly + " = 1",
                "completion_type = 2",
                "autocommit = 0",
                "sql_auto_is_null = 1",
                "sql_quote_show_create = 0",
                "max_join_size = 1",
                "sql_select_limit = 1");
        try {
            for (var setting : settings) {
                database.execute("SET GLOBAL " + setting);
            }

            ends(0, "apply", "shop.yaml", "--yes");
            ends(0, "rotate", "shop.yaml", "--all");
            ends(0, "plan", "shop.yaml");
            ends(0, "verify", "shop.yaml");
        } finally {
            for (var setting : settings.reversed()) {
                database.execute("SET GLOBAL " + setting.replaceFirst("= .*", "= DEFAULT"));
            }
        }
        assertThat(
                        database.query(
                                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'agentroles' AND engine <> 'InnoDB'"))
                .isEmpty();
    }

    /// What many a server has: MySQL's own packages install it, and benchmarks of security ask for it.
    @Test
    void whereMySqlJudgesPasswordsRolesAndLoginsAreMade() throws SQLException, IOException {
        if (server.mariadb() || server.release().before("8.0.21")) {
            return;
        }
        profile(orders(), "", "");
        database.execute("INSTALL COMPONENT 'file://component_validate_password'");
        try {
            ends(0, "apply", "shop.yaml", "--yes");
            ends(0, "rotate", "shop.yaml", "--all");
            assertThat(ends(0, "plan", "shop.yaml").out()).contains("No changes");
        } finally {
            database.execute("UNINSTALL COMPONENT 'file://component_validate_password'");
        }
    }

    /// It takes clear text only, and nothing of ours is that. The 11.4 of these tests comes without plugins.
    @Test
    void whereMariaDbWantsToJudgeEveryPasswordThePlanSaysSo() throws SQLException, IOException {
        if (!server.mariadb() || server.release().version().equals("11.4")) {
            return;
        }
        profile(orders(), "", "");
        database.execute("INSTALL SONAME 'simple_password_check'");
        try {
            assertThat(ends(1, "apply", "shop.yaml", "--yes").err())
                    .contains("the server takes no verifier in place of a password (strict_password_validation)");

            database.execute("SET GLOBAL strict_password_validation = OFF");
            ends(0, "apply", "shop.yaml", "--yes");
        } finally {
            database.execute("SET GLOBAL strict_password_validation = ON", "UNINSTALL SONAME 'simple_password_check'");
        }
    }

    @Test
    void aModeThatMariaDbsDriverCannotBeginWithIsNamed() throws SQLException, IOException {
        if (!server.mariadb()) {
            return;
        }
        profile(orders(), "", "");
        var mode = database.query("SELECT @@GLOBAL.sql_mode").getFirst();
        database.execute("SET GLOBAL sql_mode = 'EMPTY_STRING_IS_NULL'");
        try {
            assertThat(ends(1, "plan", "shop.yaml").err())
                    .contains("take EMPTY_STRING_IS_NULL out of the server's sql_mode");
        } finally {
            database.execute("SET GLOBAL sql_mode = '" + mode + "'");
        }
    }

    @Test
    void anAccountWithoutANameThatWouldTakeALoginOverIsFoundBeforeThereIsOne() throws SQLException, IOException {
        profile(orders(), "", "");
        database.execute("CREATE USER ''@'10.1.2.3'");
        try {
            var said = ends(1, "apply", "shop.yaml", "--yes");

            assertThat(said.err())
                    .contains("the account without a name at '10.1.2.3' would take over the logins that come from there"
                            + " to an account at '%'; DROP USER ''@'10.1.2.3'")
                    .contains("shop.yaml:");
            assertThat(database.query("SELECT user FROM mysql.user WHERE user LIKE 'ar\\_%'"))
                    .isEmpty();
        } finally {
            database.execute("DROP USER ''@'10.1.2.3'");
        }
    }

    @Test
    void aLoginComesFromTheHostsOfTheProfile() throws SQLException, IOException {
        profile("    hosts: [127.0.0.1, 10.1.%]\n", orders(), "", "");

        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");

        database.connect(published()).close();
        assertThat(database.query("SELECT host FROM mysql.user WHERE user = '"
                        + published().username() + "' ORDER BY 1"))
                .containsExactly("10.1.%", "127.0.0.1");
        ends(0, "plan", "shop.yaml");
        ends(0, "revoke", "shop.yaml", "--agent", "bot");
        ends(0, "reap", "shop.yaml");
        assertThat(database.query("SELECT host FROM mysql.user WHERE user LIKE 'ar\\_%\\_bot\\_%'"))
                .isEmpty();
    }

    /// Only a superuser takes them, and each account of the login has its own.
    @Test
    void globalPrivilegesOfALoginAreToBeTakenFromAllItsAccounts() throws SQLException, IOException {
        profile("    hosts: [127.0.0.1, 10.1.%]\n", orders(), "", "");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        var login = published().username();
        for (var host : List.of("127.0.0.1", "10.1.%")) {
            database.execute("GRANT PROCESS ON *.* TO '%s'@'%s'".formatted(login, host));
        }

        var said = ends(1, "apply", "shop.yaml", "--yes", "--no-verify");

        assertThat(said.out() + said.err())
                .contains("REVOKE ALL PRIVILEGES ON *.* FROM '%s'@'127.0.0.1'".formatted(login))
                .contains("REVOKE ALL PRIVILEGES ON *.* FROM '%s'@'10.1.%%'".formatted(login));
    }

    /// As directories name their people.
    @Test
    void whoMayNotReadTheLedgerIsToldWhichGrantHelpsAlsoWithAnAtInTheName() throws SQLException, IOException {
        profile(orders(), "", "");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        var name = "ops@" + database.name();
        database.execute(
                "CREATE USER '" + name + "'@'%' IDENTIFIED BY 'a-password-of-tests-1'",
                "GRANT SELECT ON orders TO '" + name + "'@'%'");
        try (var session =
                database.server().connect(database.name(), new Login(name, Secret.of("a-password-of-tests-1")))) {
            assertThatThrownBy(() -> Ledger.on(session, "mysql").look())
                    .hasMessageEndingWith(" ON agentroles.* TO '" + name + "'@'%';");
        } finally {
            database.execute("DROP USER '" + name + "'@'%'");
        }
    }

    /// Any login can take the lock that keeps two runs apart.
    @Test
    void whoeverHoldsTheLockOfARunIsNamedWithItsLogin() throws SQLException, IOException {
        profile(orders(), "", "");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        try (var agent = database.connect(published());
                var statement = agent.createStatement()) {
            long session;
            try (var row = statement.executeQuery("SELECT CONNECTION_ID(), GET_LOCK('agentroles', 10)")) {
                row.next();
                session = row.getLong(1);
            }

            var said = ends(1, "apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");

            assertThat(said.err())
                    .contains(": session " + session + " of " + published().username());
        }
    }

    @Test
    void whatTheEngineHasNoMeansForIsRefusedWithTheLineOfTheProfile() throws IOException {
        profile(orders(), "", "lease: {max_session: 1h, idle_timeout: 1m}");

        var said = ends(1, "plan", "shop.yaml");

        var product = server.mariadb() ? "MariaDB" : "MySQL";
        assertThat(said.out() + said.err())
                .contains("agent bot has idle_timeout, max_session, and " + product
                        + " has no such bound for an account");
    }

    @Test
    void aServerThatTakesNoWritesIsRefused() throws SQLException, IOException {
        profile(orders(), "", "");
        database.execute("SET GLOBAL read_only = ON");
        try {
            assertThat(ends(3, "apply", "shop.yaml", "--yes").err()).contains("takes no writes");
        } finally {
            database.execute("SET GLOBAL read_only = OFF");
        }
    }

    /// Nobody has set read_only there, and it is not following just now, so only its configuration tells it.
    @Test
    void aReplicaThatWouldTakeWritesIsRefused() throws SQLException, IOException {
        profile(orders(), "", "");
        follow();
        try {
            assertThat(ends(3, "apply", "shop.yaml", "--yes").err())
                    .contains("is set up as a replica of 127.0.0.1:1")
                    .contains("and takes writes all the same, and shop.yaml names it as " + database.name())
                    .contains("point the URL at the primary server");
        } finally {
            unfollow();
        }
    }

    /// An administrator that an earlier `init` listed the rights for.
    @Test
    void aMariaDbThatRunsAsAReplicaIsRefusedWithoutTheRightToAskOfWhich() throws SQLException, IOException {
        if (!server.mariadb()) {
            return;
        }
        profile(orders(), "", "");
        database.execute("REVOKE REPLICA MONITOR ON *.* FROM '%s'@'%%'"
                .formatted(operator.administrator().username()));
        follow();
        try {
            database.execute("START SLAVE SQL_THREAD");

            assertThat(ends(3, "apply", "shop.yaml", "--yes").err())
                    .contains("is set up as a replica of another server and takes writes all the same");
        } finally {
            unfollow();
        }
    }

    /// There is no other server: what is asked is only whether this one would follow it.
    private void follow() throws SQLException {
        if (server.mariadb()) {
            database.execute("CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1, MASTER_USER = 'nobody'");
        } else {
            database.execute(
                    server.release().before("8.0.23")
                            ? "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1"
                            : "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = 1");
        }
    }

    private void unfollow() throws SQLException {
        boolean slave = server.mariadb() || server.release().before("8.0.23");
        database.execute(slave ? "STOP SLAVE" : "STOP REPLICA", slave ? "RESET SLAVE ALL" : "RESET REPLICA ALL");
    }

    @Test
    void aServerThatTrustsNobodyToMakeFunctionsIsSaidToBeOne() throws SQLException, IOException {
        var trust = database.query("SELECT @@log_bin_trust_function_creators").getFirst();
        database.execute("SET GLOBAL log_bin_trust_function_creators = OFF");
        try {
            profile(orders(), "", "");
            operator.write(
                    "writer.yaml",
                    Files.readString(directory.resolve("shop.yaml")).replace("tier: explore", "tier: writer"));

            var said = operator.run("plan", "writer.yaml");

            var cure = "SET GLOBAL log_bin_trust_function_creators = 1";
            if (database.query("SELECT @@log_bin").equals(List.of("1"))) {
                assertThat(said.out() + said.err()).contains(cure);
                assertThat(ends(1, "apply", "writer.yaml", "--yes").err()).contains(cure);
            } else {
                assertThat(said.out() + said.err()).doesNotContain(cure);
            }
        } finally {
            database.execute("SET GLOBAL log_bin_trust_function_creators = " + trust);
        }
    }

    @Test
    void aWriterIsRefusedWhereTheBinaryLogHoldsStatements() throws SQLException, IOException {
        var format = database.query("SELECT @@GLOBAL.binlog_format").getFirst();
        profile(orders(), "", "");
        operator.write(
                "writer.yaml",
                Files.readString(directory.resolve("shop.yaml")).replace("tier: explore", "tier: writer"));
        database.execute("SET GLOBAL binlog_format = 'STATEMENT'");
        try {
            var said = operator.run("plan", "writer.yaml");

            if (database.query("SELECT @@log_bin").equals(List.of("1"))) {
                assertThat(said.out() + said.err())
                        .contains("writer.yaml:")
                        .contains("the binary log holds statements (binlog_format = STATEMENT)");
                ends(1, "apply", "writer.yaml", "--yes");
            } else {
                assertThat(said.out() + said.err()).doesNotContain("binlog_format");
            }
            assertThat(operator.run("plan", "shop.yaml").out()).doesNotContain("binlog_format");
        } finally {
            database.execute("SET GLOBAL binlog_format = '" + format + "'");
        }
    }

    @Test
    void anAgentThatCouldNotLogInIsRefused() throws SQLException, IOException {
        database.execute(
                "CREATE DATABASE " + database.named("other"), "CREATE TABLE " + database.named("other.t (id int)"));
        var administrator = operator.administrator().username();
        database.execute("GRANT SELECT ON %s.* TO '%s'@'%%' WITH GRANT OPTION"
                .formatted(database.named("other"), administrator));
        profile(database.named("other.t"), "", "");

        assertThat(ends(1, "apply", "shop.yaml", "--yes").err())
                .contains("agent bot holds nothing in " + database.name());
    }

    @Test
    void theOtherProductIsRefused() throws IOException {
        profile(orders(), "", "");
        var text = operator.head("production");
        var other = server.mariadb() ? "mysql" : "mariadb";
        operator.write(
                "other.yaml",
                text.replace("engine: " + server.release().engine(), "engine: " + other)
                        + """
                        scopes: {orders: {database: %s, include: [%s]}}
                        agents: {bot: {access: [{scope: orders, tier: explore}]}}
                        """.formatted(database.name(), orders()));

        var said = ends(3, "plan", "other.yaml");

        assertThat(said.out() + said.err()).contains("and the profile says " + other);
    }

    @Test
    void aViewThatReadsWithItsDefinersRightsIsTakenOnlyByName() throws SQLException, IOException {
        database.execute(
                "CREATE VIEW everything AS SELECT * FROM orders",
                "CREATE SQL SECURITY INVOKER VIEW mine AS SELECT * FROM orders");
        profile("\"" + database.name() + ".*\"", "", "");

        var said = ends(2, "plan", "shop.yaml");

        assertThat(said.out() + said.err())
                .contains(database.name() + ".everything is left out of scope orders: it is a view that reads with the"
                        + " rights of whoever defined it");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(database.query("SELECT Table_name FROM mysql.tables_priv WHERE User LIKE 'ar\\_%' ORDER BY 1"))
                .containsExactly("mine", "orders");
    }

    /// What the plan says is missing is all that is missing.
    @Test
    void theStatementsForWhatIsMissingAreEnough() throws SQLException, IOException {
        var poor = database.login("poor");
        database.execute(
                "GRANT SELECT ON %s.* TO '%s'@'%%'".formatted(database.name(), poor.username()),
                "GRANT SELECT ON mysql.* TO '%s'@'%%'".formatted(poor.username()));
        operator = new Operator(directory, database, poor);
        profile(orders(), "", "");

        for (int look = 0; look < 3; look++) {
            database.execute(cures(operator.run("plan", "shop.yaml")));
        }

        assertThat(cures(operator.run("plan", "shop.yaml"))).isEmpty();
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        database.connect(published()).close();
    }

    /// The rights that `init` lists, without one of them.
    @Test
    void eachRightThatAWriterNeedsAndTheAdministratorLacksIsInThePlan() throws SQLException, IOException {
        profile(orders(), "", "");
        operator.write(
                "shop.yaml", Files.readString(directory.resolve("shop.yaml")).replace("tier: explore", "tier: writer"));
        var account = "'" + operator.administrator().username() + "'@'%'";
        // MariaDB's guard reads none of these, and before 8.0.20 the administrator reads, and passes on, everything.
        boolean asked = !server.mariadb() && !server.release().before("8.0.20");
        for (var table :
                asked ? List.of("events_statements_current", "events_transactions_current") : List.<String>of()) {
            var right = "SELECT ON performance_schema." + table;
            database.execute("REVOKE %s FROM %s".formatted(right.replace("SELECT", "SELECT, GRANT OPTION"), account));

            assertThat(cures(operator.run("plan", "shop.yaml")))
                    .containsExactly("GRANT %s TO %s WITH GRANT OPTION".formatted(right, account));
            ends(1, "apply", "shop.yaml", "--yes");

            database.execute(cures(operator.run("plan", "shop.yaml")));
        }

        assertThat(cures(operator.run("plan", "shop.yaml"))).isEmpty();
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
    }

    /// With `partial_revokes` the name of a database in a grant is the name itself, which the statements
    /// must know.
    @Test
    void theStatementsForWhatIsMissingNameDatabasesAsTheServerReadsThem() throws SQLException, IOException {
        if (database.query("SHOW VARIABLES LIKE 'partial_revokes'").isEmpty()) {
            return;
        }
        var poor = database.login("poor");
        database.execute(
                "GRANT SELECT ON %s.* TO '%s'@'%%'".formatted(database.name(), poor.username()),
                "GRANT SELECT ON mysql.* TO '%s'@'%%'".formatted(poor.username()));
        operator = new Operator(directory, database, poor);
        profile(orders(), "", "");
        operator.write(
                "shop.yaml", Files.readString(directory.resolve("shop.yaml")).replace("tier: explore", "tier: writer"));
        database.execute("SET GLOBAL partial_revokes = ON");
        try {
            for (int look = 0; look < 3; look++) {
                database.execute(cures(operator.run("plan", "shop.yaml")));
            }

            assertThat(cures(operator.run("plan", "shop.yaml"))).isEmpty();
        } finally {
            database.execute("SET GLOBAL partial_revokes = OFF");
        }
    }

    /// The statements that a plan asks a database administrator for, and those that an error does.
    private static String[] cures(Operator.Said said) {
        return (said.out() + said.err())
                .lines()
                .map(line -> line.replaceFirst("^.*administrator run: ", "").strip())
                .filter(line -> line.startsWith("GRANT "))
                .map(line -> line.replaceFirst(";$", ""))
                .toArray(String[]::new);
    }
}
