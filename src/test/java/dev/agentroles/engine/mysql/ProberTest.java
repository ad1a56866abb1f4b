package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.ProbeReport;
import dev.agentroles.engine.ProbeReport.Attempt;
import dev.agentroles.engine.ProbeReport.Outcome;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Each probe tells who has a right from who has not, and changes nothing either way.
@OnEachMySql
final class ProberTest {
    @AutoClose
    private final WitnessGround ground;

    /// In place of a guarded view, without a guard.
    private final Securable.Relation view;

    ProberTest(MySql server) throws SQLException {
        ground = new WitnessGround(server);
        view = GuardSql.viewOf(ground.orders);
        ground.execute(
                "CREATE DATABASE " + view.schema(),
                "CREATE SQL SECURITY INVOKER VIEW %s AS SELECT * FROM orders".formatted(GuardSql.name(view)));
    }

    private ProbeReport probe() throws SQLException {
        var state = new AccessState(
                Set.of(),
                Set.of(new Membership(tier(), ground.role.role(), true, false, false)),
                Set.of(
                        Grant.of(tier(), Privilege.SELECT, ground.orders),
                        Grant.of(tier(), Privilege.SELECT, view),
                        Grant.of(tier(), Privilege.UPDATE, view),
                        Grant.of(tier(), Privilege.DELETE, view)),
                Set.of(),
                Set.of(),
                new Guard(Optional.of(""), Set.of(new Guard.Table(ground.orders, "", false)), Set.of()));
        return new Prober(ground.database.target(ground.login), ground.dialect(), ground.role, state).probe();
    }

    private RoleName tier() {
        return new RoleName(ground.database.named("tier"));
    }

    private static List<String> denied(ProbeReport report, Outcome outcome) {
        return report.attempts().stream()
                .filter(attempt -> !attempt.promised() && attempt.outcome() == outcome)
                .map(attempt -> attempt.what() + ": " + attempt.answer())
                .toList();
    }

    /// Objects and rows by which a probe that did something would be known.
    private List<String> traces() throws SQLException {
        return ground.database.query("""
                SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables
                 WHERE table_schema NOT IN ('performance_schema', 'information_schema', 'sys')
                UNION ALL SELECT CONCAT('database ', schema_name) FROM information_schema.schemata
                UNION ALL SELECT CONCAT('account ', user, '@', host) FROM mysql.user
                UNION ALL SELECT CONCAT('row ', id, ' ', total) FROM orders
                UNION ALL SELECT CONCAT('grant ', user, ' ', table_name, ' ', table_priv) FROM mysql.tables_priv
                UNION ALL SELECT trigger_name FROM information_schema.triggers
                UNION ALL SELECT plugin_name FROM information_schema.plugins
                ORDER BY 1
                """);
    }

    @Test
    void whoHasNoRightIsRefusedEverythingThatIsDenied() throws SQLException {
        ground.execute("GRANT SELECT, DELETE ON %s TO %s".formatted(GuardSql.name(view), ground.tierSql));
        var before = traces();

        var report = probe();

        assertThat(denied(report, Outcome.ALLOWED)).isEmpty();
        assertThat(denied(report, Outcome.UNDECIDED))
                .as("DELETE through the view fails on its table: that is not the guard's word")
                .allMatch(what -> what.startsWith("delete "));
        assertThat(denied(report, Outcome.REFUSED)).hasSizeGreaterThan(40);
        assertThat(traces()).isEqualTo(before);
    }

    @Test
    void whoHasEveryRightIsAllowedEverythingThatIsTried() throws SQLException {
        ground.execute("GRANT ALL PRIVILEGES ON *.* TO %s WITH GRANT OPTION".formatted(ground.loginSql));
        var before = traces();

        var report = probe();

        assertThat(denied(report, Outcome.REFUSED)).isEmpty();
        assertThat(denied(report, Outcome.UNDECIDED)).isEmpty();
        var name = ground.database.name();
        assertThat(report.attempts().stream()
                        .filter(attempt -> attempt.outcome() == Outcome.ALLOWED)
                        .map(Attempt::what))
                .contains(
                        "delete by a condition in " + view.display(),
                        "delete without a condition in " + view.display(),
                        "update by a condition in " + view.display(),
                        "update without a condition in " + view.display(),
                        "delete by a condition that names no column in " + view.display(),
                        "DELETE in " + name + ".orders",
                        "lock " + name + ".orders",
                        "pass on the right to read " + name + ".orders",
                        "make a trigger in " + name,
                        "make a trigger in " + name + " without any role",
                        "load a file of the server in " + name,
                        "write a file of the server",
                        "load code into the server",
                        "make the database " + name,
                        "drop an account");
        assertThat(traces()).isEqualTo(before);
    }

    @Test
    void aRoleThatMustBeAskedForIsTriedToo() throws SQLException {
        var other = ground.database.named("asked");
        ground.execute(
                "CREATE ROLE " + ground.sql(other),
                "GRANT DROP ON %s.* TO %s".formatted(ground.database.name(), ground.sql(other)),
                "GRANT %s TO %s".formatted(ground.sql(other), ground.loginSql));

        var report = probe();

        assertThat(report.attempts().stream()
                        .filter(attempt -> attempt.outcome() == Outcome.ALLOWED)
                        .map(Attempt::what))
                .anyMatch(what -> what.startsWith("empty a table in " + ground.database.name() + " with role"))
                .noneMatch(what -> what.equals("empty a table in " + ground.database.name()));
    }
}
