package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.engine.postgres.PostgresEngine;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Revoke, freeze and thaw: who is out, how long, and what a stop does not wait for.
@OnEachPostgreSql
final class StopTest {
    @AutoClose
    private final Ground ground;

    StopTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(server, directory);
    }

    @BeforeEach
    void everythingIsApplied() {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @Test
    void aRevokedAgentIsOutAtOnceAndStaysOutAndTheOthersGoOn() throws Exception {
        var login = ground.published("support-bot").orElseThrow();
        try (var session = ground.connect("support-bot");
                var other = ground.connect("order-desk")) {
            var said = ground.clean("revoke", "shop.yaml", "--agent", "support-bot", "--reason", "odd queries");

            assertThat(said.out()).contains("is revoked; 1 login closed, 1 session ended, secrets deleted");
            assertThat(session.isValid(5)).isFalse();
            assertThat(other.isValid(5)).isTrue();
        }
        assertThatThrownBy(() -> ground.database.connect(login).close()).isInstanceOf(SQLException.class);
        assertThat(ground.published("support-bot")).isEmpty();

        assertThat(ground.clean("rotate", "shop.yaml").out())
                .contains("support-bot on " + ground.database.name() + ": revoked by tester@test")
                .contains("because: odd queries");
        ground.ends(3, "rotate", "shop.yaml", "--agent", "support-bot");
        ground.clean("apply", "shop.yaml", "--yes");
        ground.clean("reap", "shop.yaml");
        assertThat(ground.published("support-bot")).isEmpty();
        assertThat(ground.logins()).hasSize(1);

        ground.clean("thaw", "shop.yaml", "--agent", "support-bot", "--yes", "--environment", "production");
        ground.clean("rotate", "shop.yaml");
        ground.connect("support-bot").close();
    }

    @Test
    void aRevocationThatEndsNamesItsAgent() {
        ground.clean("revoke", "shop.yaml", "--agent", "support-bot");

        var said = ground.clean("thaw", "shop.yaml", "--agent", "support-bot", "--yes", "--environment", "production");
        var again = ground.clean("thaw", "shop.yaml", "--agent", "support-bot", "--yes", "--environment", "production");

        assertThat(said.out()).startsWith("+ support-bot on " + ground.database.name() + " thawed; ");
        assertThat(again.out()).isEqualTo("  support-bot on " + ground.database.name() + " was not stopped\n");
    }

    @Test
    void aFrozenEnvironmentRefusesUntilItIsThawed() throws Exception {
        var login = ground.published("support-bot").orElseThrow();
        try (var session = ground.connect("order-desk")) {
            var said = ground.clean("freeze", "shop.yaml", "--reason", "incident 42");

            assertThat(said.out()).contains("is frozen; 2 logins closed, 1 session ended, secrets deleted");
            assertThat(session.isValid(5)).isFalse();
        }
        assertThatThrownBy(() -> ground.database.connect(login).close()).isInstanceOf(SQLException.class);
        assertThat(ground.published("support-bot")).isEmpty();
        for (var command : List.of("rotate", "apply")) {
            assertThat(ground.ends(3, command, "shop.yaml", command.equals("apply") ? "--yes" : "--all")
                            .err())
                    .contains("environment production is frozen: tester@test froze " + ground.database.name() + " at ")
                    .contains("because: incident 42");
        }
        assertThat(ground.clean("status", "shop.yaml").out())
                .contains("FROZEN " + ground.database.name() + " by tester@test");
        ground.clean("reap", "shop.yaml");
        assertThat(ground.logins()).isEmpty();

        ground.ends(3, "thaw", "shop.yaml", "--yes");
        ground.ends(3, "thaw", "shop.yaml", "--yes", "--environment", "staging");
        ground.operator.answer("production");
        assertThat(ground.ends(3, "thaw", "shop.yaml", "--environment", "staging")
                        .err())
                .contains("\"staging\" was said");
        ground.operator.answer("production");
        ground.clean("thaw", "shop.yaml");
        ground.clean("apply", "shop.yaml", "--yes");
        ground.connect("support-bot").close();
    }

    @Test
    void nothingIsIssuedInTheMomentOfAFreeze() {
        ground.operator.dieAt(point -> {
            if (point == Point.STORE_READ) {
                ground.operator.dieAt(FaultPoints.NONE);
                ground.clean("freeze", "shop.yaml", "--reason", "in the middle");
            }
        });

        var said = ground.ends(3, "rotate", "shop.yaml", "--all", "--parallel", "1");

        assertThat(said.out() + said.err())
                .contains("no login is issued: the environment is frozen: tester@test froze it");
        assertThat(ground.published("support-bot")).isEmpty();
        assertThat(ground.published("order-desk")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"freeze shop.yaml", "revoke shop.yaml --agent support-bot"})
    void aStopDoesNotWaitForARunThatHoldsTheLock(String stop) throws SQLException {
        try (var other = new PostgresEngine().connect(ground.database.target(ground.operator.administrator()))) {
            other.lock(Duration.ofSeconds(1));

            long before = System.nanoTime();
            ground.clean((stop + " --reason now").split(" "));

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        }
        assertThat(ground.published("support-bot")).isEmpty();
    }

    @Test
    void aLoginThatMayNotBeClosedIsToldInOneSentence() throws SQLException {
        ground.database.execute("ALTER ROLE \"%s\" NOCREATEROLE"
                .formatted(ground.operator.administrator().username()));

        var said =
                ground.ends(4, "revoke", "shop.yaml", "--agent", "support-bot").out();

        assertThat(said)
                // PostgreSQL 15 has no detail.
                .containsPattern(
                        "cannot be closed: ERROR: (permission denied to alter role; Detail: Only roles|must have admin)")
                .doesNotContain("\\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"freeze shop.yaml", "revoke shop.yaml --agent support-bot"})
    void whereNobodyAnswersNobodyIsTakenForStopped(String stop) {
        // A port on which nothing listens.
        ground.operator.set("DB_URL", ground.database.url().replaceFirst(":[0-9]+/", ":1/"));

        assertThat(ground.ends(1, (stop + " --reason leak").split(" ")).err())
                .contains("cannot be reached")
                .endsWith("agentroles: agents may still be at work on " + ground.database.name()
                        + "; run it again until it says that they are stopped\n");
    }

    @Test
    void aLoginThatIsOwedIsNoSecret() throws SQLException {
        var login = ground.published("support-bot").orElseThrow();
        ground.database.execute(
                "CREATE TABLE app.stray (id int)", "ALTER TABLE app.stray OWNER TO \"" + login.username() + '"');
        ground.later(Duration.ofHours(2));
        ground.ends(4, "reap", "shop.yaml");

        assertThat(ground.ends(4, "freeze", "shop.yaml", "--reason", "incident 42")
                        .out())
                .contains("secrets deleted");

        ground.database.execute("DROP TABLE app.stray");
    }

    @Test
    void theDatabaseOfAnotherEnvironmentIsRefusedByEachCommand() throws IOException {
        ground.operator.write("staging.yaml", ground.operator.head("staging") + """
                scopes:
                  orders: {database: %s, include: [app.orders]}
                agents:
                  support-bot:
                    access: [{scope: orders, tier: explore}]
                """.formatted(ground.database.name()));
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
            assertThat(ground.ends(3, command.toArray(String[]::new)).err())
                    .contains("environment staging")
                    .contains("environment production");
        }
        assertThat(ground.published("support-bot")).isPresent();
    }
}
