package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.engine.Target;
import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What others on the same server can plant in our way, or hold.
final class StrangersTest {
    @AutoClose
    private final Ground ground;

    StrangersTest(@TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(directory);
    }

    /// What stands in it would run as the administrator, even when a plan only looks.
    @ParameterizedTest
    @ValueSource(strings = {"agentroles", "agentroles_guard"})
    void aSchemaOfOursThatSomebodyElseMadeIsRefused(String schema) throws SQLException {
        var planter = ground.database.login("planter", "");
        ground.database.execute("CREATE SCHEMA %s AUTHORIZATION %s".formatted(schema, planter.username()));

        for (var command : new String[] {"plan", "status", "verify"}) {
            var said = ground.operator.run(command, "shop.yaml");

            assertThat(said.code()).as(said.err()).isEqualTo(3);
            assertThat(said.err()).contains("schema " + schema + " belongs to " + planter.username());
        }
    }

    /// Roles are the whole server's: another database of the server, under the same entry, would take them
    /// over.
    @Test
    void aDatabaseWithoutStampIsRefusedWhereItsRolesServeAnother() throws SQLException {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        try (var other = PostgreSql.newest().createDatabase()) {
            var administrator = ground.operator.administrator();
            other.execute(
                    "CREATE SCHEMA app AUTHORIZATION " + administrator.username(),
                    "CREATE TABLE app.orders AS SELECT 1 AS id",
                    "GRANT CREATE ON DATABASE %s TO %s".formatted(other.name(), administrator.username()));
            ground.operator.set("DB_URL", other.url());

            for (var command : List.of(
                    "plan shop.yaml",
                    "apply shop.yaml --yes",
                    "status shop.yaml",
                    "rotate shop.yaml",
                    "reap shop.yaml",
                    "log shop.yaml",
                    "verify shop.yaml",
                    "revoke shop.yaml --agent " + Ground.AGENT,
                    "freeze shop.yaml --reason leak",
                    "explain shop.yaml " + Ground.AGENT + " select app.orders",
                    "exec shop.yaml --agent " + Ground.AGENT + " -- true")) {
                var said = ground.operator.run(command.split(" "));

                assertThat(said.code()).as(command + ": " + said.err()).isEqualTo(3);
                assertThat(said.err())
                        .contains("database " + other.name() + " of server ")
                        .contains("they belong to another database of this server");
            }
        }
        ground.operator.set("DB_URL", ground.database.url());
        ground.connect(Ground.AGENT).close();
    }

    /// Its logins for probing come and go, and are its own to end.
    @Test
    void aPlanBesideVerificationsHasNoChanges() throws Exception {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        var verifying = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 3; i++) {
                threads.execute(() -> {
                    while (verifying.get()) {
                        ground.operator.run("verify", "shop.yaml");
                    }
                });
            }
            try {
                for (int i = 0; i < 25; i++) {
                    var plan = ground.operator.run("plan", "shop.yaml");
                    assertThat(plan.code()).as(plan.out() + plan.err()).isZero();
                }
            } finally {
                verifying.set(false);
            }
        }
    }

    /// `currentSchema` is how agents find their tables. What somebody made there is not found in place of the
    /// server's own by a session of ours.
    @Test
    void theSearchPathOfTheUrlIsForTheAgentsOnly() throws SQLException {
        var url = ground.database.url();
        var target = ground.database.target(ground.operator.administrator());
        var elsewhere = new Target(
                target.name(),
                url + (url.contains("?") ? "&" : "?") + "currentSchema=app",
                target.username(),
                target.password());
        try (var server = new PostgresEngine().connect(elsewhere);
                var statement = server.connection().createStatement();
                var row = statement.executeQuery("SHOW search_path")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("pg_catalog");
        }
    }

    /// Any login can take any advisory lock, and the catalog shows which are in use.
    @Test
    void whoHoldsTheLockOfARotationAndIsNoRunOfOursIsNamedAndNotWaitedFor() throws SQLException {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        var keys = new ArrayList<String>();
        ground.operator.dieAt(point -> {
            if (point == Point.LOGIN_PROVEN && keys.isEmpty()) {
                keys.addAll(claims());
            }
        });
        ground.clean("rotate", "shop.yaml", "--agent", Ground.OTHER);
        ground.operator.dieAt(FaultPoints.NONE);

        try (var stranger = ground.database.connect(ground.database.login("stranger"));
                var statement = stranger.createStatement()) {
            for (var key : keys) {
                statement.execute("SELECT pg_advisory_lock(" + key + ")");
            }

            ground.clean("rotate", "shop.yaml", "--agent", Ground.OTHER);

            assertThat(ground.operator.run("log", "shop.yaml", "--last", "20").out())
                    .contains("rotate unclaimed")
                    .contains("is no run of agentroles");
        }
    }

    @Test
    void whoHoldsTheLockOfAnApplyIsNamed() throws SQLException {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        try (var agent = ground.connect(Ground.AGENT);
                var statement = agent.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(x'6167656e74726f6c'::bigint)");
            ground.database.execute("REVOKE SELECT ON ALL TABLES IN SCHEMA app FROM PUBLIC");

            var said = ground.operator.run("apply", "shop.yaml", "--yes", "--lock-timeout", "1");

            assertThat(said.code()).isEqualTo(1);
            assertThat(said.err())
                    .contains(" of " + agent.getMetaData().getUserName())
                    .contains("end its session");
        }
    }

    @Test
    void aPreparedTransactionThatHoldsTheLockOfAnApplyIsNamed() throws SQLException {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        try (var agent = ground.connect(Ground.AGENT);
                var statement = agent.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("SELECT pg_advisory_xact_lock(x'6167656e74726f6c'::bigint)");
            statement.execute("PREPARE TRANSACTION 'forgotten'");
            ground.database.execute("REVOKE SELECT ON ALL TABLES IN SCHEMA app FROM PUBLIC");

            var said = ground.operator.run("apply", "shop.yaml", "--yes", "--lock-timeout", "1");
            statement.execute("ROLLBACK PREPARED 'forgotten'");

            assertThat(said.code()).isEqualTo(1);
            assertThat(said.err())
                    .contains("the prepared transaction 'forgotten' of "
                            + agent.getMetaData().getUserName());
        }
    }

    private List<String> claims() {
        try {
            return ground.database.query(
                    "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
                            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    /// Whoever must stop an agent now may not have what opens the store: the secrets are owed.
    @Test
    void aFreezeNeedsNoKeyOfTheStore() throws SQLException {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        var login = ground.published(Ground.AGENT).orElseThrow();
        ground.operator.unset("AGE_IDENTITY");

        var said = ground.operator.run("freeze", "shop.yaml", "--reason", "incident 42");

        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(4);
        assertThatThrownBy(() -> ground.database.connect(login).close()).isInstanceOf(SQLException.class);
    }
}
