package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.credential.StorePath;
import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of leases after apply: rotated, reaped, revoked, frozen, thawed.
@OnEachPostgreSql
final class LifeTest {
    @AutoClose
    private final Database database;

    private final Operator operator;

    LifeTest(PostgreSql server, @TempDir Path directory) throws SQLException {
        this.database = server.createDatabase();
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.orders AS SELECT 1 AS id");
        var administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        this.operator = new Operator(directory, database, administrator);
    }

    @BeforeEach
    void everythingIsApplied() throws IOException {
        profile("ttl: 1h, overlap: 10m");
        clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    private void profile(String lease) throws IOException {
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  orders: {database: %s, include: [app.orders]}
                agents:
                  support-bot:
                    access: [{scope: orders, tier: explore}]
                    lease: {%s}
                  order-desk:
                    access: [{scope: orders, tier: ddl-denied}]
                    lease: {%s}
                """.formatted(database.name(), lease, lease));
    }

    private Operator.Said clean(String... arguments) {
        return ends(0, arguments);
    }

    private Operator.Said ends(int code, String... arguments) {
        var said = operator.run(arguments);
        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(code);
        return said;
    }

    private Optional<Login> published(String agent) {
        try (var store = operator.store()) {
            return store.read(new StorePath("agents/production/" + database.name() + "/" + agent))
                    .held()
                    .map(held ->
                            new Login(held.secret().username(), held.secret().password()));
        }
    }

    private Connection connect(String agent) throws SQLException {
        return database.connect(published(agent).orElseThrow());
    }

    private List<String> logins() throws SQLException {
        return database.query(
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'ar_%s_')".formatted(database.name())
                        + " AND rolname ~ '_[0-9][^_]{7}$' ORDER BY 1");
    }

    /// As if that much time had passed since the leases were issued.
    private void later(Duration time) throws SQLException {
        database.execute(
                "UPDATE agentroles.lease SET issued_at = issued_at - interval '%1$s s', expires_at = expires_at - interval '%1$s s'"
                        .formatted(time.toSeconds()));
    }

    @Test
    void whatIsNotDueStays() throws SQLException {
        var before = logins();

        var said = clean("rotate", "shop.yaml");

        assertThat(said.out()).isEqualTo("Rotated 0, 2 not due.\n");
        assertThat(logins()).isEqualTo(before);
    }

    @Test
    void whatIsDueIsReplacedAndTheOldLoginEndsAfterTheOverlap() throws SQLException {
        var old = published("support-bot").orElseThrow();
        later(Duration.ofMinutes(45));

        var said = clean("rotate", "shop.yaml");

        assertThat(said.out()).contains("Rotated 2, 0 not due.");
        assertThat(published("support-bot").orElseThrow().username()).isNotEqualTo(old.username());
        connect("support-bot").close();
        database.connect(old).close();
        assertThat(minutesLeft(old)).isBetween(9, 10);
        assertThat(database.query("SELECT round(extract(epoch FROM rolvaliduntil - now()) / 60) FROM pg_roles"
                        + " WHERE rolname = '" + old.username() + "'"))
                .containsExactly("10");
        assertThat(clean("rotate", "shop.yaml").out()).isEqualTo("Rotated 0, 2 not due.\n");
    }

    @Test
    void theOldLoginNeverEndsLaterThanItWouldHave() throws SQLException {
        var old = published("support-bot").orElseThrow();
        later(Duration.ofMinutes(55));

        clean("rotate", "shop.yaml");

        assertThat(minutesLeft(old)).isBetween(4, 5);
    }

    @Test
    void aShorterTimeInTheProfileMakesALeaseDueThatWasGivenMore() throws Exception {
        profile("ttl: 2m, overlap: 30s");

        assertThat(clean("rotate", "shop.yaml").out()).contains("Rotated 0, 2 not due.");
        later(Duration.ofMinutes(2));
        assertThat(clean("rotate", "shop.yaml").out()).contains("Rotated 2, 0 not due.");
    }

    /// The versions of a secret begin at 1 again when it was erased.
    @Test
    void whatWasPublishedBeforeAFreezeIsNoReasonNotToRotate() throws SQLException {
        clean("rotate", "shop.yaml", "--all");
        clean("rotate", "shop.yaml", "--all");
        clean("freeze", "shop.yaml", "--reason", "odd queries");
        clean("thaw", "shop.yaml", "--yes", "--environment", "production");
        clean("rotate", "shop.yaml");

        var said = clean("rotate", "shop.yaml", "--all");

        assertThat(said.out()).contains("Rotated 2, 0 not due.");
        var login = published("support-bot").orElseThrow().username();
        assertThat(clean("status", "shop.yaml").out().lines().filter(line -> line.contains(" published ")))
                .hasSize(2)
                .anyMatch(line -> line.contains(login.substring(login.lastIndexOf('_') + 1)));
    }

    /// A standby takes over whose clock is behind: what was issued before is issued in the future.
    @Test
    void aClockThatGoesBackHoldsNoRotationUp() throws SQLException {
        clean("rotate", "shop.yaml", "--all");
        var old = published("support-bot").orElseThrow();
        later(Duration.ofMinutes(-8));

        assertThat(clean("rotate", "shop.yaml", "--all").out()).contains("Rotated 2, 0 not due.");
        assertThat(minutesLeft(old)).isBetween(9, 10);
        assertThat(clean("rotate", "shop.yaml", "--all").out()).contains("Rotated 2, 0 not due.");

        database.execute("UPDATE agentroles.lease SET expires_at = now() + interval '1 hour' WHERE login = '"
                + old.username() + "'");
        assertThat(clean("rotate", "shop.yaml").out()).contains("Rotated 0, 2 not due.");
        assertThat(minutesLeft(old)).isBetween(9, 10);
    }

    private int minutesLeft(Login login) throws SQLException {
        return Integer.parseInt(database.query(
                        "SELECT ceil(extract(epoch FROM expires_at - now()) / 60)::int FROM agentroles.lease WHERE login = '"
                                + login.username() + "'")
                .getFirst());
    }

    @Test
    void anAgentIsRotatedWhenItIsAskedForAndNoOther() {
        var other = published("order-desk");
        var old = published("support-bot");

        clean("rotate", "shop.yaml", "--agent", "support-bot");

        assertThat(published("support-bot")).isNotEqualTo(old);
        assertThat(published("order-desk").orElseThrow().username())
                .isEqualTo(other.orElseThrow().username());
    }

    /// Somebody rotates by a profile that nobody has applied yet.
    @Test
    void aTierIsToldWhenItWasAppliedAndNotBefore() throws IOException {
        operator.edit("shop.yaml", text -> text.replace("tier: ddl-denied", "tier: explore"));

        assertThat(clean("rotate", "shop.yaml").out()).isEqualTo("Rotated 0, 2 not due.\n");
        clean("rotate", "shop.yaml", "--all");
        assertThat(operator.secret("order-desk").orElseThrow().tier()).isEqualTo("orders:ddl-denied");

        assertThat(ends(2, "plan", "shop.yaml").out()).contains("says orders:ddl-denied, and it is orders:explore");
        clean("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(operator.secret("order-desk").orElseThrow().tier()).isEqualTo("orders:explore");
        assertThat(clean("rotate", "shop.yaml").out()).isEqualTo("Rotated 0, 2 not due.\n");
    }

    @Test
    void anUnknownAgentIsWrongUsageWithANearName() {
        var said = ends(64, "rotate", "shop.yaml", "--agent", "support-bt");

        assertThat(said.err()).contains("has no agent \"support-bt\"; did you mean \"support-bot\"?");
    }

    @Test
    void aPublishedLoginThatIsDeadIsReplacedAtOnce() throws SQLException {
        database.execute("DROP ROLE \"" + published("support-bot").orElseThrow().username() + '"');

        var said = clean("rotate", "shop.yaml");

        assertThat(said.out()).contains("is gone from the server").contains("Rotated 1, 1 not due.");
        connect("support-bot").close();
        clean("reap", "shop.yaml");
        assertThat(logins()).hasSize(2);
    }

    @Test
    void aPublishedLoginThatTheServerLetsInNoMoreIsReplacedAtOnce() throws SQLException {
        database.execute(
                "ALTER ROLE \"" + published("support-bot").orElseThrow().username() + "\" VALID UNTIL '2020-01-01'");

        assertThat(clean("rotate", "shop.yaml").out()).contains("Rotated 1, 1 not due.");

        connect("support-bot").close();
    }

    @Test
    void statusShowsALoginThatIsGoneFromTheServer() throws SQLException {
        database.execute("DROP ROLE \"" + published("support-bot").orElseThrow().username() + '"');

        assertThat(ends(4, "status", "shop.yaml").out().lines().filter(line -> line.startsWith("support-bot")))
                .singleElement()
                .asString()
                .endsWith(" gone");
        assertThat(ends(4, "status", "shop.yaml", "--format", "json").out())
                .containsOnlyOnce("\"works\":false")
                .containsOnlyOnce("\"works\":true");
    }

    @Test
    void anAgentWhoseRoleIsGoneIsNamedWithWhatMakesItAnew() throws SQLException {
        database.execute("DROP ROLE \"ar_%s_support-bot\"".formatted(database.name()));

        var said = ends(4, "rotate", "shop.yaml", "--all").out();

        assertThat(said)
                .contains("! support-bot on " + database.name() + ": database ")
                .contains("role \"ar_%s_support-bot\" does not exist".formatted(database.name()))
                .contains("apply makes what is ours anew")
                .endsWith("Rotated 1, 0 not due, 1 failed.\n");
        clean("apply", "shop.yaml", "--yes", "--no-verify");
        clean("rotate", "shop.yaml", "--all");
    }

    @Test
    void aRevocationThatEndsNamesItsAgent() {
        clean("revoke", "shop.yaml", "--agent", "support-bot");

        var said = clean("thaw", "shop.yaml", "--agent", "support-bot", "--yes", "--environment", "production");
        var again = clean("thaw", "shop.yaml", "--agent", "support-bot", "--yes", "--environment", "production");

        assertThat(said.out()).startsWith("+ support-bot on " + database.name() + " thawed; ");
        assertThat(again.out()).isEqualTo("  support-bot on " + database.name() + " was not stopped\n");
    }

    @Test
    void aLoginThatMayNotBeClosedIsToldInOneSentence() throws SQLException {
        database.execute("ALTER ROLE \"%s\" NOCREATEROLE"
                .formatted(operator.administrator().username()));

        var said = ends(4, "revoke", "shop.yaml", "--agent", "support-bot").out();

        assertThat(said)
                // PostgreSQL 15 has no detail.
                .containsPattern(
                        "cannot be closed: ERROR: (permission denied to alter role; Detail: Only roles|must have admin)")
                .doesNotContain("\\n");
    }

    @Test
    void anErrorOfOursInOneRotationIsToldAndTheOthersGoOn() {
        var first = new AtomicBoolean(true);
        operator.dieAt(point -> {
            if (point == Point.LOGIN_ISSUED && first.getAndSet(false)) {
                throw new IllegalStateException("sesame");
            }
        });

        var said = ends(4, "rotate", "shop.yaml", "--all", "--parallel", "1");

        assertThat(said.out() + said.err())
                .contains("ended in an error of agentroles itself: IllegalStateException")
                .contains("Rotated 1")
                .doesNotContain("sesame");
    }

    @Test
    void anErrorOfOursOnADatabaseIsToldAsItsResult() throws SQLException {
        later(Duration.ofHours(2));
        operator.dieAt(point -> {
            throw new IllegalStateException("sesame");
        });

        assertThat(ends(1, "reap", "shop.yaml").err())
                .contains("database " + database.name()
                        + " ended in an error of agentroles itself: IllegalStateException")
                .doesNotContain("sesame");
    }

    @Test
    void aTimeoutThatIsNoneIsWrongUsage() {
        for (var seconds : List.of("-1", "0", "2147484")) {
            assertThat(ends(64, "reap", "shop.yaml", "--timeout", seconds).err())
                    .contains("--timeout takes 1 to 86400 seconds");
        }
    }

    @Test
    void reapEndsSessionsAndDropsLoginsOfLeasesThatHaveExpired() throws SQLException {
        try (var session = connect("support-bot")) {
            later(Duration.ofHours(2));

            var said = clean("reap", "shop.yaml");

            assertThat(said.out()).contains("of support-bot on ").contains("of order-desk on ");
            assertThat(session.isValid(5)).isFalse();
        }
        assertThat(logins()).isEmpty();
        assertThat(clean("reap", "shop.yaml").out()).isEqualTo("Nothing to reap.\n");
        clean("rotate", "shop.yaml");
        connect("support-bot").close();
    }

    @Test
    void aLoginThatOwnsSomethingIsKeptClosedAndTriedAgainUntilItOwnsNothing() throws SQLException {
        var login = published("support-bot").orElseThrow();
        database.execute(
                "CREATE TABLE app.stray (id int)", "ALTER TABLE app.stray OWNER TO \"" + login.username() + '"');
        later(Duration.ofHours(2));

        var said = ends(4, "reap", "shop.yaml");

        assertThat(said.out())
                .contains("login " + login.username()
                        + " cannot be dropped, because objects depend on it: owner of table app.stray")
                .contains("give away or drop what it owns")
                .contains("is still owed: dropping login " + login.username());
        assertThatThrownBy(() -> database.connect(login).close()).isInstanceOf(SQLException.class);
        assertThat(ends(4, "status", "shop.yaml").out()).contains("owed: dropping login " + login.username());
        ends(4, "reap", "shop.yaml");
        database.execute("DROP TABLE app.stray");
        clean("reap", "shop.yaml");
        assertThat(logins()).isEmpty();
        assertThat(clean("reap", "shop.yaml").out()).isEqualTo("Nothing to reap.\n");
    }

    @Test
    void whatALoginOwnsInAnotherDatabaseIsFoundByTheStatementThatIsNamed() throws SQLException {
        var login = published("support-bot").orElseThrow();
        try (var books = database.server().createDatabase()) {
            books.execute("CREATE TABLE stray (id int)", "ALTER TABLE stray OWNER TO \"" + login.username() + '"');
            later(Duration.ofHours(2));

            var said = ends(4, "reap", "shop.yaml").out();

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
            clean("reap", "shop.yaml");
            assertThat(logins()).isEmpty();
        }
    }

    @Test
    void whatALoginWouldHaveGivenLaterGoesWithIt() throws SQLException {
        try (var session = connect("support-bot");
                var statement = session.createStatement()) {
            statement.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC");
        }
        later(Duration.ofHours(2));

        clean("reap", "shop.yaml");

        assertThat(logins()).isEmpty();
        assertThat(database.query("SELECT count(*) FROM pg_default_acl")).containsExactly("0");
    }

    @Test
    void aLoginThatWasOnlyGrantedSomethingNeedsARevokeAndNoDecision() throws SQLException {
        var login = published("support-bot").orElseThrow();
        database.execute(
                "CREATE SCHEMA other",
                "CREATE TABLE other.stray (id int)",
                "GRANT SELECT ON other.stray TO \"" + login.username() + '"');
        later(Duration.ofHours(2));

        var said = ends(4, "reap", "shop.yaml");

        assertThat(said.out())
                .contains("because objects depend on it: privileges for table other.stray")
                .contains("it owns nothing and was granted something")
                .doesNotContain("give away");
        database.execute("DROP OWNED BY \"" + login.username() + '"');
        clean("reap", "shop.yaml");
        assertThat(logins()).isEmpty();
    }

    /// It may grant itself, and is a member of the owner, for whom DROP OWNED would speak.
    @Test
    void whatTheAdministratorGaveALoginIsTakenBackWhenItEnds() throws SQLException {
        var owner = database.role("owner");
        database.execute(
                "CREATE ROLE " + owner,
                "ALTER SCHEMA app OWNER TO " + owner,
                "ALTER TABLE app.orders OWNER TO " + owner,
                "GRANT %s TO %s".formatted(owner, operator.administrator().username()));
        var login = '"' + published("support-bot").orElseThrow().username() + '"';
        try (var session = database.connect(operator.administrator());
                var statement = session.createStatement()) {
            statement.execute("GRANT USAGE ON SCHEMA app TO " + login);
            statement.execute("GRANT SELECT ON app.orders TO %s WITH GRANT OPTION".formatted(login));
            statement.execute("GRANT UPDATE (id) ON app.orders TO " + login);
            statement.execute("GRANT CONNECT ON DATABASE %s TO %s".formatted(database.name(), login));
        }
        try (var session = connect("support-bot");
                var statement = session.createStatement()) {
            statement.execute(
                    "GRANT SELECT ON app.orders TO " + operator.administrator().username());
        }
        later(Duration.ofHours(2));

        clean("reap", "shop.yaml");

        assertThat(logins()).isEmpty();
    }

    @Test
    void aSecretWhoseLoginIsGoneIsErased() throws SQLException {
        database.execute("DROP ROLE \"" + published("support-bot").orElseThrow().username() + '"');

        assertThat(clean("reap", "shop.yaml").out()).contains("/support-bot: its login does not work");

        assertThat(published("support-bot")).isEmpty();
        assertThat(published("order-desk")).isPresent();
    }

    @Test
    void aSessionLongerThanTheProfileAllowsIsEnded() throws Exception {
        profile("ttl: 1h, overlap: 10m, max_session: 1s");
        try (var session = connect("support-bot")) {
            session.createStatement().execute("SELECT pg_sleep(1.2)");
            try (var young = connect("support-bot")) {
                assertThat(clean("reap", "shop.yaml").out())
                        .contains("1 session on")
                        .contains("that lasted too long");

                assertThat(session.isValid(5)).isFalse();
                assertThat(young.isValid(5)).isTrue();
            }
        }
        assertThat(database.query("SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
                        + " WHERE rolname ~ '_[0-9][^_]{7}$' AND NOT m.admin_option"
                        + " AND m.member = (SELECT oid FROM pg_roles WHERE rolname = '"
                        + administrator().username()
                        + "') AND starts_with(rolname, 'ar_"
                        + database.name() + "')"))
                .as("powers that the administrator lent itself")
                .containsExactly("0");
    }

    @Test
    void aRevokedAgentIsOutAtOnceAndStaysOutAndTheOthersGoOn() throws Exception {
        var login = published("support-bot").orElseThrow();
        try (var session = connect("support-bot");
                var other = connect("order-desk")) {
            var said = clean("revoke", "shop.yaml", "--agent", "support-bot", "--reason", "odd queries");

            assertThat(said.out()).contains("is revoked; 1 login closed, 1 session ended, secrets deleted");
            assertThat(session.isValid(5)).isFalse();
            assertThat(other.isValid(5)).isTrue();
        }
        assertThatThrownBy(() -> database.connect(login).close()).isInstanceOf(SQLException.class);
        assertThat(published("support-bot")).isEmpty();

        assertThat(clean("rotate", "shop.yaml").out())
                .contains("support-bot on " + database.name() + ": revoked by tester@test")
                .contains("because: odd queries");
        ends(3, "rotate", "shop.yaml", "--agent", "support-bot");
        clean("apply", "shop.yaml", "--yes");
        clean("reap", "shop.yaml");
        assertThat(published("support-bot")).isEmpty();
        assertThat(logins()).hasSize(1);

        clean("thaw", "shop.yaml", "--agent", "support-bot", "--yes", "--environment", "production");
        clean("rotate", "shop.yaml");
        connect("support-bot").close();
    }

    @Test
    void aFrozenEnvironmentRefusesUntilItIsThawed() throws Exception {
        var login = published("support-bot").orElseThrow();
        try (var session = connect("order-desk")) {
            var said = clean("freeze", "shop.yaml", "--reason", "incident 42");

            assertThat(said.out()).contains("is frozen; 2 logins closed, 1 session ended, secrets deleted");
            assertThat(session.isValid(5)).isFalse();
        }
        assertThatThrownBy(() -> database.connect(login).close()).isInstanceOf(SQLException.class);
        assertThat(published("support-bot")).isEmpty();
        for (var command : List.of("rotate", "apply")) {
            assertThat(ends(3, command, "shop.yaml", command.equals("apply") ? "--yes" : "--all")
                            .err())
                    .contains("environment production is frozen: tester@test froze " + database.name() + " at ")
                    .contains("because: incident 42");
        }
        assertThat(clean("status", "shop.yaml").out()).contains("FROZEN " + database.name() + " by tester@test");
        clean("reap", "shop.yaml");
        assertThat(logins()).isEmpty();

        ends(3, "thaw", "shop.yaml", "--yes");
        ends(3, "thaw", "shop.yaml", "--yes", "--environment", "staging");
        operator.answer("production");
        clean("thaw", "shop.yaml");
        clean("apply", "shop.yaml", "--yes");
        connect("support-bot").close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"freeze shop.yaml", "revoke shop.yaml --agent support-bot"})
    void aStopDoesNotWaitForARunThatHoldsTheLock(String stop) throws SQLException {
        try (var other = new PostgresEngine().connect(database.target(administrator()))) {
            other.lock(Duration.ofSeconds(1));

            long before = System.nanoTime();
            clean((stop + " --reason now").split(" "));

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        }
        assertThat(published("support-bot")).isEmpty();
    }

    @Test
    void theBoundsOfTheProfileReachTheSessionsOfAnAgent() throws Exception {
        profile("ttl: 1h, overlap: 10m, idle_timeout: 7m, statement_timeout: 5s");
        clean("rotate", "shop.yaml", "--all");

        try (var session = connect("support-bot");
                var statement = session.createStatement();
                var row = statement.executeQuery(
                        "SELECT current_setting('idle_session_timeout'), current_setting('statement_timeout')")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("7min");
            assertThat(row.getString(2)).isEqualTo("5s");
        }
    }

    @Test
    void theServerHoldsAnAgentToItsBounds() throws Exception {
        profile("ttl: 1h, overlap: 10m, idle_timeout: 1s, statement_timeout: 1s");
        clean("rotate", "shop.yaml", "--all");

        try (var session = connect("support-bot")) {
            assertThatThrownBy(() -> session.createStatement().execute("SELECT pg_sleep(5)"))
                    .hasMessageContaining("canceling statement due to statement timeout");

            database.query("SELECT pg_sleep(1.5)");
            assertThat(session.isValid(5)).isFalse();
        }
    }

    @Test
    void aPersonAtATerminalSeesHowARotationGoesOn() {
        operator.answer();

        assertThat(clean("rotate", "shop.yaml", "--all").err())
                .contains("rotated support-bot on " + database.name() + ": it was asked for")
                .contains("rotated order-desk on " + database.name() + ": it was asked for");
    }

    private Login administrator() {
        return operator.administrator();
    }

    @Test
    void nothingIsIssuedInTheMomentOfAFreeze() {
        operator.dieAt(point -> {
            if (point == dev.agentroles.credential.FaultPoints.Point.STORE_READ) {
                operator.dieAt(dev.agentroles.credential.FaultPoints.NONE);
                clean("freeze", "shop.yaml", "--reason", "in the middle");
            }
        });

        var said = ends(3, "rotate", "shop.yaml", "--all", "--parallel", "1");

        assertThat(said.out() + said.err())
                .contains("no login is issued: the environment is frozen: tester@test froze it");
        assertThat(published("support-bot")).isEmpty();
        assertThat(published("order-desk")).isEmpty();
    }

    /// The login is proven when the environment is frozen, thawed and applied anew: it is dead by then, and
    /// what it would be published over works.
    @Test
    void aLoginThatAFreezeEndedIsPublishedOverNone() throws SQLException {
        operator.dieAt(point -> {
            if (point == Point.LOGIN_PROVEN) {
                operator.dieAt(dev.agentroles.credential.FaultPoints.NONE);
                clean("freeze", "shop.yaml", "--reason", "in the middle");
                clean("thaw", "shop.yaml", "--yes", "--environment", "production");
                clean("apply", "shop.yaml", "--yes", "--no-verify");
            }
        });

        clean("rotate", "shop.yaml", "--agent", "support-bot");

        connect("support-bot").close();
        clean("reap", "shop.yaml");
        connect("support-bot").close();
    }

    @Test
    void aLoginWhosePasswordTheAgentHasChangedIsReplaced() throws SQLException {
        try (var session = connect("support-bot");
                var statement = session.createStatement()) {
            statement.execute("ALTER ROLE CURRENT_USER PASSWORD 'mine'");
        }

        assertThat(clean("rotate", "shop.yaml").out())
                .contains("does not work: ")
                .contains("Rotated 1, 1 not due.");

        connect("support-bot").close();
    }

    @Test
    void aLoginThatIsOwedIsNoSecret() throws SQLException {
        var login = published("support-bot").orElseThrow();
        database.execute(
                "CREATE TABLE app.stray (id int)", "ALTER TABLE app.stray OWNER TO \"" + login.username() + '"');
        later(Duration.ofHours(2));
        ends(4, "reap", "shop.yaml");

        assertThat(ends(4, "freeze", "shop.yaml", "--reason", "incident 42").out())
                .contains("secrets deleted");

        database.execute("DROP TABLE app.stray");
    }

    /// It outlives its login, with its locks, and no session is there to be named.
    @Test
    void aTransactionThatAnAgentPreparedIsNamedUntilItIsEnded() throws SQLException {
        var login = published("order-desk").orElseThrow().username();
        var name = database.name() + "'s";
        var undo = "ROLLBACK PREPARED '" + database.name() + "''s'";
        try (var session = database.connect(published("order-desk").orElseThrow());
                var statement = session.createStatement()) {
            session.setAutoCommit(false);
            statement.execute("UPDATE app.orders SET id = 2");
            statement.execute("PREPARE TRANSACTION '" + name.replace("'", "''") + "'");
        }
        try {
            assertThat(operator.run("status", "shop.yaml").out()).contains("prepared: ", login, undo);
            assertThat(operator.run("status", "shop.yaml", "--format", "json").out())
                    .contains("\"prepared_transactions\":[\"" + undo + "\"]");
            assertThat(operator.run("verify", "shop.yaml", "--no-probes", "-v").out())
                    .contains("PREPARED-TRANSACTION", "which " + login + " prepared", undo);
            assertThat(ends(4, "revoke", "shop.yaml", "--agent", "order-desk").out())
                    .contains("which " + login + " prepared", undo);
            assertThat(ends(4, "freeze", "shop.yaml", "--reason", "incident 42").out())
                    .contains("outlives", undo);
            later(Duration.ofHours(2));
            assertThat(ends(4, "reap", "shop.yaml").out())
                    .contains("outlives the login that prepared it, with its locks; only superusers can end it", undo);
        } finally {
            database.execute(undo);
        }
        assertThat(operator.run("reap", "shop.yaml").out()).doesNotContain("outlives");
    }

    @Test
    void theDatabaseOfAnotherEnvironmentIsRefusedByEachCommand() throws IOException {
        operator.write("staging.yaml", operator.head("staging") + """
                scopes:
                  orders: {database: %s, include: [app.orders]}
                agents:
                  support-bot:
                    access: [{scope: orders, tier: explore}]
                """.formatted(database.name()));
        for (var command : List.of(
                List.of("rotate", "staging.yaml"),
                List.of("reap", "staging.yaml"),
                List.of("revoke", "staging.yaml", "--agent", "support-bot"),
                List.of("freeze", "staging.yaml", "--reason", "x"),
                List.of("thaw", "staging.yaml", "--yes", "--environment", "staging"),
                List.of("exec", "staging.yaml", "--agent", "support-bot", "--", "true"),
                List.of("log", "staging.yaml"),
                List.of("verify", "staging.yaml"),
                List.of("plan", "staging.yaml"),
                List.of("apply", "staging.yaml", "--yes"),
                List.of("status", "staging.yaml"))) {
            assertThat(ends(3, command.toArray(String[]::new)).err())
                    .contains("environment staging")
                    .contains("environment production");
        }
        assertThat(published("support-bot")).isPresent();
    }
}
