package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Severity;
import dev.agentroles.audit.Verification;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What the grant tables say of an agent's role, beside what a login of the agent meets.
@OnEachMySql
final class TwoWitnessesTest {
    @AutoClose
    private final WitnessGround ground;

    TwoWitnessesTest(MySql server) throws SQLException {
        ground = new WitnessGround(server);
    }

    private List<Finding> serious() throws SQLException {
        var engine = ground.mariadb ? MySqlEngine.mariadb() : MySqlEngine.mysql(new SecureRandom());
        var login = ground.database.target(ground.login);
        try (var session = Session.open(ground.database.target(ground.administrator), ground.dialect())) {
            var verified = new Verification(engine, "shop", ground.witness(session), ground.state(), Map.of())
                    .verify(List.of(ground.role), Optional.of((_, trial) -> () -> trial.as(login)));
            assertThat(verified.probes())
                    .as(() -> "tried as the agent; " + verified.findings())
                    .isNotEmpty();
            return verified.findings().stream()
                    .filter(finding -> finding.severity() != Severity.INFO)
                    .toList();
        }
    }

    private String role(String name, String privileges, String member) throws SQLException {
        var role = ground.database.named(name);
        ground.execute(
                "CREATE ROLE " + ground.sql(role),
                "GRANT %s TO %s".formatted(privileges, ground.sql(role)),
                "GRANT %s TO %s".formatted(ground.sql(role), member));
        return role;
    }

    /// The login can more than the role that the grant tables are asked about: what they miss.
    @Test
    void whatTheGrantTablesSayOfOneRoleHidesNothingThatTheProbesMeetOfAnother() throws SQLException {
        var name = ground.database.name();
        var told = role("told", "SELECT ON secrets", ground.roleSql);
        var asked = role("asked", "DROP ON %s.*".formatted(name), ground.loginSql);

        assertThat(serious())
                .extracting(Finding::what)
                .contains("bot has all that " + told + " may do")
                .anyMatch(what -> what.startsWith("bot tried to drop a table in " + name + " with role `" + asked));
    }

    @Test
    void whatARoleGivesIsToldOnceWithTheRole() throws SQLException {
        role("told", "DROP ON %s.*".formatted(ground.database.name()), ground.roleSql);

        assertThat(serious())
                .extracting(Finding::code)
                .contains("MEMBERSHIP")
                .doesNotContain("PROBE-ALLOWED", "WITNESS-DISAGREE");
    }
}
