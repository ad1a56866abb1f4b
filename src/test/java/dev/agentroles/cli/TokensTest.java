package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.credential.StorePath;
import dev.agentroles.credential.vault.VaultPolicies;
import dev.agentroles.credential.vault.VaultSettings;
import dev.agentroles.harness.OpenBao;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The tool's token for Vault dies in the middle of a rotation.
final class TokensTest {
    private final OpenBao vault = OpenBao.shared();

    @AutoClose
    private final Ground ground;

    TokensTest(@TempDir Path directory) throws SQLException, IOException {
        ground = new Ground(directory, vault);
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    private String policy() {
        return new VaultPolicies(ground.mount()).ofTool(new StorePath("agents/production"), List.of());
    }

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"STORE_READ", "LOGIN_PROVEN", "SECRET_PUBLISHED"})
    void whoHasARoleAsksForAnotherAndGoesOn(Point at) throws SQLException {
        var role = vault.newAppRole(policy(), Duration.ofMinutes(10));
        ground.as(new VaultSettings.Login.AppRole(role.mount(), role.roleId(), role.secretId()));
        ground.operator.onceAt(
                at, () -> vault.call("PUT", "sys/leases/revoke-prefix/auth/" + role.mount() + "/login", "{}"));

        assertThat(ground.clean("rotate", "shop.yaml", "--all").out()).contains("Rotated 2, 0 not due.");

        ground.operator.dieAt(FaultPoints.NONE);
        ground.everythingIsInOrder("with another token");
    }

    @Test
    void aSecretThatMayNotBeReadKeepsNoOtherFromBeingErased() throws SQLException {
        for (var agent : List.of(Ground.AGENT, Ground.OTHER)) {
            ground.drop(ground.published(agent).orElseThrow());
        }
        ground.as(vault.tokenWith(policy() + "\npath \"" + ground.mount() + "/data/" + ground.path(Ground.OTHER)
                + "\" { capabilities = [\"deny\"] }\n"));

        assertThat(ground.operator.run("reap", "shop.yaml").code()).isEqualTo(4);

        ground.as(vault.tokenWith(policy()));
        assertThat(ground.published(Ground.AGENT)).isEmpty();
        assertThat(ground.published(Ground.OTHER)).isPresent();
        ground.clean("reap", "shop.yaml");
        assertThat(ground.published(Ground.OTHER)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Point.class,
            names = {"STORE_READ", "LOGIN_PROVEN", "SECRET_PUBLISHED"})
    void whoHasATokenOnlyLosesNothingAndFinishesWithTheNext(Point at) throws SQLException {
        var token = vault.tokenWith(policy());
        ground.as(token);
        ground.operator.onceAt(at, () -> vault.revoke(token));

        var said = ground.operator.run("rotate", "shop.yaml", "--all", "--parallel", "1");

        assertThat(said.code()).as(said.out() + said.err()).isIn(1, 4);
        assertThat(said.out()).contains("token");
        ground.operator.dieAt(FaultPoints.NONE);
        ground.as(vault.tokenWith(policy()));
        for (var agent : List.of(Ground.AGENT, Ground.OTHER)) {
            assertThat(ground.works(ground.published(agent).orElseThrow())).isTrue();
        }
        ground.clean("reap", "shop.yaml");
        ground.clean("rotate", "shop.yaml", "--all");
        ground.everythingIsInOrder("with another token");
    }
}
