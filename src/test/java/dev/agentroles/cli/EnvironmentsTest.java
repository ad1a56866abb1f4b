package dev.agentroles.cli;

import static dev.agentroles.credential.Publications.publish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.LeaseSecret;
import dev.agentroles.credential.StorePath;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two environments have nothing in common, and `verify --against` finds what they do.
final class EnvironmentsTest {
    @AutoClose
    private final TwoEnvironments environments;

    EnvironmentsTest(@TempDir Path directory) throws SQLException, IOException {
        environments = new TwoEnvironments(directory);
    }

    private Operator.Said verify() {
        return environments.operator.run(
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
        environments.shareAdministrator();
        var own = environments.operator.administrator();

        var said = verify();

        assertThat(said.code()).as(said.err()).isEqualTo(2);
        assertThat(said.out())
                .contains("ENVIRONMENT-SHARED")
                .contains("role " + own.username() + " is the administrator of environment production, and the"
                        + " administrator of environment staging");
    }

    @Test
    void onePasswordForBothIsFoundAndNotShown() throws SQLException {
        environments.sharePassword();
        var own = environments.operator.administrator();

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
        var login = environments.production.published(Ground.AGENT).orElseThrow();
        var now = Instant.now();
        try (var store = environments.operator.store()) {
            var path = new StorePath("agents/staging/" + environments.staging.name() + "/support-bot");
            var copy = new LeaseSecret(
                    "1copied0",
                    "staging",
                    environments.staging.name(),
                    "support-bot",
                    "explore",
                    "",
                    environments.staging.url(),
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
        environments.operator.set("STAGING_PASSWORD", "wrong");

        var said = verify();

        assertThat(said.out()).doesNotContain("ENVIRONMENT-SHARED");
        assertThat(said.err())
                .contains(
                        "note: database " + environments.staging.name() + " of environment staging was not compared: ");
    }

    @Test
    void aProfileOfTheSameEnvironmentIsWrongUsage() {
        var said = environments.operator.run("verify", "shop.yaml", "--against", "shop.yaml");

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err()).contains("shop.yaml is a profile of environment production, too");
    }
}
