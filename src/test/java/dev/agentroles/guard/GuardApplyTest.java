package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guard as a part of desired state: made, found as it should be, found and mended where it is not,
/// changed, removed.
@OnEachPostgreSql
final class GuardApplyTest {
    @AutoClose
    private final Ground ground;

    GuardApplyTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(server, directory);
    }

    private void changed(String... statements) throws SQLException {
        ground.database.execute(statements);
    }

    /// The lines of a plan that are about the guard, without their reasons.
    private String guardLines() {
        return ground.plan()
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("[-+~] (guard|limits)\\b.*"))
                .map(line -> line.replaceFirst("  # .*", "").replaceAll("[0-9a-f]{12}", "HASH"))
                .sorted()
                .reduce("", (all, line) -> all + line + "\n");
    }

    private void mended() {
        ground.apply();
        ground.hasNothingToDo();
    }

    @Test
    void aSecondPlanIsEmpty() {
        ground.hasNothingToDo();
    }

    @Test
    void aDroppedTriggerComesBack() throws SQLException {
        changed("DROP TRIGGER agentroles_guard ON customers");
        assertThat(guardLines()).isEqualTo("""
                + guard on public.customers: readers go on, writers wait at most lock_timeout for SHARE ROW EXCLUSIVE
                """);
        mended();
    }

    @Test
    void aDisabledTriggerIsSeen() throws SQLException {
        changed("ALTER TABLE customers DISABLE TRIGGER agentroles_guard", "ALTER TABLE orders DISABLE TRIGGER USER");
        assertThat(guardLines())
                .contains("~ guard on public.customers, not as it should be (agentroles_guard 26 D ")
                .contains("~ guard on public.orders");
        mended();
    }

    @Test
    void aTriggerThatIsNotAlwaysEnabledIsSeen() throws SQLException {
        changed(
                "ALTER TABLE customers ENABLE TRIGGER agentroles_guard",
                "ALTER TABLE orders ENABLE REPLICA TRIGGER agentroles_guard");
        assertThat(guardLines()).contains("public.customers").contains("public.orders");
        mended();
    }

    @Test
    void aTriggerWithAnotherConditionIsSeen() throws SQLException {
        changed("""
                CREATE OR REPLACE TRIGGER agentroles_guard BEFORE UPDATE ON customers FOR EACH STATEMENT
                WHEN (false) EXECUTE FUNCTION agentroles_guard.admit()""");
        assertThat(guardLines()).contains("~ guard on public.customers");
        mended();
    }

    @Test
    void aReplacedFunctionIsSeen() throws SQLException {
        changed("""
                CREATE OR REPLACE FUNCTION agentroles_guard.admit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
                SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on
                AS $$ BEGIN RETURN NULL; END $$""");
        assertThat(guardLines())
                .isEqualTo("~ guard: schema agentroles_guard, HASH becomes HASH, while everybody works\n");
        mended();
    }

    @Test
    void anAlteredFunctionIsSeen() throws SQLException {
        changed("ALTER FUNCTION agentroles_guard.settle() SECURITY INVOKER");
        assertThat(guardLines()).contains("~ guard: schema agentroles_guard");
        mended();
        changed("GRANT EXECUTE ON FUNCTION agentroles_guard.admit() TO PUBLIC");
        assertThat(guardLines()).contains("~ guard: schema agentroles_guard");
        mended();
        changed("ALTER TABLE agentroles_guard.mark DISABLE TRIGGER settle");
        assertThat(guardLines()).contains("~ guard: schema agentroles_guard");
        mended();
        changed("DROP TRIGGER settle ON agentroles_guard.mark");
        assertThat(guardLines()).contains("~ guard: schema agentroles_guard");
        mended();
    }

    /// Before PostgreSQL 16 such a login is refused its own writes, and what runs as another for it is not
    /// held.
    @Test
    void aLeaseThatNoLongerInheritsInheritsAgain() throws SQLException {
        changed("ALTER ROLE \"%s\" NOINHERIT".formatted(ground.agent().username()));
        assertThat(ground.operator.run("plan", "shop.yaml").code()).isEqualTo(2);
        mended();
        try (var connection = ground.database.connect(ground.agent());
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE orders SET note = 'x' WHERE id = 1"))
                    .isOne();
        }
    }

    @Test
    void limitsEditedByHandAreSeen() throws SQLException {
        ground.limits(text -> text.replaceAll("\\b10+\\b", "1000000"));
        assertThat(guardLines())
                .contains("~ limits of ar_")
                .contains("1000000 rows of a table in a statement, 1000000 in a transaction")
                .contains("becomes 1000 rows of a table in a statement, 10000 in a transaction, whole tables up to 20");
        mended();
    }

    @Test
    void limitsThatAreNotTheSameForEverybodyAreSeen() throws SQLException {
        ground.limits(text -> text.replace(
                "RETURN",
                "IF session_user <> '%s' THEN RETURN NULL; END IF; RETURN".formatted(ground.administrator.username())));
        assertThat(guardLines()).contains("~ guard: schema agentroles_guard").contains("+ limits of ar_");
        mended();
        ground.limits(text -> text + " -- ok");
        assertThat(guardLines()).contains("~ guard: schema agentroles_guard");
        mended();
    }

    @Test
    void theMarkOfAWriterIsTheGuardsMatter() throws SQLException {
        changed("REVOKE SELECT ON agentroles_guard.marker FROM " + '"' + ground.writer() + '"');
        assertThat(ground.plan())
                .doesNotContain("Gives agents more")
                .containsPattern("Keeps house\\n *\\+ SELECT on agentroles_guard.marker to " + ground.writer());
        mended();
    }

    @Test
    void whatDoesNotBelongToTheGuardIsTakenAway() throws SQLException {
        changed(
                "CREATE FUNCTION agentroles_guard.\"left over\"(a int DEFAULT 1, OUT b int) LANGUAGE sql AS 'SELECT 1'",
                "CREATE PROCEDURE agentroles_guard.fewer(a text) LANGUAGE sql AS 'SELECT 1'",
                "CREATE VIEW agentroles_guard.limits AS SELECT 1 AS one",
                "CREATE TABLE agentroles_guard.notes (a int)",
                "CREATE INDEX more ON agentroles_guard.mark (at)",
                "GRANT EXECUTE ON FUNCTION agentroles_guard.admit() TO " + ground.owner());
        assertThat(guardLines()).contains("~ guard: schema agentroles_guard");
        assertThat(ground.plan())
                .contains("may not mend what somebody else has done to the guard")
                .contains("ALTER TABLE agentroles_guard.notes OWNER TO " + ground.administrator.username() + ";");
        changed(
                "ALTER ROUTINE agentroles_guard.\"left over\" OWNER TO " + ground.administrator.username(),
                "ALTER ROUTINE agentroles_guard.fewer(a text) OWNER TO " + ground.administrator.username(),
                "ALTER VIEW agentroles_guard.limits OWNER TO " + ground.administrator.username(),
                "ALTER TABLE agentroles_guard.notes OWNER TO " + ground.administrator.username());
        mended();
    }

    /// Else the application would bear the marker, and write what the guard counts by.
    @Test
    void rightsOnAllTablesDoNotReachTheGuard() throws SQLException, IOException {
        var everybody = ground.database.role("readwrite");
        changed(
                "CREATE ROLE " + everybody,
                "GRANT %s TO %s".formatted(everybody, ground.application.username()),
                "GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA agentroles_guard TO PUBLIC, " + everybody);
        theApplicationGoesOn();
        assertThat(guardLines()).contains("~ guard: schema agentroles_guard");
        mended();

        changed("ALTER DEFAULT PRIVILEGES FOR ROLE %s GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %s"
                .formatted(ground.administrator.username(), everybody));
        ground.nobodyWrites();
        ground.apply();
        ground.profile("");
        ground.apply();
        mended();
        theApplicationGoesOn();
        assertThat(ground.database.query("""
                SELECT relname FROM pg_class
                WHERE relnamespace = 'agentroles_guard'::regnamespace AND relkind IN ('r', 'v')
                  AND has_table_privilege('%s', oid, 'SELECT')""".formatted(everybody))).isEmpty();
    }

    private void theApplicationGoesOn() throws SQLException {
        try (var session = ground.database.connect(ground.application);
                var statement = session.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE customers SET active = false"))
                    .isEqualTo(3000);
        }
    }

    @Test
    void anOwnerWithoutTablesKeepsNothing() throws SQLException, IOException {
        var former = ground.database.role("former");
        changed(
                "CREATE ROLE " + former,
                "GRANT %s TO %s".formatted(former, ground.administrator.username()),
                "GRANT USAGE ON SCHEMA public TO " + former,
                "CREATE TABLE handed_on (id int PRIMARY KEY)",
                "ALTER TABLE handed_on OWNER TO " + former);
        ground.widen("public.handed_on");
        ground.apply();
        changed(
                "ALTER TABLE handed_on OWNER TO " + ground.owner(),
                "REVOKE USAGE ON SCHEMA public FROM " + former,
                "REVOKE %s FROM %s".formatted(former, ground.administrator.username()));
        mended();
        changed("DROP ROLE " + former);
    }

    /// As it is once PostgreSQL 15 was upgraded, or the administrator is another.
    @Test
    void theRightThatThePlanAsksForOnTheGuardsRoleIsEnough() throws SQLException {
        var role = "\"ar_" + ground.database.name() + "__guard\"";
        var administrator = ground.administrator.username();
        boolean asked = !ground.database
                .query(
                        "SELECT 1 FROM pg_attribute WHERE attrelid = 'pg_auth_members'::regclass AND attname = 'set_option'")
                .isEmpty();
        changed(
                "REVOKE %s FROM %s".formatted(role, administrator),
                "ALTER FUNCTION agentroles_guard.settle() SECURITY INVOKER");
        var enough = "GRANT %s TO \"%s\" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE".formatted(role, administrator);
        if (asked) {
            assertThat(ground.plan()).contains(enough);
            changed(enough);
        }
        mended();

        if (asked) {
            changed("GRANT %s TO %s WITH INHERIT TRUE".formatted(role, administrator));
            var revoke = "REVOKE ar_%s__guard FROM %s GRANTED BY ".formatted(ground.database.name(), administrator);
            var line = ground.plan().lines().filter(one -> one.contains(revoke)).findFirst();
            assertThat(line).isPresent();
            changed(line.orElseThrow().strip(), enough);
            mended();
        }
    }

    /// As it comes out of a dump that was restored by somebody who is no superuser.
    @Test
    void codeThatIsNotOfTheGuardsRoleHoldsAgents() throws SQLException {
        changed(
                "ALTER FUNCTION agentroles_guard.admit() OWNER TO " + ground.administrator.username(),
                "ALTER FUNCTION agentroles_guard.settle() OWNER TO " + ground.administrator.username());
        try (var session = ground.database.connect(ground.agent());
                var statement = session.createStatement()) {
            assertThatThrownBy(() -> statement.executeUpdate("UPDATE orders SET note = 'x' WHERE id = 1"))
                    .hasMessageContaining("the guard does not run as its own role here");
        }
        theApplicationGoesOn();
        mended();
    }

    @Test
    void tablesOfTheGuardThatWereAlteredAreMadeAgain() throws SQLException {
        for (var alteration : List.of(
                "ALTER TABLE agentroles_guard.mark DROP COLUMN was_at",
                "ALTER TABLE agentroles_guard.mark ALTER COLUMN base TYPE int",
                "ALTER TABLE agentroles_guard.mark ALTER COLUMN base DROP NOT NULL",
                "ALTER TABLE agentroles_guard.mark DROP CONSTRAINT mark_pkey",
                "CREATE RULE none AS ON INSERT TO agentroles_guard.mark DO INSTEAD NOTHING",
                "ALTER TABLE agentroles_guard.mark FORCE ROW LEVEL SECURITY",
                "ALTER TABLE agentroles_guard.usage SET LOGGED",
                "DROP INDEX agentroles_guard.usage_agent")) {
            changed(alteration);
            assertThat(guardLines()).as(alteration).startsWith("~ guard: schema agentroles_guard");
            mended();
        }
        try (var session = ground.database.connect(ground.agent());
                var statement = session.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE customers SET active = false WHERE id <= 5"))
                    .isEqualTo(5);
        }
    }

    @Test
    void aTableThatIsMadeAgainIsGuardedAgain() throws SQLException {
        changed("DROP TABLE nopk", "CREATE TABLE nopk (a int, b text)", "ALTER TABLE nopk OWNER TO " + ground.owner());
        assertThat(guardLines()).contains("+ guard on public.nopk");
        mended();
    }

    @Test
    void aForeignKeyThatIsAddedLeadsTheGuardOn() throws SQLException {
        changed(
                "CREATE TABLE addresses (id int, customer int REFERENCES customers ON DELETE CASCADE)",
                "ALTER TABLE addresses OWNER TO " + ground.owner());
        assertThat(guardLines()).contains("+ guard on public.addresses");
        mended();
    }

    @Test
    void aTableThatInheritsIsGuarded() throws SQLException {
        changed("CREATE TABLE heir () INHERITS (customers)", "ALTER TABLE heir OWNER TO " + ground.owner());
        assertThat(guardLines()).contains("+ guard on public.heir");
        mended();
    }

    @Test
    void aPartitionIsGuardedByItsParent() throws SQLException {
        changed(
                "CREATE TABLE events_4 PARTITION OF events FOR VALUES FROM (100000) TO (200000)",
                "ALTER TABLE events_4 OWNER TO " + ground.owner());
        assertThat(guardLines()).isEmpty();
    }

    @Test
    void aPartWhoseRowsAreNotCountedIsRefused() throws SQLException {
        changed(
                "CREATE FOREIGN DATA WRAPPER nowhere",
                "CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere",
                "DROP TRIGGER agentroles_guard ON nopk",
                "CREATE FOREIGN TABLE far () INHERITS (nopk) SERVER nowhere");
        assertThat(ground.plan())
                .contains("shop.yaml:14:46: public.nopk cannot be guarded: its part public.far is a foreign table,"
                        + " whose rows are not counted here");
    }

    @Test
    void aTableOfAnotherAccessMethodIsRefused() throws SQLException {
        changed(
                "CREATE ACCESS METHOD {0}_pile TYPE TABLE HANDLER heap_tableam_handler"
                        .replace("{0}", ground.database.name()),
                "DROP TABLE nopk",
                "CREATE TABLE nopk (a int, b text) USING {0}_pile".replace("{0}", ground.database.name()),
                "ALTER TABLE nopk OWNER TO " + ground.owner());
        assertThat(ground.plan())
                .contains("shop.yaml:14:46: public.nopk cannot be guarded: it has another access method than heap,"
                        + " whose rows are not counted");
    }

    @Test
    void aNewGuardSaysWhatHappensToDumps() throws SQLException {
        changed("DROP SCHEMA agentroles_guard CASCADE");
        assertThat(ground.plan()).contains("--exclude-schema=agentroles --exclude-schema=agentroles_guard");
        mended();
        assertThat(ground.plan()).doesNotContain("--exclude-schema");
    }

    @Test
    void aTableOfAnotherOwnerIsNamedWithTheStatementThatHelps() throws SQLException {
        var stranger = ground.database.role("stranger");
        changed(
                "CREATE ROLE " + stranger,
                "ALTER TABLE nopk OWNER TO " + stranger,
                "DROP TRIGGER agentroles_guard ON nopk");
        assertThat(ground.plan())
                .contains("! shop.yaml:14:46: " + ground.administrator.username()
                        + " may not guard public.nopk, owned by " + stranger
                        + ": only an owner enables a trigger ALWAYS")
                .contains("GRANT \"%s\" TO \"%s\"".formatted(stranger, ground.administrator.username()));
    }

    @Test
    void limitsChangeWithoutTouchingATable() throws SQLException, IOException {
        ground.profile(", rows: 5, rows_per_transaction: 50, whole_table: 3, rows_per_window: 100, window: 1h");
        assertThat(guardLines())
                .startsWith("~ limits of ")
                .contains("5 rows of a table in a statement, 50 in a")
                .hasLineCount(1);
        mended();
        try (var session = ground.database.connect(ground.agent());
                var statement = session.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE customers SET active = false WHERE id <= 5"))
                    .isEqualTo(5);
            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                    SQLException.class,
                                    () -> statement.executeUpdate("UPDATE customers SET active = false WHERE id <= 6"))
                            .getSQLState())
                    .isEqualTo("AR002");
        }
    }
}
