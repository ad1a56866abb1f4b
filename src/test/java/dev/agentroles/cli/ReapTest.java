package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What reap does when a lease is over, and what it says of what it may not do.
@OnEachPostgreSql
final class ReapTest {
    @AutoClose
    private final Ground ground;

    ReapTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(server, directory);
    }

    @BeforeEach
    void everythingIsApplied() {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @Test
    void reapEndsSessionsAndDropsLoginsOfLeasesThatHaveExpired() throws SQLException {
        try (var session = ground.connect("support-bot")) {
            ground.later(Duration.ofHours(2));

            var said = ground.clean("reap", "shop.yaml");

            assertThat(said.out()).contains("of support-bot on ").contains("of order-desk on ");
            assertThat(session.isValid(5)).isFalse();
        }
        assertThat(ground.logins()).isEmpty();
        assertThat(ground.clean("reap", "shop.yaml").out()).isEqualTo("Nothing to reap.\n");
        ground.clean("rotate", "shop.yaml");
        ground.connect("support-bot").close();
    }

    @Test
    void whatIsLeftToReapIsNoDrift() throws SQLException {
        var login = replaced();
        ground.database.execute("ALTER ROLE \"%s\" VALID UNTIL '2020-01-01'".formatted(login));

        assertThat(ground.clean("plan", "shop.yaml").out())
                .contains("as the profile wants it; nothing to do")
                .contains("! a login whose lease is over is left to reap: " + login + "; agentroles reap shop.yaml");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(ground.logins()).contains(login);

        ground.clean("reap", "shop.yaml");
        assertThat(ground.logins()).doesNotContain(login);
        assertThat(ground.clean("plan", "shop.yaml").out()).doesNotContain("left to reap");
    }

    @Test
    void aLoginThatTheServerLetsInLongAfterItsEndIsDrift() throws SQLException {
        var login = replaced();
        ground.clean("plan", "shop.yaml");
        ground.later(Duration.ofMinutes(10));

        assertThat(ground.ends(2, "plan", "shop.yaml").out())
                .contains("- lease " + login.substring(login.lastIndexOf('_') + 1) + " of support-bot")
                .contains(", and the server still lets it in");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(ground.logins()).doesNotContain(login);
        ground.clean("plan", "shop.yaml");
    }

    @Test
    void whatHappensToALoginThatIsOverIsNoDrift() throws SQLException {
        var login = replaced();
        ground.database.execute(
                "ALTER ROLE \"%s\" NOLOGIN".formatted(login),
                "ALTER ROLE \"%s\" SET statement_timeout = 0".formatted(login),
                "REVOKE \"ar_%s_support-bot\" FROM \"%s\" GRANTED BY %s"
                        .formatted(
                                ground.database.name(),
                                login,
                                ground.operator.administrator().username()));

        ground.clean("plan", "shop.yaml");
    }

    /// A login of the agent that was replaced and whose end came a minute ago, by the ledger.
    private String replaced() throws SQLException {
        var login = ground.published("support-bot").orElseThrow().username();
        long version = ground.version("support-bot");
        ground.clean("rotate", "shop.yaml", "--agent", "support-bot");
        ground.expire("support-bot", version);
        return login;
    }

    @Test
    void anErrorOfOursOnADatabaseIsToldAsItsResult() throws SQLException {
        ground.later(Duration.ofHours(2));
        ground.operator.dieAt(point -> {
            throw new IllegalStateException("sesame");
        });

        assertThat(ground.ends(1, "reap", "shop.yaml").err())
                .contains("database " + ground.database.name()
                        + " ended in an error of agentroles itself: IllegalStateException")
                .doesNotContain("sesame");
    }

    @Test
    void aTimeoutThatIsNoneIsWrongUsage() {
        for (var seconds : List.of("-1", "0", "2147484")) {
            assertThat(ground.ends(64, "reap", "shop.yaml", "--timeout", seconds)
                            .err())
                    .contains("--timeout takes 1 to 86400 seconds");
        }
    }

    @Test
    void aLoginThatOwnsSomethingIsKeptClosedAndTriedAgainUntilItOwnsNothing() throws SQLException {
        var login = ground.published("support-bot").orElseThrow();
        ground.database.execute(
                "CREATE TABLE app.stray (id int)", "ALTER TABLE app.stray OWNER TO \"" + login.username() + '"');
        ground.later(Duration.ofHours(2));

        var said = ground.ends(4, "reap", "shop.yaml");

        assertThat(said.out())
                .contains("login " + login.username()
                        + " cannot be dropped, because objects depend on it: owner of table app.stray")
                .contains("give away or drop what it owns")
                .contains("is still owed: dropping login " + login.username());
        assertThatThrownBy(() -> ground.database.connect(login).close()).isInstanceOf(SQLException.class);
        assertThat(ground.ends(4, "status", "shop.yaml").out()).contains("owed: dropping login " + login.username());
        ground.ends(4, "reap", "shop.yaml");
        ground.database.execute("DROP TABLE app.stray");
        ground.clean("reap", "shop.yaml");
        assertThat(ground.logins()).isEmpty();
        assertThat(ground.clean("reap", "shop.yaml").out()).isEqualTo("Nothing to reap.\n");
    }

    /// Also where the server, and not what it owns, is in the way.
    @Test
    void aLoginThatCannotBeDroppedIsToldOnce() throws SQLException {
        var login = ground.published("support-bot").orElseThrow();
        ground.later(Duration.ofHours(2));
        try (var holder = ground.database.superuser()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("ALTER ROLE \"%s\" CONNECTION LIMIT 7".formatted(login.username()));

            var said = ground.ends(4, "reap", "shop.yaml").out();

            assertThat(said.lines().filter(line -> line.startsWith("! ")))
                    .as(said)
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("! login " + login.username() + " cannot be dropped: ");
            holder.rollback();
        }
        ground.clean("reap", "shop.yaml");
    }

    @Test
    void whatALoginOwnsInAnotherDatabaseIsFoundByTheStatementThatIsNamed() throws SQLException {
        var login = ground.published("support-bot").orElseThrow();
        try (var books = ground.database.server().createDatabase()) {
            books.execute("CREATE TABLE stray (id int)", "ALTER TABLE stray OWNER TO \"" + login.username() + '"');
            ground.later(Duration.ofHours(2));

            var said = ground.ends(4, "reap", "shop.yaml").out();

            assertThat(said)
                    .contains("login " + login.username()
                            + " cannot be dropped, because objects depend on it: 1 object in database " + books.name())
                    .contains("a session in database " + books.name() + " names it: SELECT")
                    .contains("REASSIGN OWNED BY \"" + login.username() + "\" TO its new owner");
            var naming = said.lines()
                    .filter(line -> line.contains(" names it: "))
                    .findFirst()
                    .orElseThrow()
                    .replaceFirst(".* names it: (SELECT [^;]*);.*", "$1");
            assertThat(books.query(naming)).containsExactly("table stray");

            books.execute("REASSIGN OWNED BY \"" + login.username() + "\" TO CURRENT_USER");
            ground.clean("reap", "shop.yaml");
            assertThat(ground.logins()).isEmpty();
        }
    }

    @Test
    void whatALoginWouldHaveGivenLaterGoesWithIt() throws SQLException {
        try (var session = ground.connect("support-bot");
                var statement = session.createStatement()) {
            statement.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC");
        }
        ground.later(Duration.ofHours(2));

        ground.clean("reap", "shop.yaml");

        assertThat(ground.logins()).isEmpty();
        assertThat(ground.database.query("SELECT count(*) FROM pg_default_acl")).containsExactly("0");
    }

    @Test
    void aLoginThatWasOnlyGrantedSomethingNeedsARevokeAndNoDecision() throws SQLException {
        var login = ground.published("support-bot").orElseThrow();
        ground.database.execute(
                "CREATE SCHEMA other",
                "CREATE TABLE other.stray (id int)",
                "GRANT SELECT ON other.stray TO \"" + login.username() + '"');
        ground.later(Duration.ofHours(2));

        var said = ground.ends(4, "reap", "shop.yaml");

        assertThat(said.out())
                .contains("because objects depend on it: privileges for table other.stray")
                .contains("it owns nothing and was granted something")
                .doesNotContain("give away");
        ground.database.execute("DROP OWNED BY \"" + login.username() + '"');
        ground.clean("reap", "shop.yaml");
        assertThat(ground.logins()).isEmpty();
    }

    /// It may grant itself, and is a member of the owner, for whom DROP OWNED would speak.
    @Test
    void whatTheAdministratorGaveALoginIsTakenBackWhenItEnds() throws SQLException {
        var owner = ground.database.role("owner");
        ground.database.execute(
                "CREATE ROLE " + owner,
                "ALTER SCHEMA app OWNER TO " + owner,
                "ALTER TABLE app.orders OWNER TO " + owner,
                "GRANT %s TO %s"
                        .formatted(owner, ground.operator.administrator().username()));
        var login = '"' + ground.published("support-bot").orElseThrow().username() + '"';
        try (var session = ground.database.connect(ground.operator.administrator());
                var statement = session.createStatement()) {
            statement.execute("GRANT USAGE ON SCHEMA app TO " + login);
            statement.execute("GRANT SELECT ON app.orders TO %s WITH GRANT OPTION".formatted(login));
            statement.execute("GRANT UPDATE (id) ON app.orders TO " + login);
            statement.execute("GRANT CONNECT ON DATABASE %s TO %s".formatted(ground.database.name(), login));
        }
        try (var session = ground.connect("support-bot");
                var statement = session.createStatement()) {
            statement.execute("GRANT SELECT ON app.orders TO "
                    + ground.operator.administrator().username());
        }
        ground.later(Duration.ofHours(2));

        ground.clean("reap", "shop.yaml");

        assertThat(ground.logins()).isEmpty();
    }

    /// It outlives its login, with its locks, and no session is there to be named.
    @Test
    void aTransactionThatAnAgentPreparedIsNamedUntilItIsEnded() throws SQLException {
        var login = ground.published("order-desk").orElseThrow().username();
        var name = ground.database.name() + "'s";
        var undo = "ROLLBACK PREPARED '" + ground.database.name() + "''s'";
        try (var session =
                        ground.database.connect(ground.published("order-desk").orElseThrow());
                var statement = session.createStatement()) {
            session.setAutoCommit(false);
            statement.execute("UPDATE app.orders SET id = 2");
            statement.execute("PREPARE TRANSACTION '" + name.replace("'", "''") + "'");
        }
        try {
            assertThat(ground.operator.run("status", "shop.yaml").out()).contains("prepared: ", login, undo);
            assertThat(ground.operator
                            .run("status", "shop.yaml", "--format", "json")
                            .out())
                    .contains("\"prepared_transactions\":[\"" + undo + "\"]");
            assertThat(ground.operator
                            .run("verify", "shop.yaml", "--no-probes", "-v")
                            .out())
                    .contains("PREPARED-TRANSACTION", "which " + login + " prepared", undo);
            assertThat(ground.ends(4, "revoke", "shop.yaml", "--agent", "order-desk")
                            .out())
                    .contains("which " + login + " prepared", undo);
            assertThat(ground.ends(4, "freeze", "shop.yaml", "--reason", "incident 42")
                            .out())
                    .contains("outlives", undo);
            ground.later(Duration.ofHours(2));
            assertThat(ground.ends(4, "reap", "shop.yaml").out())
                    .contains("outlives the login that prepared it, with its locks; only superusers can end it", undo);
        } finally {
            ground.database.execute(undo);
        }
        assertThat(ground.operator.run("reap", "shop.yaml").out()).doesNotContain("outlives");
    }
}
