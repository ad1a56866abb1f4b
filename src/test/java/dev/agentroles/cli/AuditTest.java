package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.agentroles.access.Naming;
import dev.agentroles.engine.postgres.PostgresEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two environments, audited by one run that changes neither.
final class AuditTest {
    private final Path directory;

    @AutoClose
    private final TwoEnvironments environments;

    private final String stray;

    AuditTest(@TempDir Path directory) throws SQLException, IOException {
        this.directory = directory;
        environments = new TwoEnvironments(directory);
        stray = "GRANT DELETE ON app.orders TO " + '"'
                + Naming.agentRole(environments.staging.name(), Ground.AGENT).value() + '"';
    }

    private Operator.Said audit(String... more) {
        var arguments = new ArrayList<>(List.of("audit", "shop.yaml", "staging.yaml", "--fail-on", "high"));
        arguments.addAll(List.of(more));
        return environments.operator.run(arguments.toArray(String[]::new));
    }

    private String written(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    @Test
    void whatIsAsItShouldBeIsCleanInEachEnvironment() {
        var said = audit();

        assertThat(said.code()).as(said.err() + said.out()).isZero();
        assertThat(said.out().lines().limit(3))
                .satisfiesExactly(
                        head -> assertThat(head)
                                .matches("PROFILE +ENVIRONMENT +DATABASE +CRITICAL +HIGH +MEDIUM +LOW +INFO +WAIVED"),
                        own -> assertThat(own)
                                .matches("shop.yaml +production +" + environments.production.database.name()
                                        + " +0 +0 .*"),
                        other -> assertThat(other)
                                .matches("staging.yaml +staging +" + environments.staging.name() + " +0 +0 .*"));
    }

    @Test
    void aQuietAuditSaysNothingWhereAllIsWell() {
        assertThat(audit("--quiet").out()).isEmpty();
    }

    @Test
    void itWritesNothingToTheLedger() throws SQLException {
        var before = ledger();

        audit();

        assertThat(ledger()).isEqualTo(before);
    }

    private List<String> ledger() throws SQLException {
        return environments.production.database.query("""
                SELECT (SELECT count(*) FROM agentroles.journal) || ' ' || (SELECT count(*) FROM agentroles.lease)
                    || ' ' || (SELECT count(*) FROM agentroles.definition_hash)
                """);
    }

    @Test
    void theServerRefusesItsSessionEveryChange() throws SQLException {
        var target = environments.production.database.target(environments.operator.administrator());
        try (var server = new PostgresEngine().connect(target)) {
            server.readOnly();

            assertThatThrownBy(() -> server.connection().createStatement().execute("CREATE ROLE ar_new"))
                    .hasMessageContaining("read-only transaction");
        }
    }

    @Test
    void anotherRunDoesNotKeepItWaiting() throws SQLException {
        try (var other = environments.production.database.superuser();
                var statement = other.createStatement()) {
            statement.execute(
                    "BEGIN; LOCK TABLE agentroles.journal_head, agentroles.lease IN SHARE ROW EXCLUSIVE MODE");

            assertThat(audit().code()).isZero();
        }
    }

    /// What agents can do hangs on no store; only what environments share does.
    @Test
    void aStoreThatCannotBeReadHidesNoFinding() throws SQLException, IOException {
        environments.staging.execute(stray);
        environments.operator.write("leases.age", "no store");

        var said = environments.operator.run("audit", "staging.yaml", "--fail-on", "high");

        assertThat(said.code()).as(said.err()).isEqualTo(2);
        assertThat(said.out()).contains("GRANT-EXCESS");
        assertThat(said.err()).doesNotContain("leases.age");
        assertThat(audit().err()).contains("of environment staging was not compared");
    }

    @Test
    void aStrayGrantInOneEnvironmentIsFoundThere() throws SQLException {
        environments.staging.execute(stray);

        var said = audit("--format", "json");

        assertThat(said.code()).as(said.err()).isEqualTo(2);
        var profiles = json(said.out()).getArray("profiles");
        assertThat(codes(profiles.getObject(0))).doesNotContain("GRANT-EXCESS");
        assertThat(codes(profiles.getObject(1))).contains("GRANT-EXCESS");
        assertThat(json(said.out()).getBoolean("failed")).isTrue();
    }

    private static List<String> codes(JsonObject profile) {
        return profile.getArray("findings").stream()
                .map(finding -> ((JsonObject) finding).getString("code"))
                .toList();
    }

    private static JsonObject json(String text) {
        try {
            return JsonParser.object().from(text);
        } catch (JsonParserException wrong) {
            throw new AssertionError(text, wrong);
        }
    }

    @Test
    void codeScanningIsToldTheAgentsLineAndTheCure() throws SQLException, IOException {
        environments.staging.execute(stray);

        audit("--sarif", "audit.sarif");

        var run = json(written("audit.sarif")).getArray("runs").getObject(0);
        var result = run.getArray("results").stream()
                .map(JsonObject.class::cast)
                .filter(one -> one.getString("ruleId").equals("GRANT-EXCESS"))
                .findFirst()
                .orElseThrow();
        assertThat(result.getString("level")).isEqualTo("error");
        assertThat(result.getObject("message").getString("text"))
                .contains("has DELETE on app.orders", "Mend: REVOKE DELETE ON TABLE");
        var at = result.getArray("locations").getObject(0).getObject("physicalLocation");
        assertThat(at.getObject("artifactLocation").getString("uri")).isEqualTo("staging.yaml");
        assertThat(at.getObject("region").getInt("startLine")).isEqualTo(12);
        assertThat(run.getArray("invocations").getObject(0).getBoolean("executionSuccessful"))
                .isTrue();
        assertThat(run.getObject("tool").getObject("driver").getArray("rules").stream()
                        .map(rule -> ((JsonObject) rule).getString("id")))
                .contains("GRANT-EXCESS");
    }

    @Test
    void whatIsWaivedIsSuppressedForCodeScanning() throws SQLException, IOException {
        environments.staging.execute(stray);
        environments.writeStaging("""
                waivers:
                  - {finding: GRANT-EXCESS, reason: migration, by: dba@example.com, until: 2999-01-31}
                """);

        assertThat(audit("--sarif", "audit.sarif").code()).isZero();

        var suppressed = json(written("audit.sarif")).getArray("runs").getObject(0).getArray("results").stream()
                .map(JsonObject.class::cast)
                .filter(result -> result.has("suppressions"))
                .map(result -> result.getString("ruleId") + ": "
                        + result.getArray("suppressions").getObject(0).getString("justification"))
                .distinct();
        assertThat(suppressed).containsExactly("GRANT-EXCESS: migration (dba@example.com, until 2999-01-31)");
    }

    @Test
    void monitoringIsToldEveryNumberAlsoWhereItIsZero() throws IOException {
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        environments.operator.at(InstantSource.fixed(now));

        audit("--metrics", "agentroles.prom");

        assertThat(written("agentroles.prom").lines())
                .contains(
                        "# TYPE agentroles_audit_findings gauge",
                        verified("shop.yaml", "production", environments.production.database.name(), 1),
                        verified("staging.yaml", "staging", environments.staging.name(), 1),
                        "agentroles_audit_findings{profile=\"staging.yaml\",environment=\"staging\",database=\"%s\",severity=\"critical\"} 0"
                                .formatted(environments.staging.name()),
                        "agentroles_audit_completed_timestamp_seconds " + now.getEpochSecond());
    }

    private static String verified(String profile, String environment, String database, int value) {
        return "agentroles_audit_verified{profile=\"%s\",environment=\"%s\",database=\"%s\"} %d"
                .formatted(profile, environment, database, value);
    }

    @Test
    void aDatabaseThatCannotBeReachedDoesNotKeepBackTheOther() throws IOException {
        environments.operator.set("STAGING_PASSWORD", "wrong");

        var said = audit("--metrics", "agentroles.prom", "--sarif", "audit.sarif");

        assertThat(said.code()).as(said.out()).isEqualTo(4);
        assertThat(said.err()).contains("agentroles: staging.yaml: ").doesNotContain("shop.yaml: ");
        assertThat(said.out()).containsPattern("staging.yaml +staging +" + environments.staging.name() + " +\\? +\\?");
        assertThat(written("agentroles.prom").lines())
                .contains(
                        verified("shop.yaml", "production", environments.production.database.name(), 1),
                        verified("staging.yaml", "staging", environments.staging.name(), 0))
                .noneMatch(line -> line.startsWith("agentroles_audit_findings")
                        && line.contains("database=\"" + environments.staging.name() + '"'));
        assertThat(json(written("audit.sarif"))
                        .getArray("runs")
                        .getObject(0)
                        .getArray("invocations")
                        .getObject(0)
                        .getBoolean("executionSuccessful"))
                .isFalse();
    }

    /// As on a machine whose disk is full: `/dev/full` refuses every write (full(4)).
    @Test
    void aFileThatCannotBeWrittenHidesNoFinding() throws SQLException, IOException {
        environments.staging.execute(stray);

        var said = audit("--metrics", "/dev/full", "--sarif", "audit.sarif");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("GRANT-EXCESS");
        assertThat(said.err()).contains("the result cannot be written to /dev/full: No space left on device");
        assertThat(written("audit.sarif")).contains("GRANT-EXCESS");
    }

    @Test
    void aProfileThatCannotBeReadIsNamedAndTheOtherAudited() throws IOException {
        environments.operator.write("staging.yaml", "version: 1\n");

        var said = audit("--format", "json");

        assertThat(said.code()).as(said.err()).isEqualTo(4);
        assertThat(said.err()).contains("staging.yaml:1:1");
        var profiles = json(said.out()).getArray("profiles");
        assertThat(profiles.getObject(0).getString("environment")).isEqualTo("production");
        assertThat(profiles.getObject(1).getArray("problems")).isNotEmpty();
    }

    @Test
    void nothingAuditedIsAnError() {
        var said = environments.operator.run("audit", "nowhere.yaml", "neither.yaml");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).isEqualTo("""
                agentroles: there is no file "nowhere.yaml", nor one in profiles/
                agentroles: there is no file "neither.yaml", nor one in profiles/
                """);
    }

