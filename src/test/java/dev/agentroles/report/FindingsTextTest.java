package dev.agentroles.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Severity;
import dev.agentroles.audit.AuditReport;
import dev.agentroles.audit.Verified;
import dev.agentroles.engine.Rule;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.workspace.Missed;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is called proven was tried as the agents, and nothing was accepted.
final class FindingsTextTest {
    private static final AuditReport.Probes TRIED =
            new AuditReport.Probes("shop", new Verified.Probed("bot", 7, 7, 90));
    private static final AuditReport.Waived WAIVED = new AuditReport.Waived(
            located(Rule.SUPERUSER, "bot is SUPERUSER"),
            new Profile.Waiver(
                    "SUPERUSER",
                    Optional.of("shop"),
                    Optional.empty(),
                    "until the move",
                    "alice",
                    LocalDate.of(2026, 6, 30),
                    new Position("shop.yaml", 9, 3)));

    @Test
    void whatBothWitnessesSayIsProven() {
        assertThat(summary(List.of(), List.of(), List.of(TRIED)))
                .isEqualTo("Proven: every agent can do what its tier says, and nothing else.");
    }

    @Test
    void whatWasNotTriedAsTheAgentsIsNotProven() {
        assertThat(summary(List.of(), List.of(), List.of()))
                .isEqualTo("Nothing found by the catalogs; nothing was tried as the agents.");
    }

    @Test
    void whatIsWaivedIsNotProven() {
        assertThat(summary(List.of(), List.of(WAIVED), List.of(TRIED)))
                .isEqualTo("Nothing found but what is waived (1 finding).");
        assertThat(summary(List.of(), List.of(WAIVED, WAIVED), List.of()))
                .isEqualTo("Nothing found by the catalogs but what is waived (2 findings);"
                        + " nothing was tried as the agents.");
    }

    @Test
    void whatAnAdministratorCannotReadIsSaidWithTheProof() {
        assertThat(summary(List.of(located(Rule.WITNESS_BLIND, "pg_hba.conf is not shown")), List.of(), List.of(TRIED)))
                .isEqualTo("Proven: every agent can do what its tier says, and nothing else, as far as this"
                        + " administrator can see. Worth knowing: 1 info; -v shows it.");
    }

    @Test
    void whatCouldNotBeVerifiedIsNamedBesideWhatWasClean() {
        var missed = new Missed("archive", Failure.error(Problem.of("it is down")));

        assertThat(lastLine(new AuditReport(List.of(), List.of(), List.of(), List.of("shop", "eu"), List.of(missed))))
                .isEqualTo("Found nothing in shop, eu; nothing is proven of archive.");
        assertThat(lastLine(new AuditReport(List.of(), List.of(), List.of(), List.of(), List.of(missed))))
                .isEqualTo("Nothing is proven: no database could be verified.");
    }

    /// It has one cause and one cure. In the document each agent has its own.
    @Test
    void whatAgentsFeelAlikeIsToldOnce() {
        var report = new AuditReport(
                List.of(of("bot"), of("desk"), of("till")),
                List.of(WAIVED, WAIVED),
                List.of(TRIED),
                List.of("shop"),
                List.of());

        assertThat(new FindingsText(Paint.NONE, "profiles/shop.yaml", false).render(report))
                .isEqualTo("""
                MEDIUM  GRANT-MISSING  ar_shop_orders_writer lacks DELETE on app.orders
                    where     agents bot, desk and till, database shop
                    path      ar_shop_orders_writer
                    evidence  no access list
                    cure      Run agentroles apply profiles/shop.yaml.

                waived  SUPERUSER on shop by alice until 2026-06-30: until the move
                tried as bot on shop: 90 statements, 7 of 7 relations
                Found: 1 medium. agentroles explain CODE says what one means.
                """);
        assertThat(FindingsJson.of("shop.yaml", "production", report, Severity.LOW))
                .contains("\"agent\":\"bot\"", "\"agent\":\"desk\"", "\"agent\":\"till\"");
    }

    /// Whoever reads that some were left out must know why.
    @Test
    void whereOnlySomeRelationsWereTriedTheyAreCalledASample() {
        var tried = new AuditReport.Probes("shop", new Verified.Probed("bot", 300, 50, 612));
        var report = new AuditReport(List.of(), List.of(), List.of(tried), List.of("shop"), List.of());

        assertThat(new FindingsText(Paint.NONE, "shop.yaml", false).render(report))
                .startsWith("tried as bot on shop: 612 statements, a sample of 50 of 300 relations\n");
    }

    /// A cure can name thousands of roles.
    @Test
    void aStatementOfManyScreensIsBegunAndWholeInTheDocument() {
        var names = IntStream.range(0, 500).mapToObj("role_%d"::formatted).collect(Collectors.joining(", "));
        var grant = "GRANT CONNECT ON DATABASE template1 TO " + names;
        var revoke = "REVOKE CONNECT ON DATABASE template1 FROM PUBLIC CASCADE";
        var finding = Rule.PUBLIC_GRANT.finding(
                Optional.empty(), "everybody has CONNECT", List.of(), "PUBLIC", List.of(grant, revoke), List.of());
        var report = new AuditReport(
                List.of(new AuditReport.Located("shop", finding)), List.of(), List.of(), List.of("shop"), List.of());

        assertThat(new FindingsText(Paint.NONE, "shop.yaml", false).render(report))
                .contains(
                        "    mend      GRANT CONNECT ON DATABASE template1 TO role_0, role_1,",
                        " ... (" + grant.length() + " characters: --format json has it whole)\n",
                        "              " + revoke + "\n")
                .doesNotContain("role_499");
        assertThat(FindingsJson.of("shop.yaml", "production", report, Severity.LOW))
                .contains(grant);
    }

    private static AuditReport.Located of(String agent) {
        return new AuditReport.Located(
                "shop",
                Rule.GRANT_MISSING.finding(
                        Optional.of(agent),
                        "ar_shop_orders_writer lacks DELETE on app.orders",
                        List.of("ar_shop_" + agent, "ar_shop_orders_writer"),
                        "no access list",
                        List.of(),
                        List.of()));
    }

    @Test
    void aWaivedFindingIsWholeInTheDocument() {
        var report = new AuditReport(List.of(), List.of(WAIVED), List.of(TRIED), List.of("shop"), List.of());

        assertThat(FindingsJson.of("shop.yaml", "production", report, Severity.LOW))
                .contains("""
                "waived":[{
                    "code":"SUPERUSER",
                    "severity":"critical",
                    "database":"shop",
                    "agent":"bot",
                    "what":"bot is SUPERUSER",
                    "path":["ar_shop_bot"],
                    "evidence":"pg_roles",
                    "cure":"Take the attribute away, or the membership that leads to it.",
                    "mend":[],
                    "catalogue":[],
                    "by":"alice",
                    "reason":"until the move",
                    "until":"2026-06-30"
                  }]""");
    }

    private static AuditReport.Located located(Rule rule, String what) {
        return new AuditReport.Located(
                "shop",
                rule.finding(Optional.of("bot"), what, List.of("ar_shop_bot"), "pg_roles", List.of(), List.of()));
    }

    /// The last line.
    private static String summary(
            List<AuditReport.Located> findings, List<AuditReport.Waived> waived, List<AuditReport.Probes> probes) {
        return lastLine(new AuditReport(findings, waived, probes, List.of("shop"), List.of()));
    }

    private static String lastLine(AuditReport report) {
        return new FindingsText(Paint.NONE, "shop.yaml", false)
                .render(report)
                .lines()
                .toList()
                .getLast();
    }
}
