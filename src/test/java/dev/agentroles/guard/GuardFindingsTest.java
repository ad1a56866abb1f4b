package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `verify` says of a guard that is not as it should be.
@OnEachPostgreSql
final class GuardFindingsTest {
    private static final Pattern FINDING = Pattern.compile(".*(GUARD-[A-Z]+)\\s+(.*)");

    @AutoClose
    private final Ground ground;

    GuardFindingsTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(server, directory);
    }

    /// `CODE: what` of each finding about the guard.
    private List<String> findings() {
        return ground.findings().stream()
                .map(FINDING::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(found -> found.group(1) + ": " + found.group(2))
                .toList();
    }

    @Test
    void aGuardAsApplyMadeItHasNone() {
        assertThat(findings()).isEmpty();
    }

    @Test
    void aWriterFromWhomAColumnIsHiddenMayDeleteByAnother() throws IOException {
        ground.operator.write(
                "hidden.yaml", ground.operator.head("production") + """
                        scopes:
                          people: {database: %s, include: [public.customers], exclude: [public.customers.email]}
                        agents:
                          janitor: {access: [{scope: people, tier: writer}]}
                        """.formatted(ground.database.name()));
        assertThat(ground.operator
                        .run("apply", "hidden.yaml", "--yes", "--no-verify")
                        .code())
                .isZero();

        assertThat(ground.operator.run("verify", "hidden.yaml").out())
                .contains("tried as janitor")
                .doesNotContain("PROBE-");
    }

    @Test
    void aTableWithoutIsMissingIt() throws SQLException {
        ground.database.execute("DROP TRIGGER agentroles_guard ON customers");
        assertThat(findings()).containsExactly("GUARD-MISSING: public.customers has no guard");
    }

    @Test
    void aSwitchedOffTriggerIsDisabled() throws SQLException {
        ground.database.execute(
                "ALTER TABLE customers DISABLE TRIGGER agentroles_guard",
                "ALTER TABLE orders ENABLE REPLICA TRIGGER agentroles_guard");
        assertThat(findings())
                .containsExactlyInAnyOrder(
                        "GUARD-DISABLED: the guard on public.customers is not enabled ALWAYS",
                        "GUARD-DISABLED: the guard on public.orders is not enabled ALWAYS");
    }

    @Test
    void anotherFunctionIsAChange() throws SQLException {
        ground.database.execute(
                """
                CREATE OR REPLACE TRIGGER agentroles_guard BEFORE UPDATE OR DELETE ON customers FOR EACH STATEMENT
                WHEN (false) EXECUTE FUNCTION agentroles_guard.admit()""",
                "ALTER TABLE customers ENABLE ALWAYS TRIGGER agentroles_guard",
                "ALTER FUNCTION agentroles_guard.hold RESET ALL",
                "ALTER FUNCTION agentroles_guard.hold STABLE");
        assertThat(findings())
                .containsExactlyInAnyOrder(
                        "GUARD-CHANGED: the guard on public.customers is not as agentroles made it",
                        "GUARD-CHANGED: the guard's own functions, tables or triggers are not as agentroles made them");
    }

    @Test
    void otherLimitsAreToldWithTheirNumbers() throws SQLException {
        ground.limits(text -> text.replace("1000,", "999999,"));
        assertThat(findings()).hasSize(1).first().asString().startsWith("GUARD-LIMITS: the limits of ar_");
    }

    @Test
    void limitsThatAreNotTheSameForEverybodyAreAChange() throws SQLException {
        ground.limits(text -> text.replace(
                "RETURN",
                "IF session_user <> '%s' THEN RETURN NULL; END IF; RETURN".formatted(ground.administrator.username())));
        assertThat(findings())
                .hasSize(2)
                .contains(
                        "GUARD-CHANGED: the guard's own functions, tables or triggers are not as agentroles made them")
                .anyMatch(found -> found.startsWith("GUARD-LIMITS: the limits of ar_"));
    }

    @Test
    void aWriterWithoutTheMarkIsHeldByNothing() throws SQLException {
        ground.database.execute("REVOKE SELECT ON agentroles_guard.marker FROM \"" + ground.writer() + '"');
        assertThat(ground.findings().stream().filter(line -> line.contains("marker")))
                .allMatch(line -> line.startsWith("CRITICAL  GUARD-DISABLED  ") || line.startsWith("mend "))
                .anyMatch(line -> line.endsWith("the guard holds its writer on no table: SELECT on"
                        + " agentroles_guard.marker is not inherited"));
    }

    @Test
    void aTableThatIsMadeAgainIsMissingItForWhoeverCanChangeIt() throws SQLException {
        ground.database.execute(
                "DROP TABLE nopk", "CREATE TABLE nopk (a int, b text)", "ALTER TABLE nopk OWNER TO " + ground.owner());
        assertThat(findings()).isEmpty();
        assertThat(ground.findings())
                .contains("MEDIUM  GRANT-MISSING  %s lacks SELECT, INSERT, UPDATE, DELETE on public.nopk"
                        .formatted(ground.writer()));
        ground.database.execute("GRANT UPDATE ON nopk TO \"" + ground.writer() + '"');
        assertThat(findings()).containsExactly("GUARD-MISSING: public.nopk has no guard");
    }

    @Test
    void aTableThatInheritsIsMissingIt() throws SQLException {
        ground.database.execute("CREATE TABLE heir () INHERITS (customers)");
        assertThat(findings()).containsExactly("GUARD-MISSING: public.heir has no guard");
    }

    @Test
    void aGuardThatFailsIsNoMatterOfPatience() throws SQLException {
        ground.database.execute("""
                CREATE OR REPLACE FUNCTION agentroles_guard.has_temp_code() RETURNS boolean LANGUAGE plpgsql
                AS $$ BEGIN RETURN nothing_of_that_name; END $$""", """
                CREATE OR REPLACE FUNCTION agentroles_guard.counted(rel oid, parts oid[], OUT changed bigint,
                  OUT updated bigint, OUT inserted bigint) LANGUAGE plpgsql AS $$ BEGIN changed := nothing_of_that_name; END $$""");
        assertThat(ground.operator
                        .run("verify", "shop.yaml", "-v", "--no-color")
                        .out()
                        .lines()
                        .map(String::strip))
                .anyMatch(line -> line.matches("HIGH +GUARD-BROKEN .*delete from public.customers with a condition.*"));
    }

    @Test
    void aWriteFromElsewhereToATableWithoutGuardIsMissingIt() throws SQLException {
        ground.database.execute(
                "GRANT DELETE ON secrets TO \"" + ground.writer() + '"',
                "CREATE VIEW far AS SELECT * FROM order_stats",
                "GRANT UPDATE ON far TO \"" + ground.writer() + '"');
        assertThat(findings())
                .containsExactlyInAnyOrder(
                        "GUARD-MISSING: public.secrets can be changed and has no guard",
                        "GUARD-MISSING: public.order_stats can be changed through view public.far and has no guard");
    }

    @Test
    void aForeignKeyThatIsAddedIsMissingIt() throws SQLException {
        ground.database.execute(
                "CREATE TABLE addresses (id int, customer int REFERENCES customers ON DELETE SET NULL)");
        assertThat(findings()).containsExactly("GUARD-MISSING: public.addresses has no guard");
    }

    @Test
    void whatARuleDeletesFromIsGuardedToo() throws SQLException {
        ground.database.execute(
                "CREATE TABLE trail (customer int)",
                "INSERT INTO trail SELECT generate_series(1, 5000)",
                "ALTER TABLE trail OWNER TO " + ground.owner(),
                "CREATE VIEW all_trails AS SELECT * FROM trail",
                "ALTER VIEW all_trails OWNER TO " + ground.owner(),
                "CREATE RULE clear AS ON UPDATE TO customers DO ALSO DELETE FROM all_trails",
                "CREATE RULE note AS ON UPDATE TO orders DO ALSO INSERT INTO order_stats SELECT * FROM order_stats WHERE false");
        assertThat(findings()).containsExactly("GUARD-MISSING: public.trail has no guard");
        assertThat(ground.findings())
                .filteredOn(line -> line.contains("REWRITE-RULE"))
                .hasSize(2);
        ground.apply();
        assertThat(findings()).isEmpty();
        var refused = catchThrowableOfType(SQLException.class, () -> {
            try (var session = ground.database.connect(ground.agent());
                    var statement = session.createStatement()) {
                statement.executeUpdate("UPDATE customers SET name = name WHERE id = 1");
            }
        });
        assertThat(refused.getSQLState()).isEqualTo("AR002");
        assertThat(ground.database.query("SELECT count(*) FROM trail")).containsExactly("5000");
    }

    @Test
    void theGuardIsTriedAsTheAgent() throws SQLException {
        assertThat(probed()).isEmpty();
        // No limits at all: the catalogs see other limits, the probes see what follows.
        ground.limits(text -> text.replaceAll(": \\d+", ": null").replace("false", "true"));
        assertThat(probed())
                .anyMatch(found -> found.startsWith("PROBE-ALLOWED:")
                        && found.contains("delete from public.customers without a condition on a column"));
    }

    /// What the probes found about deleting.
    private List<String> probed() {
        return ground.operator
                .run("verify", "shop.yaml", "-v", "--no-color")
                .out()
                .lines()
                .map(Pattern.compile(".*(PROBE-[A-Z]+)\\s+(.*delete from.*)")::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(found -> found.group(1) + ": " + found.group(2))
                .toList();
    }
}
