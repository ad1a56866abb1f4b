package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Agents that go to the database by another URL than we do: by a pooler, to a replica, or by the name that the
/// server has in their network.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.agentroles.cli.LeaseGround#newest")
final class AgentUrlTest {
    @AutoClose
    private final LeaseGround ground;

    private final String url;

    AgentUrlTest(CrashMatrix.Grounds grounds, @TempDir Path folder) throws Exception {
        this.ground = grounds.in(folder);
        this.url = ground.database().url();
    }

    /// The profile says from now on by which URL agents go.
    private void agentsGoBy(String agentUrl) throws IOException {
        ground.operator().set("AGENT_URL", agentUrl);
        ground.operator()
                .edit(
                        "shop.yaml",
                        text -> text.replaceFirst(
                                "(    agent_url: .*\n)?    admin:", "    agent_url: {env: AGENT_URL}\n    admin:"));
    }

    /// The same server by another name.
    private String byAnotherName() {
        return url.replace("//127.0.0.1:", "//localhost:");
    }

    private String urlOf(String agent) {
        return ground.operator().secret(agent).orElseThrow().url();
    }

    private void getsIn(String agent) throws SQLException {
        var login = ground.published(agent).orElseThrow();
        try (var session = DriverManager.getConnection(urlOf(agent), login.username(), login.clear());
                var statement = session.createStatement()) {
            var table = ground.ledger().equals("postgresql") ? "app.orders" : "orders";
            assertThat(statement.execute("SELECT id FROM " + table)).isTrue();
        }
    }

    @Test
    void theyAreToldThatOneAndWeGoTheStraightWay() throws Exception {
        agentsGoBy(byAnotherName());
        ground.clean("apply", "shop.yaml", "--yes");

        for (var agent : List.of(ground.agent(), ground.other())) {
            assertThat(urlOf(agent)).contains("//localhost:");
            getsIn(agent);
        }
        // MySQL's clients would take localhost for a socket, and are told the address.
        var script = "test \"${PGHOST:-localhost}\" = localhost";
        ground.clean("exec", "shop.yaml", "--agent", ground.agent(), "--", "sh", "-c", script);
        ground.everythingIsInOrder("agents go by another URL");

        assertThat(ground.clean("revoke", "shop.yaml", "--agent", ground.agent(), "--reason", "leak")
                        .all())
                .contains("go by agent_url: where a replica answers there, sessions of ar_");
    }

    @Test
    void aNewOneMakesWhatIsPublishedDueAndNoneDoesNot() throws Exception {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        agentsGoBy(byAnotherName());

        assertThat(ground.ends(2, "plan", "shop.yaml").out())
                .contains("is for " + urlOf(ground.agent()) + ", and its agent belongs to ")
                .contains("//localhost:");
        ground.clean("rotate", "shop.yaml");
        assertThat(urlOf(ground.agent())).contains("//localhost:");
        ground.clean("plan", "shop.yaml");

        ground.operator().edit("shop.yaml", text -> text.replace("    agent_url: {env: AGENT_URL}\n", ""));
        ground.clean("plan", "shop.yaml");
        ground.clean("rotate", "shop.yaml", "--all");
        assertThat(urlOf(ground.agent())).contains("//127.0.0.1:");
    }

    @Test
    void whatWorksIsLeftWhereTheyAreNotLetInByIt() throws Exception {
        agentsGoBy(byAnotherName());
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        var works = ground.published(ground.agent());
        var logins = ground.logins();

        // A port on which nothing listens.
        var nowhere = url.replaceFirst(":[0-9]+/", ":1/");
        agentsGoBy(nowhere);
        var said = ground.ends(1, "rotate", "shop.yaml");

        assertThat(said.all()).contains("did not prove itself", "by the agents' URL jdbc:", nowhere);
        assertThat(ground.published(ground.agent())).isEqualTo(works);
        assertThat(ground.logins()).isEqualTo(logins);
    }

    /// Where writers begin in a database of views, that is this one's, whatever the URL names.
    @Test
    void aUrlThatLeadsToAnotherDatabaseIsNotPublished() throws Exception {
        var name = ground.database().name();
        var other = name + "x";
        var reader = ground.ledger().equals("postgresql") ? ground.agent() : ground.other();
        ground.database().execute("CREATE DATABASE " + other);
        try {
            agentsGoBy(url.replace("/" + name, "/" + other));

            assertThat(ground.ends(4, "apply", "shop.yaml", "--yes", "--no-verify")
                            .all())
                    .contains("of agent " + reader + " did not prove itself", "by the agents' URL ", other)
                    .doesNotContain("asked for");
        } finally {
            ground.database().execute("DROP DATABASE " + other);
        }
        assertThat(ground.published(reader)).isEmpty();
        assertThat(ground.logins()).noneMatch(login -> login.contains("_" + reader + "_"));
    }

    @Test
    void itIsHeldToTheSameRule() throws Exception {
        ground.operator()
                .edit(
                        "shop.yaml",
                        text -> text.replace("    admin:", "    agent_url: 'jdbc:ftp://db/shop'\n    admin:"));

        assertThat(ground.ends(1, "validate", "shop.yaml").err()).contains("shop.yaml:8:16: this URL ");
    }

    @Test
    void aVariableForItThatIsMissingIsToldAtFirst() throws Exception {
        agentsGoBy("");

        assertThat(ground.ends(1, "apply", "shop.yaml", "--yes").err())
                .contains("shop.yaml:8:16: the environment variable AGENT_URL is empty");
        assertThat(ground.logins()).isEmpty();
    }
}
