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
