package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentroles.cli.Operator;
import dev.agentroles.harness.OnOldestAndNewestPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The guard is put on, replaced and taken off while others work, and no writer is ever without it.
@OnOldestAndNewestPostgreSql
final class GuardRolloutTest {
    @AutoClose
    private final Ground ground;

    GuardRolloutTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(server, directory);
    }

    private String asSuperuser(String query) throws SQLException {
        return ground.database.query(query).getFirst();
    }

    @Test
    void aBusyTableIsNotGrantedBeforeItIsGuarded() throws SQLException, IOException {
        ground.widen("public.secrets");
        try (var application = ground.database.connect(ground.application);
                var statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("UPDATE secrets SET s = 'x'");
            var said = ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");
            assertThat(said.code()).as(said.err()).isEqualTo(4);
            assertThat(said.out())
                    .contains("public.secrets stays as it was, closed to new writers: its guard could not be put on")
                    .containsPattern("held by session \\d+ of " + ground.application.username());
            assertThat(asSuperuser(writable("secrets"))).isEqualTo("f");
            application.rollback();
        }
        ground.apply();
        assertThat(asSuperuser(writable("secrets"))).isEqualTo("t");
        assertThat(guarded("secrets")).isTrue();
    }

    @Test
    void aPreparedTransactionThatHoldsATableIsNamed() throws SQLException {
        ground.database.execute("DROP TRIGGER agentroles_guard ON settings");
        var name = "'" + ground.database.name() + "'";
        try (var agent = ground.database.connect(ground.agent());
                var statement = agent.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("UPDATE settings SET value = 'x' WHERE key = 'k1'");
            statement.execute("PREPARE TRANSACTION " + name);
            var said = ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");
            assertThat(said.code()).as(said.err()).isEqualTo(4);
            assertThat(said.out())
                    .contains("held by prepared transaction " + name + " of "
                            + ground.agent().username());
            statement.execute("ROLLBACK PREPARED " + name);
        }
        ground.apply();
        assertThat(guarded("settings")).isTrue();
    }

    /// The store fails when something has been left out already.
    @Test
    void whatWasLeftOutIsToldWhenTheRestFails() throws Exception {
        ground.widen("public.secrets");
        try (var application = ground.database.connect(ground.application);
                var statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("UPDATE secrets SET s = 'x'");
            var run = waitingApply(3);
            ground.operator.write("leases.age", "nonsense");

            var said = run.get();

            assertThat(said.code()).as(said.out() + said.err()).isEqualTo(4);
            assertThat(said.out())
                    .contains("public.secrets stays as it was, closed to new writers: its guard could not be put on")
                    .contains("leases.age");
        }
    }

    /// A run that waits for a lock by now.
    private CompletableFuture<Operator.Said> waitingApply(int lockTimeout) throws SQLException {
        var run = CompletableFuture.supplyAsync(() -> ground.operator.run(
                "apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", String.valueOf(lockTimeout)));
        ground.database.execute("""
                DO $$ BEGIN
                  WHILE NOT EXISTS (SELECT FROM pg_locks WHERE NOT granted) LOOP PERFORM pg_sleep(0.05); END LOOP;
                END $$""");
        return run;
    }

    private String writable(String table) {
        return "SELECT has_table_privilege('%s', '%s', 'UPDATE')".formatted(ground.writer(), table);
    }

    private boolean guarded(String table) throws SQLException {
        return ground.database
                .query("SELECT tgenabled FROM pg_trigger WHERE tgrelid = '%s'::regclass AND tgname = 'agentroles_guard'"
                        .formatted(table))
                .equals(List.of("A"));
    }

    @Test
    void aBusyTableDoesNotHoldUpTheOthers() throws SQLException, IOException {
        ground.database.execute("DROP TRIGGER agentroles_guard ON acct", "DROP TRIGGER agentroles_guard ON settings");
        ground.widen("public.secrets, public.acct_log");
        try (var application = ground.database.connect(ground.application);
                var statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("DELETE FROM acct WHERE id = -1");
            statement.execute("DELETE FROM acct_log WHERE id = -1");
            var said = ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");
            assertThat(said.code()).as(said.err()).isEqualTo(4);
            assertThat(said.out())
                    .contains(
                            "shop.yaml:13:78: public.acct is closed to writers from now on: its guard could not be put on")
                    .doesNotContain("settings", "secrets");
            application.rollback();
        }
        assertThat(guarded("settings")).isTrue();
        assertThat(guarded("secrets")).isTrue();
        assertThat(guarded("acct")).isFalse();
        assertThat(asSuperuser(writable("acct"))).isEqualTo("f");
        assertThat(asSuperuser(writable("settings"))).isEqualTo("t");
        assertThat(asSuperuser(writable("secrets"))).isEqualTo("t");
        ground.apply();
        assertThat(asSuperuser(writable("acct"))).isEqualTo("t");
        assertThat(guarded("acct")).isTrue();
        assertThat(ground.operator.run("plan", "shop.yaml").code()).isZero();
    }

    @Test
    void aGuardThatCannotBeReplacedDoesNotHoldUpTheRest() throws SQLException, IOException {
        ground.database.execute("ALTER TABLE agentroles_guard.mark ADD COLUMN older int");
        ground.widen("public.secrets");
        try (var agent = ground.database.connect(ground.agent());
                var statement = agent.createStatement()) {
            agent.setAutoCommit(false);
            statement.executeUpdate("UPDATE orders SET note = 'w' WHERE id = 1");
            var said = ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");
            assertThat(said.code()).as(said.err()).isEqualTo(4);
            assertThat(said.out())
                    .contains("the guard is not yet as this agentroles has it, and nothing is given that needs it")
                    .containsPattern("held by session \\d+ of " + ground.agent().username());
            agent.rollback();
        }
        assertThat(guarded("orders")).isTrue();
        assertThat(asSuperuser(writable("secrets").replace("UPDATE", "SELECT"))).isEqualTo("t");
        assertThat(asSuperuser(writable("secrets"))).isEqualTo("f");
        ground.apply();
        assertThat(asSuperuser(writable("secrets"))).isEqualTo("t");
        assertThat(ground.operator.run("plan", "shop.yaml").code()).isZero();
    }

    /// What changes with a table by a foreign key is held by that table's guard, too.
    @Test
    void aTableIsNotGrantedBeforeWhatChangesWithItIsGuarded() throws SQLException, IOException {
        ground.database.execute(
                "CREATE TABLE addresses (id int, secret int)",
                "ALTER TABLE addresses OWNER TO " + ground.owner(),
                "ALTER TABLE secrets ADD COLUMN key int UNIQUE",
                "ALTER TABLE addresses ADD FOREIGN KEY (secret) REFERENCES secrets (key) ON DELETE CASCADE");
        ground.widen("public.secrets");
        try (var owner = ground.database.superuser();
                var statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            statement.execute("DELETE FROM addresses");
            var said = ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");
            assertThat(said.code()).as(said.err()).isEqualTo(4);
            assertThat(said.out()).contains("public.addresses stays as it was");
            owner.rollback();
        }
        assertThat(guarded("secrets")).isTrue();
        assertThat(asSuperuser(writable("secrets"))).isEqualTo("f");
        assertThat(asSuperuser(writable("secrets").replace("UPDATE", "SELECT"))).isEqualTo("t");
        ground.apply();
        assertThat(asSuperuser(writable("secrets"))).isEqualTo("t");
    }

    @Test
    void aTableThatIsBusyForAMomentIsTriedAgain()
            throws SQLException, IOException, ExecutionException, InterruptedException {
        ground.widen("public.secrets");
        try (var application = ground.database.connect(ground.application);
                var statement = application.createStatement();
                var later = Executors.newSingleThreadScheduledExecutor()) {
            application.setAutoCommit(false);
            statement.execute("UPDATE secrets SET s = 'x'");
            var first = asSuperuser("SELECT count(*) FROM pg_locks WHERE NOT granted");
            assertThat(first).isEqualTo("0");
            var end = later.schedule(
                    () -> {
                        application.rollback();
                        return true;
                    },
                    2500,
                    TimeUnit.MILLISECONDS);
            var said = ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "10");
            assertThat(end.get()).isTrue();
            assertThat(said.code()).as(said.err()).isZero();
        }
        assertThat(guarded("secrets")).isTrue();
        assertThat(asSuperuser(writable("secrets"))).isEqualTo("t");
    }

    /// As a dump does: each table would be waited for by itself.
    @Test
    void whoHoldsAllTablesIsWaitedForOnce() throws SQLException {
        var tables =
                ground.database.query("SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'agentroles_guard'");
        for (var table : tables) {
            ground.database.execute("DROP TRIGGER agentroles_guard ON " + table);
        }
        assertThat(tables).hasSizeGreaterThan(5);
        try (var holder = ground.database.superuser();
                var statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE " + String.join(", ", tables) + " IN ROW EXCLUSIVE MODE");
            long before = System.nanoTime();
            var said = ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "8");
            var took = Duration.ofNanos(System.nanoTime() - before);

            assertThat(said.code()).as(said.err()).isEqualTo(4);
            assertThat(took)
                    .isLessThan(
                            Duration.ofSeconds(8).multipliedBy(tables.size()).dividedBy(2));
        }
        assertThat(tables).noneMatch(this::isGuarded);
        ground.apply();
        assertThat(tables).allMatch(this::isGuarded);
    }

    private boolean isGuarded(String table) {
        try {
            return guarded(table);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    /// Whoever comes later waits behind the lock that is waited for.
    @Test
    void nobodyWaitsForLongBehindAGuardThatWaits() throws Exception {
        ground.widen("public.secrets");
        try (var holder = ground.database.connect(ground.application);
                var held = holder.createStatement();
                var application = ground.database.connect(ground.application);
                var statement = application.createStatement()) {
            holder.setAutoCommit(false);
            held.execute("UPDATE secrets SET s = 'x'");
            statement.execute("SET statement_timeout = '8s'");
            var run = waitingApply(30);

            assertThat(statement.executeUpdate("DELETE FROM secrets WHERE false"))
                    .isZero();
            assertThat(run).isNotDone();
            holder.rollback();

            var said = run.get();
            assertThat(said.code()).as(said.err()).isZero();
        }
        assertThat(guarded("secrets")).isTrue();
    }

    @Test
    void theWriteGoesBeforeTheGuardAndABusyTableKeepsIt() throws SQLException, IOException {
        ground.nobodyWrites();
        try (var application = ground.database.connect(ground.application);
                var statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.executeQuery("SELECT * FROM settings").close();
            var said = ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");
            assertThat(said.code()).as(said.err()).isEqualTo(4);
            assertThat(said.out())
                    .contains("the guard of public.settings, which nobody needs any more, could not be taken off")
                    .containsPattern("held by session \\d+ of " + ground.application.username());
            assertThat(ground.database.query(
                            "SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'agentroles_guard'"))
                    .containsExactly("settings");
            assertThat(ground.database.query(
                            "SELECT rolname FROM pg_roles WHERE rolname = '%s'".formatted(ground.writer())))
                    .isEmpty();
            application.rollback();
        }
        ground.apply();
        assertThat(ground.database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'agentroles_guard'"))
                .isEmpty();
    }

    @Test
    void limitsAreLoweredWhileAnAgentIsInATransaction() throws SQLException, IOException {
        try (var agent = ground.database.connect(ground.agent());
                var statement = agent.createStatement()) {
            agent.setAutoCommit(false);
            statement.executeUpdate("UPDATE customers SET active = false WHERE id <= 50");
            ground.profile(", rows: 10");
            var said = ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");
            assertThat(said.code()).as(said.err()).isZero();
            var refused = catchThrowableOfType(SQLException.class, () -> {
                statement.executeUpdate("UPDATE orders SET note = 'w' WHERE id <= 50");
                agent.commit();
            });
            assertThat(refused.getSQLState()).isEqualTo("AR002");
        }
    }

    @Test
    void aGuardOfAnotherFormIsReplacedWhileAgentsAndTheApplicationWork()
            throws SQLException, ExecutionException, InterruptedException {
        older();
        assertThat(ground.plan()).contains("becomes").doesNotContain("nothing guards it now");
        var stop = new AtomicBoolean();
        try (var workers = Executors.newFixedThreadPool(3)) {
            var agent = workers.submit(() -> work(true, stop));
            var bold = workers.submit(() -> attack(stop));
            var application = workers.submit(() -> work(false, stop));
            ground.apply();
            stop.set(true);
            assertThat(agent.get()).isPositive();
            assertThat(bold.get()).isPositive();
            assertThat(application.get()).isPositive();
        }
        ground.hasNothingToDo();
        assertThat(ground.findings()).noneMatch(line -> line.contains("GUARD-"));
    }

    /// Whatever the guard's role was, a database administrator keeps schemas from being made meanwhile.
    private void noSchemaIsMade(boolean forbidden) throws SQLException {
        if (forbidden) {
            ground.database.execute(
                    """
                    CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
                      RAISE 'no schemas today';
                    END $$""",
                    "CREATE EVENT TRIGGER no_schemas ON ddl_command_start WHEN TAG IN ('CREATE SCHEMA') EXECUTE FUNCTION refuse()");
        } else {
            ground.database.execute("DROP EVENT TRIGGER no_schemas");
        }
    }

    @Test
    void aWriterWhoseGuardIsGoneIsClosedUntilItIsBackAlsoIfThatFails() throws SQLException {
        ground.database.execute("DROP SCHEMA agentroles_guard CASCADE");
        assertThat(ground.plan())
                .contains("~ UPDATE, DELETE on public.acct to " + ground.writer()
                        + "  # nothing guards it now: taken away until something does")
                .doesNotContain("Gives agents more");
        noSchemaIsMade(true);

        var said = ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify");

        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(4);
        assertThat(said.out()).contains("no agent gets UPDATE or DELETE: the guard could not be made");
        for (var table : List.of("acct", "settings", "orders")) {
            assertThat(asSuperuser(writable(table))).as(table).isEqualTo("f");
            assertThat(asSuperuser(writable(table).replace("UPDATE", "INSERT")))
                    .as(table)
                    .isEqualTo("t");
        }
        noSchemaIsMade(false);
        ground.apply();
        assertThat(asSuperuser(writable("acct"))).isEqualTo("t");
        assertThat(guarded("acct")).isTrue();
        assertThat(ground.operator.run("plan", "shop.yaml").code()).isZero();
    }

    /// In each of these the agent changes all rows if it likes, as is tried.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TRIGGER agentroles_guard ON nopk",
                "ALTER TABLE nopk DISABLE TRIGGER agentroles_guard",
                "ALTER TABLE nopk ENABLE REPLICA TRIGGER agentroles_guard",
                "REVOKE SELECT ON agentroles_guard.marker FROM {writer}",
                "ALTER TABLE agentroles_guard.mark DISABLE TRIGGER settle"
            })
    void whateverSwitchesTheGuardOffIsSeenBeforeItIsMended(String change) throws SQLException {
        ground.database.execute(change.replace("{writer}", ground.writer()));
        try (var agent = ground.database.connect(ground.agent());
                var statement = agent.createStatement()) {
            assertThat(statement.executeUpdate("DELETE FROM nopk WHERE a > 0")).isEqualTo(2000);
        }
        assertThat(ground.plan()).contains("on public.nopk to " + ground.writer() + "  # nothing guards it now");

        ground.apply();

        assertThat(asSuperuser(writable("nopk"))).isEqualTo("t");
        assertThat(ground.operator.run("plan", "shop.yaml").code()).isZero();
    }

    /// It may be older, or hold no less: agents go on working.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE nopk ENABLE TRIGGER agentroles_guard",
                "COMMENT ON FUNCTION agentroles_guard.admit() IS 'older';"
                        + " ALTER FUNCTION agentroles_guard.admit() SET search_path TO pg_catalog",
                "ALTER ROLE {role} INHERIT"
            })
    void aGuardThatIsOnlyAnotherIsMendedWhileAgentsWrite(String change) throws SQLException {
        ground.database.execute(change.replace("{role}", role()));

        assertThat(ground.plan()).doesNotContain("nothing guards it now").doesNotContain("nothing to do");
        ground.apply();
        assertThat(ground.operator.run("plan", "shop.yaml").code()).isZero();
    }

    /// The guard that an agentroles of long ago made, in the place of ours.
    private void older() throws SQLException {
        var tables = ground.database.query(
                "SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'agentroles_guard' ORDER BY 1");
        try (var administrator = ground.database.connect(ground.administrator);
                var statement = administrator.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("DROP SCHEMA agentroles_guard CASCADE");
            ground.database.execute("DROP OWNED BY %s; DROP ROLE %s".formatted(role(), role()));
            statement.execute(Ground.resource("older-guard.sql"));
            statement.execute("""
                    CREATE OR REPLACE VIEW agentroles_guard.limits
                      (agent, tier, rows, rows_per_transaction, whole_table, rows_per_window, window_seconds, functions) AS
                    VALUES ('ar_%s_janitor'::name, '%s'::name, 1000::bigint, 10000::bigint, 20::bigint, NULL::bigint, NULL::bigint, false);
                    GRANT SELECT ON agentroles_guard.marker TO "%s"
                    """.formatted(ground.database.name(), ground.writer(), ground.writer()));
            for (var table : tables) {
                statement.execute("""
                        CREATE TRIGGER agentroles_guard BEFORE UPDATE OR DELETE ON %1$s FOR EACH STATEMENT
                          WHEN (has_table_privilege(session_user, 'agentroles_guard.marker'::regclass, 'SELECT')) EXECUTE FUNCTION agentroles_guard.admit();
                        ALTER TABLE ONLY %1$s ENABLE ALWAYS TRIGGER agentroles_guard""".formatted(table));
            }
        }
    }

    private String role() {
        return "ar_" + ground.database.name() + "__guard";
    }

    /// Deletes without WHERE, again and again.
    ///
    /// @return how often that was refused, which is always
    private int attack(AtomicBoolean stop) throws SQLException {
        int refused = 0;
        try (var connection = ground.database.connect(ground.agent());
                var statement = connection.createStatement()) {
            while (!stop.get() || refused == 0) {
                assertThatThrownBy(() -> statement.executeUpdate("DELETE FROM order_items"))
                        .isInstanceOf(SQLException.class);
                refused++;
            }
        }
        return refused;
    }

    /// Until then the administrator was what its functions ran as.
    @Test
    void anOlderGuardIsReplacedWhileAgentsAndTheApplicationWork()
            throws SQLException, ExecutionException, InterruptedException {
        ground.database.execute(
                "REASSIGN OWNED BY %s TO %s".formatted(role(), ground.administrator.username()),
                "DROP OWNED BY %s CASCADE".formatted(role()),
                "DROP ROLE " + role());
        ground.database.execute("COMMENT ON FUNCTION agentroles_guard.admit() IS 'older'", """
                DO $$ BEGIN
                  EXECUTE replace(pg_get_functiondef('agentroles_guard.admit()'::regprocedure),
                                  $q$has_schema_privilege('agentroles_guard', 'CREATE')$q$, 'false');
                END $$""", """
                CREATE OR REPLACE FUNCTION agentroles_guard.fewer(most bigint) RETURNS text LANGUAGE plpgsql
                AS $$ BEGIN RETURN 'older'; END $$""");
        var stop = new AtomicBoolean();
        try (var workers = Executors.newFixedThreadPool(2)) {
            var agent = workers.submit(() -> work(true, stop));
            var application = workers.submit(() -> work(false, stop));
            ground.apply();
            stop.set(true);
            assertThat(agent.get()).isPositive();
            assertThat(application.get()).isPositive();
        }
        assertThat(ground.operator.run("plan", "shop.yaml").code()).isZero();
    }

    /// The statement of an agent that is being judged while the guard changes may fail, once. It changes so
    /// many rows that the guard looks at the table.
    private int work(boolean agent, AtomicBoolean stop) throws SQLException {
        int done = 0;
        var failed = new ArrayList<SQLException>();
        try (var connection = ground.database.connect(agent ? ground.agent() : ground.application);
                var update = connection.prepareStatement(
                        "UPDATE orders SET note = 'w' WHERE id %s = ?".formatted(agent ? "/ 30" : ""))) {
            while (!stop.get() || done == 0) {
                update.setInt(1, agent ? 1 + done % 30 : 1000 + done % 100);
                try {
                    done += update.executeUpdate();
                } catch (SQLException met) {
                    failed.add(met);
                }
            }
        }
        assertThat(failed).hasSizeLessThanOrEqualTo(agent ? 1 : 0);
        return done;
    }
}
