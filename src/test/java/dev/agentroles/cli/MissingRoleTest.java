package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Tier;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A role that somebody dropped by hand is told as that, and not as each of the things that went with it.
final class MissingRoleTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.agentroles.cli.LeaseGround#newest")
    void ofAnAgentIsFoundOnce(CrashMatrix.Grounds grounds, @TempDir Path folder) throws Exception {
        try (var shop = grounds.in(folder)) {
            shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
            var role = Naming.agentRole(shop.database().name(), shop.agent());

            shop.drop(role);

            isFoundOnceAndMadeAnew(shop, role, "agent " + shop.agent() + ", ");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.agentroles.cli.LeaseGround#newest")
    void ofATierIsFoundOnce(CrashMatrix.Grounds grounds, @TempDir Path folder) throws Exception {
        try (var shop = grounds.in(folder)) {
            shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
            var role = Naming.tierRole(shop.database().name(), "orders", Tier.EXPLORE);

            if (shop.ledger().equals("postgresql")) {
                revokeAll(shop, role);
            }
            shop.drop(role);

            isFoundOnceAndMadeAnew(shop, role, "");
        }
    }

    /// A role that holds something cannot be dropped on PostgreSQL.
    private static void revokeAll(LeaseGround shop, RoleName role) throws SQLException {
        try (var session = shop.database().connect(shop.operator().administrator());
                var statement = session.createStatement()) {
            for (var on : List.of(
                    "app.orders", "SCHEMA app", "DATABASE " + shop.database().name())) {
                statement.execute("REVOKE ALL ON %s FROM \"%s\"".formatted(on, role));
            }
        }
    }

    private static void isFoundOnceAndMadeAnew(LeaseGround shop, RoleName role, String whose) {
        var said = shop.ends(2, "verify", "shop.yaml", "--no-color").out();
        assertThat(said.lines().filter(MissingRoleTest::isOfAgents))
                .as(said)
                .containsExactly("MEDIUM  ROLE-MISSING  there is no role " + role);
        assertThat(said)
                .contains("""
                MEDIUM  ROLE-MISSING  there is no role %1$s
                    where     %2$sdatabase %3$s
                    path      %1$s
                """.formatted(role, whose, shop.database().name()))
                .contains("""
                    cure      Run agentroles apply shop.yaml, which makes the role anew with all that belongs to it.
                """);

        shop.clean("apply", "shop.yaml", "--yes");

        var after = shop.operator().run("verify", "shop.yaml", "--no-color").out();
        assertThat(after.lines().filter(MissingRoleTest::isOfAgents)).as(after).isEmpty();
    }

    /// What PUBLIC may do on a new server is not what is looked at here.
    private static boolean isOfAgents(String line) {
        return line.matches("(CRITICAL|HIGH|MEDIUM|LOW|INFO)  .*") && !line.contains("  PUBLIC-");
    }
}
