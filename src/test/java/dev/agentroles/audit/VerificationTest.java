package dev.agentroles.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.NamedObject;
import dev.agentroles.engine.ProbeReport;
import dev.agentroles.engine.ProbeReport.Attempt;
import dev.agentroles.engine.ProbeReport.Need;
import dev.agentroles.engine.ProbeReport.Outcome;
import dev.agentroles.engine.ProbeReport.Told;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.Server;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.engine.postgres.Shop;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Both witnesses together, on real servers.
@OnEachPostgreSql
final class VerificationTest {
    @AutoClose
    private final Database database;

    private final Shop shop;
    private final PostgresEngine engine = new PostgresEngine();

    VerificationTest(PostgreSql server) throws SQLException {
        database = server.createDatabase();
        shop = Shop.open(database);
    }

    @AfterEach
    void givePublicItsDefaultsBack() throws SQLException {
        shop.close();
    }

    @Test
    void bothWitnessesFindNothingWrongWithACleanAgent() throws SQLException {
        var verified = verify(Map.of());
        assertThat(serious(verified)).isEmpty();
        assertThat(verified.probes()).singleElement().satisfies(probed -> {
            assertThat(probed.agent()).isEqualTo("bot");
            assertThat(probed.sampled()).isEqualTo(probed.relations());
            assertThat(probed.attempts()).isGreaterThan(80);
        });
    }

