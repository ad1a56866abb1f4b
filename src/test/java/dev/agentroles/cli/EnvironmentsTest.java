package dev.agentroles.cli;

import static dev.agentroles.credential.Publications.publish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.LeaseSecret;
import dev.agentroles.credential.StorePath;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/// Two environments have nothing in common, and `verify --against` finds what they do.
final class EnvironmentsTest {
    @AutoClose
    private final Ground production;

    @AutoClose
    private final Database staging;

    private final Login administrator;

    EnvironmentsTest(@TempDir Path directory) throws SQLException, IOException {
        production = Ground.onFile(directory);
        staging = PostgreSql.newest().createDatabase();
        staging.execute("CREATE SCHEMA app", "CREATE TABLE app.orders AS SELECT 1 AS id");
        administrator = staging.administratorWithGrantOptions("app");
        staging.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(staging.name(), administrator.username()));
        production.operator.write("staging.yaml", """
                version: 1
                environment: staging
                store: {file: {path: leases.age, identity: {env: AGE_IDENTITY}}}
                databases:
                  %1$s:
                    engine: postgresql
                    url: {env: STAGING_URL}
                    admin: {username: {env: STAGING_ADMIN}, password: {env: STAGING_PASSWORD}}
                scopes:
                  orders: {database: %1$s, include: [app.orders]}
                agents:
                  support-bot: {access: [{scope: orders, tier: explore}]}
                """.formatted(staging.name()));
        production.operator.set("STAGING_URL", staging.url());
        actAs(administrator);
        production.clean("apply", "shop.yaml", "--yes", "--no-verify");
        production.clean("apply", "staging.yaml", "--yes", "--no-verify");
    }

    private void actAs(Login login) {
        production.operator.set("STAGING_ADMIN", login.username());
        production.operator.set("STAGING_PASSWORD", login.clear());
    }

    private Operator.Said verify() {
        return production.operator.run(
                "verify", "shop.yaml", "--no-probes", "--against", "staging.yaml", "--fail-on", "high");
    }

    @Test
    void whatIsApartIsNotReported() {
        var said = verify();

        assertThat(said.code()).as(said.err()).isIn(0, 2);
        assertThat(said.out()).doesNotContain("ENVIRONMENT-SHARED");
        assertThat(said.err()).doesNotContain("was not compared");
    }

    @Test
    void oneAdministratorForBothIsFound() throws SQLException {
        var own = production.operator.administrator();
        staging.execute(
                "GRANT %s TO %s".formatted(administrator.username(), own.username()),
                "REASSIGN OWNED BY %s TO %s".formatted(administrator.username(), own.username()));
        actAs(own);

        var said = verify();

        assertThat(said.code()).as(said.err()).isEqualTo(2);
        assertThat(said.out())
                .contains("ENVIRONMENT-SHARED")
                .contains("role " + own.username() + " is the administrator of environment production, and the"
                        + " administrator of environment staging");
    }

    @Test
    void onePasswordForBothIsFoundAndNotShown() throws SQLException {
        var own = production.operator.administrator();
        try (var session = staging.superuser()) {
            session.unwrap(PGConnection.class)
                    .alterUserPassword(administrator.username(), own.clear().toCharArray(), "scram-sha-256");
        }
        actAs(new Login(administrator.username(), own.password()));

        var said = verify();

        assertThat(said.code()).as(said.err()).isEqualTo(2);
        assertThat(said.out())
                .contains(
                        "the password of the administrator of environment production is also that of the administrator"
                                + " of environment staging")
                .doesNotContain(own.clear());
    }

    @Test
    void aLoginOfOneEnvironmentThatIsPublishedInTheOtherIsFound() {
        var login = production.published(Ground.AGENT).orElseThrow();
        var now = Instant.now();
        try (var store = production.operator.store()) {
            var path = new StorePath("agents/staging/" + staging.name() + "/support-bot");
            var copy = new LeaseSecret(
                    "1copied0",
                    "staging",
                    staging.name(),
                    "support-bot",
                    "explore",
                    "",
                    staging.url(),
                    "",
                    login.username(),
                    login.password(),
                    now,
                    now.plus(Duration.ofHours(1)),
                    "");
            publish(store, path, copy, store.read(path).version());
        }

        var said = verify();

        assertThat(said.code()).as(said.err()).isEqualTo(2);
        assertThat(said.out())
                .contains("role " + login.username() + " is the login of agent support-bot of environment production,"
                        + " and the login of agent support-bot of environment staging")
                .doesNotContain(login.clear());
    }

    @Test
    void whatCannotBeReachedIsSaidAndLeftOut() {
        production.operator.set("STAGING_PASSWORD", "wrong");

        var said = verify();

        assertThat(said.out()).doesNotContain("ENVIRONMENT-SHARED");
        assertThat(said.err())
                .contains("note: database " + staging.name() + " of environment staging was not compared: ");
    }

    @Test
    void aProfileOfTheSameEnvironmentIsWrongUsage() {
        var said = production.operator.run("verify", "shop.yaml", "--against", "shop.yaml");

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err()).contains("shop.yaml is a profile of environment production, too");
    }
}
