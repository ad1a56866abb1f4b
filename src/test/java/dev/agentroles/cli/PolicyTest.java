package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonParser;
import dev.agentroles.harness.OpenBao;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The policies that are printed are all that is needed.
final class PolicyTest {
    @Test
    void withExactlyThePrintedPolicyEverythingWorks(@TempDir Path directory) throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared())) {
            var said = ground.clean("policy", "shop.yaml", "--format", "json");
            var policies = JsonParser.object().from(said.out());
            ground.as(OpenBao.shared().tokenWith(policies.getString("tool")));

            ground.clean("apply", "shop.yaml", "--yes");
            ground.clean("rotate", "shop.yaml", "--all");
            ground.database.execute("DROP ROLE \""
                    + ground.published(Ground.OTHER).orElseThrow().username() + '"');
            ground.clean("reap", "shop.yaml");
            ground.clean("revoke", "shop.yaml", "--agent", Ground.AGENT);
            ground.clean("thaw", "shop.yaml", "--agent", Ground.AGENT, "--yes", "--environment", "production");
            ground.clean("rotate", "shop.yaml");
            ground.clean("reap", "shop.yaml");
            ground.everythingIsInOrder("with the policy of the tool");

            ground.as(OpenBao.shared().tokenWith(policies.getObject("agents").getString(Ground.AGENT)));
            assertThat(ground.works(ground.published(Ground.AGENT).orElseThrow()))
                    .isTrue();
            assertThat(ground.operator.run("rotate", "shop.yaml", "--all").out())
                    .contains("capabilities");
        }
    }

    /// Whoever runs changes reads two passwords, and nothing of what agents read.
    @Test
    void withThePolicyOfChangesAChangeRunsAndNothingElse(@TempDir Path directory) throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared())) {
            var owner = ground.database.login("owner");
            ground.database.execute(
                    "ALTER TABLE app.orders OWNER TO " + owner.username(),
                    "GRANT USAGE, CREATE ON SCHEMA app TO " + owner.username());
            keep(ground, "ops/admin", ground.operator.administrator().clear());
            keep(ground, "ops/owner", owner.clear());
            ground.operator.edit(
                    "shop.yaml",
                    text -> text.replace(
                                    "password: {env: DB_PASSWORD}}",
                                    "password: {vault: ops/admin#password}}\n    changes: {username: "
                                            + owner.username() + ", password: {vault: ops/owner#password}}")
                            .replace("  support-bot:\n", "  support-bot:\n    request_changes: true\n"));
            var policies = JsonParser.object()
                    .from(ground.clean("policy", "shop.yaml", "--format", "json")
                            .out());
            assertThat(policies.getString("tool")).contains("ops/admin").doesNotContain("ops/owner");
            assertThat(ground.clean("policy", "shop.yaml", "--changes").out()).isEqualTo(policies.getString("changes"));
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            ground.as(OpenBao.shared().tokenWith(policies.getString("changes")));

            ground.operator.write("change.sql", "ALTER TABLE app.orders ADD COLUMN note text");
            var asked = ground.clean(
                    "change",
                    "request",
                    "shop.yaml",
                    "--agent",
                    Ground.AGENT,
                    "--sql",
                    "change.sql",
                    "--reason",
                    "because",
                    "--format",
                    "json");
            var request =
                    JsonParser.object().from(asked.out()).getArray("requests").getObject(0);
            var name = request.getString("request");
            ground.clean("change", "rehearse", "shop.yaml", name);
            ground.clean("change", "approve", "shop.yaml", name, "--yes", "--expect", request.getString("fingerprint"));
            ground.clean("change", "run", "shop.yaml", name);
            assertThat(ground.operator.run("rotate", "shop.yaml", "--all").out())
                    .contains("capabilities");
        }
    }

    private static void keep(Ground ground, String path, String password) {
        OpenBao.shared()
                .call("POST", ground.mount() + "/data/" + path, "{\"data\": {\"password\": \"" + password + "\"}}");
    }

    @Test
    void aPersonReadsThemAsVaultTakesThem(@TempDir Path directory) throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared())) {
            var text = ground.clean("policy", "shop.yaml").out();

            assertThat(text)
                    .contains("path \"" + ground.mount() + "/data/agents/production/*\" {")
                    .contains("# the agent support-bot: reads its own leases and nothing else\npath \"" + ground.mount()
                            + "/data/" + ground.path(Ground.AGENT) + "\" { capabilities = [\"read\"] }");
        }
    }
}