    @Test
    void onePowerIsOneFindingAlthoughBothWitnessesMeetIt() throws SQLException {
        database.execute(shop.text("GRANT DELETE ON app.orders TO {tier}"));
        assertThat(serious(verify(Map.of()))).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("GRANT-EXCESS");
            assertThat(finding.path()).containsExactly(shop.agent.value(), shop.tier.value());
        });
    }

    @Test
    void whatAnAgentLacksIsOneFindingAlthoughBothWitnessesMeetIt() throws SQLException {
        database.execute(shop.text("REVOKE SELECT ON app.events FROM {tier}"));
        assertThat(serious(verify(Map.of()))).extracting(Finding::code).containsExactly("GRANT-MISSING");
    }

    @Test
    void aRedefinedViewIsFoundAlthoughNoAccessListChanged() throws SQLException {
        Map<String, String> accepted;
        try (var server = connect()) {
            accepted = verification(server, Map.of())
                    .verify(List.of(shop.agentSubject()), Optional.empty())
                    .definitions();
        }
        assertThat(serious(verify(accepted))).isEmpty();
        database.execute("CREATE OR REPLACE VIEW app.order_ids AS SELECT id FROM app.orders WHERE id > 7");
        assertThat(serious(verify(accepted))).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("DEFINITION-CHANGED");
            assertThat(finding.what()).isEqualTo("view app.order_ids is not what it was when it was accepted");
        });
    }

    @Test
    void aLoginThatIsRefusedIsAFindingAndNoFailure() throws SQLException {
        database.execute(shop.text("ALTER ROLE {login} NOLOGIN"));
        assertThat(verify(Map.of()).findings()).extracting(Finding::code).contains("PROBE-REFUSED", "LEASE-DRIFT");
    }

    @Test
    void witnessesThatDisagreeAreAFinding() throws SQLException {
        try (var server = connect()) {
            var holdings =
                    server.witness().holdings(shop.subject().role(), true).orElseThrow();
            var orders = new Securable.Relation("app", "orders");
            var wrong = new ProbeReport(
                    1,
                    1,
                    List.of(
                            attempt(true, Outcome.REFUSED, new Need(Privilege.SELECT, orders)),
                            attempt(false, Outcome.ALLOWED, new Need(Privilege.DELETE, orders)),
                            attempt(false, Outcome.UNDECIDED, new Need(Privilege.DELETE, orders))));
            assertThat(new ProbeVerdict(shop.subject(), holdings, List.of()).findings(wrong))
                    .extracting(Finding::code)
                    .containsExactly(
                            "PROBE-INCONCLUSIVE",
                            "PROBE-REFUSED",
                            "WITNESS-DISAGREE",
                            "PROBE-ALLOWED",
                            "WITNESS-DISAGREE");
        }
    }

    private static Attempt attempt(boolean promised, Outcome outcome, Need need) {
        return new Attempt("try", "SELECT", promised, outcome, "", List.of(need), Told.by(Rule.GRANT_EXCESS));
    }

    /// The probes' login can more than the role that the catalogs are asked about: what they miss.
    @Test
    void whatTheCatalogsFoundOfOneRoleHidesNothingThatTheProbesMeetOfAnother() throws SQLException {
        database.execute(
                shop.text("GRANT {other} TO {agent}"),
                shop.text("GRANT {owner} TO {login}"),
                shop.text("GRANT pg_monitor TO {login}"));

        var findings = serious(verify(List.of(shop.agentSubject()), Map.of()));

        assertThat(findings)
                .extracting(Finding::what)
                .contains(
                        "bot has all that " + database.role("other") + " may do",
                        "bot tried to become pg_monitor: that worked, and its tier denies it",
                        "bot tried to drop app.orders: that worked, and its tier denies it",
                        "bot tried to alter app.orders: that worked, and its tier denies it",
                        "bot tried to pass on app.orders: that worked, and its tier denies it",
                        "bot tried to drop app.orders: that worked, and the catalogs say that it does not have all of"
                                + " USAGE on schema app, DROP on app.orders");
    }

    @Test
    void whatARoleGivesIsToldOnceWithTheRole() throws SQLException {
        database.execute(shop.text("GRANT {owner} TO {agent}"));

        assertThat(serious(verify(List.of(shop.agentSubject()), Map.of())))
                .extracting(Finding::code)
                .doesNotContain("PROBE-ALLOWED", "WITNESS-DISAGREE")
                .contains("MEMBERSHIP");
    }

    @Test
    void explainNamesEveryWayNearestFirst() throws SQLException {
        var orders = new Securable.Relation("app", "orders");
        database.execute(shop.text("GRANT SELECT ON app.orders TO PUBLIC"), shop.text("GRANT {owner} TO {login}"));
        try (var server = connect()) {
            var holdings =
                    server.witness().holdings(shop.subject().role(), false).orElseThrow();
            assertThat(Explanation.of(holdings, Privilege.SELECT, NamedObject.of(orders))
                            .ways())
                    .extracting(Holding::pathText)
                    .contains(
                            "%s > %s > %s".formatted(shop.login.username(), shop.agent, shop.tier),
                            shop.login.username() + " > PUBLIC",
                            shop.login.username() + " > " + database.role("owner"));
            assertThat(Explanation.of(holdings, Privilege.SELECT, NamedObject.of(orders.column("card_number")))
                            .given())
                    .isTrue();
            assertThat(Explanation.of(
                                    holdings,
                                    Privilege.TRUNCATE,
                                    NamedObject.of(new Securable.Relation("app", "order_lines")))
                            .given())
                    .isFalse();
            assertThat(Explanation.of(holdings, Privilege.USAGE, NamedObject.of(new Securable.Schema("app")))
                            .given())
                    .isTrue();
        }
    }

    private Verified verify(Map<String, String> remembered) throws SQLException {
        return verify(List.of(shop.agentSubject(), shop.subject()), remembered);
    }

    private Verified verify(List<Subject> subjects, Map<String, String> remembered) throws SQLException {
        try (var server = connect()) {
            return verification(server, remembered)
                    .verify(subjects, Optional.of((_, trial) -> () -> trial.as(database.target(shop.login))));
        }
    }

    private Verification verification(Server server, Map<String, String> remembered) {
        return new Verification(engine, database.name(), server.witness(), shop.intended(), remembered);
    }

    private Server connect() throws SQLException {
        return engine.connect(database.target(shop.administrator));
    }

    private static List<Finding> serious(Verified verified) {
        return verified.findings().stream()
                .filter(finding -> finding.severity() != Severity.INFO)
                .toList();
    }
}