    /// A file that somebody else has named.
    @Test
    void aNameThatIsRefusedForgesNothing() {
        var said = environments.operator.run("audit", "a\n::error ::b.yaml");

        assertThat(said.code()).isEqualTo(1);
        assertThat((said.out() + said.err()).lines())
                .isNotEmpty()
                .noneMatch(line -> line.startsWith("::"))
                .anyMatch(line -> line.contains("a\\n::error ::b.yaml"));
    }

    @Test
    void anotherEnvironmentsDatabaseIsRefusedAndOutweighsWhatIsFound() throws SQLException, IOException {
        environments.staging.execute(stray);
        environments.operator.write(
                "other.yaml",
                environments.operator.head("development") + """
                scopes:
                  orders: {database: %1$s, include: [app.orders]}
                agents:
                  support-bot: {access: [{scope: orders, tier: explore}]}
                """.formatted(environments.production.database.name()));

        var said = environments.operator.run("audit", "staging.yaml", "other.yaml");

        assertThat(said.code()).as(said.err()).isEqualTo(3);
        assertThat(said.out()).contains("GRANT-EXCESS");
    }

    @Test
    void environmentsThatShareAnAdministratorAreFoundOnBothSides() throws SQLException {
        environments.shareAdministrator();

        var said = audit("--format", "json");

        assertThat(said.code()).as(said.err()).isEqualTo(2);
        var profiles = json(said.out()).getArray("profiles");
        assertThat(codes(profiles.getObject(0))).contains("ENVIRONMENT-SHARED");
        assertThat(codes(profiles.getObject(1))).contains("ENVIRONMENT-SHARED");
    }
}
