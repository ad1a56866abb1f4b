package dev.agentroles.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.Rule;
import dev.agentroles.problem.Position;
import dev.agentroles.profile.Profile;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WaiversTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 6, 30);
    private static final Finding TEMP = finding(Rule.PUBLIC_TEMP, Optional.empty());
    private static final Finding EXCESS = finding(Rule.GRANT_EXCESS, Optional.of("bot"));

    @Test
    void aWaiverTakesItsFindingAside() {
        var report = judge(List.of(waiver("PUBLIC-TEMP", "shop", null, TODAY)), TEMP, EXCESS);
        assertThat(report.findings()).extracting(AuditReport.Located::finding).containsExactly(EXCESS);
        assertThat(report.waived())
                .extracting(waived -> waived.located().finding())
                .containsExactly(TEMP);
    }

    @Test
    void aWaiverOfAnotherDatabaseOrAgentCoversNothing() {
        var report = judge(
                List.of(waiver("PUBLIC-TEMP", "other", null, TODAY), waiver("GRANT-EXCESS", null, "clerk", TODAY)),
                TEMP,
                EXCESS);
        assertThat(codes(report)).containsExactly("GRANT-EXCESS", "PUBLIC-TEMP", "WAIVER-UNUSED", "WAIVER-UNUSED");
    }

    @Test
    void theLastDayCountsAndTheNextOneDoesNot() {
        assertThat(codes(judge(List.of(waiver("PUBLIC-TEMP", null, null, TODAY)), TEMP)))
                .isEmpty();
        assertThat(codes(judge(List.of(waiver("PUBLIC-TEMP", null, null, TODAY.minusDays(1))), TEMP)))
                .containsExactly("PUBLIC-TEMP", "WAIVER-EXPIRED");
    }

    @Test
    void aRunFailsAtItsThresholdAndNeverForWhatIsOnlyWorthKnowing() {
        var report = judge(List.of(), TEMP);
        assertThat(report.fails(Severity.HIGH)).isFalse();
        assertThat(report.fails(Severity.MEDIUM)).isTrue();
        assertThat(judge(List.of(), finding(Rule.WITNESS_BLIND, Optional.empty()))
                        .fails(Severity.INFO))
                .isFalse();
    }

    @Test
    void theOrderOfFindingsDoesNotDependOnTheOrderTheyCameIn() {
        assertThat(judge(List.of(), TEMP, EXCESS)).isEqualTo(judge(List.of(), EXCESS, TEMP));
    }

    private static List<String> codes(AuditReport report) {
        return report.findings().stream()
                .map(located -> located.finding().code())
                .toList();
    }

    private static AuditReport judge(List<Profile.Waiver> waivers, Finding... findings) {
        return new Waivers(waivers, TODAY)
                .judge(List.of(new Verified("shop", List.of(findings), List.of(), Map.of())), List.of());
    }

    private static Profile.Waiver waiver(
            String code,
            @org.jspecify.annotations.Nullable String database,
            @org.jspecify.annotations.Nullable String subject,
            LocalDate until) {
        return new Profile.Waiver(
                code,
                Optional.ofNullable(database),
                Optional.ofNullable(subject),
                "legacy reports need it",
                "dba@example.com",
                until,
                new Position("prod.yaml", 40, 5));
    }

    private static Finding finding(Rule rule, Optional<String> subject) {
        return rule.finding(subject, "somebody can do something", List.of(), "pg_catalog", List.of(), List.of());
    }
}
