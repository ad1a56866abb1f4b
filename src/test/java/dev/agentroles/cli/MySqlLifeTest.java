package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.harness.Jvm;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import dev.agentroles.ledger.ClaimLocks;
import dev.agentroles.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of a lease on servers that keep no expiry and end a transaction at each statement about an account.
@OnEachMySql
final class MySqlLifeTest {
    private final MySql server;
    private final Path directory;

    @AutoClose
    private final MySqlGround ground;

    MySqlLifeTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        this.server = server;
        this.directory = directory;
        this.ground = new MySqlGround(server, directory);
    }

    @BeforeEach
    void everythingIsApplied() {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @Test
    void whatIsDueIsReplacedAndTheOldLoginWorksUntilItsOverlapIsOver() throws SQLException {
        var old = ground.published(MySqlGround.AGENT).orElseThrow();
        ground.later(Duration.ofMinutes(45));

        assertThat(ground.clean("rotate", "shop.yaml").out()).contains("Rotated 2, 0 not due.");

        assertThat(ground.works(old)).isTrue();
        assertThat(ground.works(ground.published(MySqlGround.AGENT).orElseThrow()))
                .isTrue();
        assertThat(ground.clean("rotate", "shop.yaml").out()).isEqualTo("Rotated 0, 2 not due.\n");

        ground.later(Duration.ofMinutes(11));
        ground.clean("reap", "shop.yaml");

        assertThat(ground.works(old)).isFalse();
        ground.everythingIsInOrder("after a rotation");
    }

    @Test
    void aPlanSaysWhichLoginsKeepTheTermsTheyWereMadeOn() throws IOException {
        assertThat(ground.clean("plan", "shop.yaml").out()).doesNotContain("keeps the terms");
        var profile = directory.resolve("shop.yaml");
        Files.writeString(profile, Files.readString(profile).replace("connections: 20", "connections: 3"));

        assertThat(ground.clean("plan", "shop.yaml").out())
                .contains("the login of agent bot keeps the terms it was made on: connections 20, and not 3;");

        ground.clean("rotate", "shop.yaml", "--agent", "bot");
        assertThat(ground.clean("plan", "shop.yaml").out())
                .contains("agent desk keeps the terms")
                .doesNotContain("agent bot keeps the terms");
    }

    /// MariaDB fixes it with the account; MySQL has no such bound.
    @Test
    void aPlanSaysWhichLoginsKeepTheStatementTimeoutTheyWereMadeOn() throws IOException {
        ground.terms("ttl: 1h, overlap: 10m, statement_timeout: 5s");
        if (!server.mariadb()) {
            assertThat(ground.ends(1, "plan", "shop.yaml").out()).contains("agent bot has statement_timeout, and ");
            return;
        }

        assertThat(ground.clean("plan", "shop.yaml").out())
                .contains("agent bot keeps the terms it was made on: statement_timeout the server's own, and not 5s;");

        ground.clean("rotate", "shop.yaml", "--all");
        assertThat(ground.clean("plan", "shop.yaml").out()).doesNotContain("keeps the terms");
    }

    @Test
    void reapEndsSessionsAndDropsLoginsOfLeasesThatHaveExpired() throws SQLException {
        try (var session = ground.connect(MySqlGround.AGENT)) {
            ground.later(Duration.ofHours(2));

            var said = ground.clean("reap", "shop.yaml");

            assertThat(said.out()).contains("of bot on ").contains("of desk on ");
            assertThat(session.isValid(5)).isFalse();
        }
        assertThat(ground.logins()).isEmpty();
        assertThat(ground.clean("reap", "shop.yaml").out()).isEqualTo("Nothing to reap.\n");
        ground.clean("rotate", "shop.yaml");
        ground.everythingIsInOrder("after a reap");
    }

    /// The server ends none by itself here: what `reap` should have ended is drift, and nothing before that.
    @Test
    void aLoginThatIsOverIsDriftOnceReapShouldHaveEndedIt() throws SQLException {
        var old = ground.published(MySqlGround.AGENT).orElseThrow();
        ground.clean("rotate", "shop.yaml", "--agent", "bot");
        ground.expire(MySqlGround.AGENT, 1);

        assertThat(ground.clean("plan", "shop.yaml").out()).contains("is left to reap: " + old.username());
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(ground.works(old)).isTrue();

        ground.later(Duration.ofMinutes(10));
        assertThat(ground.ends(2, "plan", "shop.yaml").out()).contains(", and the server still lets it in");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(ground.works(old)).isFalse();
    }

    /// Where accounts carry no mark, the ledger had it, and only their names are left.
    @Test
    void aLedgerThatWasLostIsNotTakenForNothingApplied() throws SQLException {
        ground.database.execute("DROP DATABASE agentroles");

        var said = ground.operator.run("freeze", "shop.yaml", "--reason", "incident 42");

        assertThat(said.code()).as(said.out() + said.err()).isIn(1, 3);
        assertThat(said.err()).containsAnyOf("the ledger was lost", "if schema agentroles of this database was lost");
    }

    @Test
    void aRevokedAgentIsOutAtOnceAndAThawLetsItInAgain() throws SQLException {
        var old = ground.published(MySqlGround.AGENT).orElseThrow();
        try (var session = ground.connect(MySqlGround.AGENT)) {
            ground.clean("revoke", "shop.yaml", "--agent", "bot");

            assertThat(session.isValid(5)).isFalse();
        }
        assertThat(ground.works(old)).isFalse();
        assertThat(ground.published(MySqlGround.AGENT)).isEmpty();
        assertThat(ground.works(ground.published(MySqlGround.OTHER).orElseThrow()))
                .isTrue();
        assertThat(ground.clean("rotate", "shop.yaml").out()).contains("revoked");

        ground.clean("thaw", "shop.yaml", "--agent", "bot", "--yes", "--environment", "production");
        ground.clean("reap", "shop.yaml");
        ground.clean("rotate", "shop.yaml");
        ground.everythingIsInOrder("after a thaw");
    }

    @Test
    void aFrozenEnvironmentGivesNothing() throws SQLException {
        ground.clean("freeze", "shop.yaml", "--reason", "incident 42");

        assertThat(ground.published(MySqlGround.AGENT)).isEmpty();
        ground.ends(3, "rotate", "shop.yaml");
        ground.ends(3, "apply", "shop.yaml", "--yes");
        ground.clean("thaw", "shop.yaml", "--yes", "--environment", "production");
        ground.clean("reap", "shop.yaml");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground.everythingIsInOrder("after a thaw");
    }

    /// The login is proven when the environment is frozen, thawed and applied anew: it is dead by then, and
    /// what it would be published over works.
    @Test
    void aLoginThatAFreezeEndedIsPublishedOverNone() throws SQLException {
        ground.operator.dieAt(point -> {
            if (point == FaultPoints.Point.LOGIN_PROVEN) {
                ground.operator.dieAt(FaultPoints.NONE);
                ground.clean("freeze", "shop.yaml", "--reason", "in the middle");
                ground.clean("thaw", "shop.yaml", "--yes", "--environment", "production");
                ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            }
        });

        ground.clean("rotate", "shop.yaml", "--agent", MySqlGround.AGENT);

        ground.clean("reap", "shop.yaml");
        ground.everythingIsInOrder("after a freeze in the middle");
    }

    @Test
    void aLoginWhosePasswordSomebodyHasChangedIsReplaced() throws SQLException {
        var login = ground.published(MySqlGround.AGENT).orElseThrow();
        ground.database.execute("ALTER USER '" + login.username() + "'@'%' IDENTIFIED BY 'Mine-4711'");

        assertThat(ground.clean("rotate", "shop.yaml").out())
                .contains("does not work: ")
                .contains("Rotated 1, 1 not due.");

        assertThat(ground.works(ground.published(MySqlGround.AGENT).orElseThrow()))
                .isTrue();
    }

    /// On MariaDB an agent may do so itself; the password is right, and the login has no power.
    @Test
    void aLoginWhoseRoleNoLongerActsIsReplaced() throws SQLException {
        var login = ground.published(MySqlGround.OTHER).orElseThrow();
        if (server.mariadb()) {
            try (var session = ground.connect(MySqlGround.OTHER);
                    var statement = session.createStatement()) {
                statement.execute("SET DEFAULT ROLE NONE");
            }
        } else {
            ground.database.execute("SET DEFAULT ROLE NONE TO '" + login.username() + "'@'%'");
        }
        assertThat(ground.works(login)).isFalse();

        assertThat(ground.clean("rotate", "shop.yaml").out())
                .contains("does not work: ")
                .contains("Rotated 1, 1 not due.");

        assertThat(ground.works(ground.published(MySqlGround.OTHER).orElseThrow()))
                .isTrue();
    }

    /// Who made a role may give it to others on MariaDB, and nobody else, whatever his rights.
    @Test
    void anotherAdministratorIsToldWhatItLacksBeforeALeaseIsDue() throws SQLException {
        var other = ground.database.login("another");
        ground.database.administers(other, ground.database.name());
        ground.operator.set("DB_ADMIN", other.username());
        ground.operator.set("DB_PASSWORD", other.clear());
        if (server.mariadb()) {
            assertThat(ground.ends(1, "plan", "shop.yaml").out())
                    .contains(other.username() + "@% may not give role ar_" + ground.database.name() + "_bot to others")
                    .contains("REPLACE INTO mysql.roles_mapping");
            assertThat(ground.ends(1, "rotate", "shop.yaml", "--all").out())
                    .contains("does not allow " + other.username() + " to do this: ")
                    .doesNotContain("refused the password");
            for (var agent : List.of(MySqlGround.AGENT, MySqlGround.OTHER)) {
                ground.database.execute(
                        "REPLACE INTO mysql.roles_mapping (Host, User, Role, Admin_option) VALUES ('%%', '%s', 'ar_%s_%s', 'Y')"
                                .formatted(other.username(), ground.database.name(), agent),
                        "FLUSH PRIVILEGES");
            }
        }

        ground.clean("plan", "shop.yaml");
        ground.clean("rotate", "shop.yaml", "--all");
    }

    /// A statement about an account ends the transaction around it: what an agent has open holds its
    /// account for nobody.
    @Test
    void anAgentStopsNeitherARotationNorAStopWithAnOpenTransaction() throws SQLException {
        try (var session = ground.connect(MySqlGround.AGENT);
                var statement = session.createStatement()) {
            session.setAutoCommit(false);
            statement.execute("SELECT * FROM orders");
            statement.execute(
                    server.release().engine().equals("mariadb")
                            ? "SET PASSWORD = PASSWORD('Mine-4711')"
                            : "SET PASSWORD = 'Mine-4711'");
            statement.execute("SELECT * FROM orders");

            assertThat(ground.clean("rotate", "shop.yaml", "--all", "--timeout", "5")
                            .out())
                    .contains("Rotated 2, 0 not due.");
            ground.clean("freeze", "shop.yaml", "--reason", "now", "--timeout", "5");

            assertThat(session.isValid(5)).isFalse();
        }
        ground.clean("reap", "shop.yaml");
        assertThat(ground.logins()).isEmpty();
    }

    /// Any login can take such a lock.
    @Test
    void anAgentThatTakesTheLockOfARotationHoldsUpNobody() throws SQLException {
        try (var session = ground.connect(MySqlGround.OTHER);
                var statement = session.createStatement()) {
            statement.execute(
                    "SELECT GET_LOCK('%s', 0)".formatted(ClaimLocks.onMySql(ClaimLocks.ofAgent(MySqlGround.AGENT))));

            assertThat(ground.clean("rotate", "shop.yaml", "--all").out()).contains("Rotated 2, 0 not due.");

            assertThat(
                            ground.database.query(
                                    "SELECT agent FROM agentroles.journal WHERE outcome = 'unclaimed' AND detail LIKE 'session %'"))
                    .containsExactly(MySqlGround.AGENT);
        }
    }

    @Test
    void aRunOfOursIsNoOutsiderWhateverItsLoginIsCalled() throws SQLException {
        var login = ground.database.login("dba@home");
        ground.database.execute("GRANT SELECT ON %s.* TO '%s'".formatted(ground.database.name(), login.username()));
        try (var one = connect(login);
                var other = connect(login)) {
            Ledger.on(one, "mysql").claims().claimAgent(MySqlGround.AGENT);

            assertThat(Ledger.on(other, "mysql").claims().holder(MySqlGround.AGENT))
                    .get()
                    .satisfies(holder -> {
                        assertThat(holder.login()).isEqualTo(login.username());
                        assertThat(holder.outsider()).isFalse();
                    });
        }
    }

    @Test
    void aRunThatSaysNothingAnyMoreIsNamed() throws SQLException {
        try (var other = connect(ground.operator.administrator());
                var statement = other.createStatement()) {
            Ledger.on(other, "mysql").claims().claimAgent(MySqlGround.AGENT);
            ground.database.query("SELECT SLEEP(11)");

            assertThat(ground.ends(4, "rotate", "shop.yaml", "--all").out())
                    .contains("agent bot is not rotated: session ")
                    .containsPattern("began to, and has said nothing for 1\\d s")
                    .contains("Rotated 1, 0 not due, 1 failed.");

            try (var row = statement.executeQuery("SELECT @@wait_timeout")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(300);
            }
        }
    }

    /// Another session works meanwhile; whoever lost the claim could not note how the run ended.
    @Test
    void aChangeStaysClaimedForAsLongAsItMayTake() throws SQLException {
        try (var one = connect(ground.operator.administrator());
                var statement = one.createStatement()) {
            assertThat(Ledger.on(one, "mysql").claims().claimChange(7, Duration.ofMinutes(30)))
                    .isTrue();

            try (var row = statement.executeQuery("SELECT @@wait_timeout")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(35 * 60);
            }
        }
    }

    /// As a run of ours does.
    private Connection connect(Login login) throws SQLException {
        return DriverManager.getConnection(
                ground.database.url() + "?allowMultiQueries=true", login.username(), login.clear());
    }

    /// The freeze comes when a run has looked for one, and when the login is just being made.
    @Test
    void whoIsStoppedMeanwhileGetsNoLogin() throws SQLException {
        var old = ground.logins();
        ground.operator.dieAt(point -> {
            if (point == FaultPoints.Point.STORE_READ) {
                freeze();
            }
        });

        var said = ground.ends(3, "rotate", "shop.yaml", "--all");

        assertThat(said.out() + said.err())
                .contains("no login is issued: the environment is frozen: dba froze it at ")
                .contains("because: incident 43");
        assertThat(ground.logins()).isEqualTo(old);
        assertThat(ground.database.query("SELECT id FROM agentroles.lease WHERE state = 'ISSUED'"))
                .isEmpty();
    }

    private void freeze() {
        try {
            ground.database.execute("INSERT IGNORE INTO agentroles.freeze VALUES (true, 'dba', NOW(6), 'incident 43')");
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    /// The journal is read in pages of a thousand.
    @Test
    void aLongJournalIsReadWhole() throws SQLException {
        ground.database.execute("""
                CREATE PROCEDURE fill() BEGIN
                  DECLARE i INT DEFAULT 0;
                  WHILE i < 2500 DO
                    UPDATE agentroles.journal_head SET seq = seq + 1;
                    INSERT INTO agentroles.journal
                    SELECT seq, NOW(6), 'dba', 'dba', 'note', NULL, NULL, 'done', CONCAT('note ', seq), hash, hash
                      FROM agentroles.journal_head;
                    SET i = i + 1;
                  END WHILE;
                END""", "CALL fill()", "DROP PROCEDURE fill");

        assertThat(notes("0")).hasSize(2500);
        assertThat(notes("2")).hasSize(2);
    }

    private List<String> notes(String last) {
        return ground.clean("log", "shop.yaml", "--last", last, "--format", "json")
                .out()
                .lines()
                .filter(line -> line.contains("\"note\""))
                .toList();
    }

    @Test
    void noPasswordReachesTheServersLog() {
        var login = ground.published(MySqlGround.AGENT).orElseThrow();

        assertThat(server.log()).contains(login.username()).doesNotContain(login.clear());
    }

    /// A program that logs in with what it finds in its environment.
    static final class Client {
        public static void main(String[] arguments) throws Exception {
            var environment = System.getenv();
            var url = "jdbc:%s://%s:%s/%s?%s"
                    .formatted(
                            arguments[1],
                            environment.get("MYSQL_HOST"),
                            environment.get("MYSQL_TCP_PORT"),
                            environment.get("MYSQL_DATABASE"),
                            arguments[1].equals("mysql") ? "allowPublicKeyRetrieval=true" : "sslMode=disable");
            try (var session = DriverManager.getConnection(
                            url, environment.get("MYSQL_USER"), environment.get("MYSQL_PWD"));
                    var statement = session.createStatement();
                    var row = statement.executeQuery("SELECT total FROM orders")) {
                row.next();
                Files.write(Path.of(arguments[0]), List.of(row.getString(1), environment.get("DATABASE_URL")));
            }
            System.exit(7);
        }
    }

    @Test
    void aProgramGetsALoginOfItsOwnThatEndsWithIt() throws Exception {
        var file = directory.resolve("client.txt");

        var line = Stream.concat(
                Stream.of("exec", "shop.yaml", "--agent", "bot", "--"),
                Jvm.line(
                        Client.class.getName(),
                        file.toString(),
                        server.release().engine())
                        .stream());
        ground.ends(7, line.toArray(String[]::new));

        var lines = Files.readAllLines(file);
        assertThat(lines.getFirst()).isEqualTo("42");
        assertThat(lines.get(1)).contains("://ar_" + ground.database.name() + "_bot_");
        assertThat(ground.logins()).hasSize(2);
        ground.everythingIsInOrder("after exec");
    }

    private static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    /// Each of the steps of a rotation is the last one, once.
    @Test
    void whateverStepOfARotationIsTheLastTheNextRunFinishesIt() throws SQLException {
        for (var last : List.of(
                FaultPoints.Point.LOGIN_ISSUED,
                FaultPoints.Point.LOGIN_PROVEN,
                FaultPoints.Point.SECRET_PUBLISHED,
                FaultPoints.Point.PUBLICATION_RECORDED,
                FaultPoints.Point.PREDECESSOR_SHORTENED)) {
            dies(last, "rotate", "shop.yaml", "--all");

            assertThat(ground.works(ground.published(MySqlGround.AGENT).orElseThrow()))
                    .as("what is published works after %s", last)
                    .isTrue();
            ground.clean("rotate", "shop.yaml");
            ground.clean("reap", "shop.yaml");
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            ground.later(Duration.ofMinutes(15));
            ground.clean("reap", "shop.yaml");
            ground.clean("rotate", "shop.yaml");
            ground.everythingIsInOrder("rotation ended after " + last);
            ground.database.execute("UPDATE agentroles.lease SET issued_at = NOW(6) - INTERVAL 1 MINUTE,"
                    + " expires_at = NOW(6) + INTERVAL 59 MINUTE WHERE state = 'PUBLISHED'");
        }
    }

    @Test
    void whateverStepOfAFreezeIsTheLastAReapFinishesIt() throws SQLException {
        for (var last : List.of(
                FaultPoints.Point.STOP_RECORDED,
                FaultPoints.Point.LOGINS_CLOSED,
                FaultPoints.Point.SESSIONS_ENDED,
                FaultPoints.Point.SECRET_ERASED)) {
            var old = ground.published(MySqlGround.AGENT).orElseThrow();
            dies(last, "freeze", "shop.yaml", "--reason", "incident 42");

            ground.clean("reap", "shop.yaml");

            assertThat(ground.works(old)).as("after %s", last).isFalse();
            assertThat(ground.published(MySqlGround.AGENT)).as("after %s", last).isEmpty();
            assertThat(ground.logins()).as("after %s", last).isEmpty();
            ground.clean("thaw", "shop.yaml", "--yes", "--environment", "production");
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            ground.everythingIsInOrder("freeze ended after " + last);
        }
    }

    private void dies(FaultPoints.Point last, String... arguments) {
        ground.operator.dieAt(point -> {
            if (point == last) {
                throw new Died();
            }
        });
        try {
            ground.operator.run(arguments);
        } catch (Died meant) {
            assertThat(meant).isNotNull();
        } finally {
            ground.operator.dieAt(FaultPoints.NONE);
        }
    }
}
