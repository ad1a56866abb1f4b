package dev.agentroles.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.engine.Server;
import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

@OnEachPostgreSql
final class LedgerTest {
    private static final Stamp STAMP =
            new Stamp("production", "shop", "42", "shop_db", Instant.parse("2026-01-02T03:04:05Z"), "1.0");

    private final PostgreSql postgreSql;

    @AutoClose
    private final Database database;

    private final Login administrator;
    private final Server session;
    private final Ledger ledger;

    LedgerTest(PostgreSql postgreSql) throws SQLException {
        this.postgreSql = postgreSql;
        this.database = postgreSql.createDatabase();
        this.administrator = database.administratorWithGrantOptions();
        this.session = connect();
        this.ledger = Ledger.on(session.connection(), "postgresql");
    }

    private Server connect() throws SQLException {
        return new PostgresEngine().connect(database.target(administrator));
    }

    @AfterEach
    void closeTheSession() throws SQLException {
        session.close();
    }

    @Test
    void aDatabaseWithoutALedgerHasNone() throws SQLException {
        assertThat(ledger.look()).isEqualTo(new LedgerState.Absent());
        assertThat(ledger.missingRight()).isEmpty();
    }

    @Test
    void aSchemaThatIsStillEmptyIsNoLedger() throws SQLException {
        database.execute("CREATE SCHEMA agentroles AUTHORIZATION " + administrator.username());

        assertThat(ledger.look()).isEqualTo(new LedgerState.Absent());
        ledger.migrate();
        assertThat(ledger.look().versionOrZero()).isEqualTo(Ledger.VERSION);
    }

    @Test
    void theVersionIsThatOfTheNewestMigration() throws SQLException {
        ledger.migrate();

        assertThat(database.query("SELECT max(version::int) FROM agentroles.schema_history"))
                .containsExactly(Integer.toString(Ledger.VERSION));
    }

    @Test
    void theSessionIsLeftAsItWas() throws SQLException {
        ledger.migrate();

        assertThat(session.connection().getAutoCommit()).isTrue();
        assertThat(session.connection().isClosed()).isFalse();
        assertThat(setting("search_path")).isEqualTo("pg_catalog");
        assertThat(database.query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                .containsExactly("0");
    }

    private String setting(String name) throws SQLException {
        try (var statement = session.connection().prepareStatement("SELECT current_setting(?)")) {
            statement.setString(1, name);
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    @Test
    void oneQuerySaysWhetherACurrentLedgerIsCurrent() throws SQLException {
        ledger.migrate();
        ledger.stamp(STAMP);
        int before = postgreSql.log().length();

        ledger.migrate();

        assertThat(postgreSql.log().substring(before).lines().filter(line -> line.contains("LOG:  execute")))
                .hasSize(1);
    }

    @Test
    void makingItPrintsNothing() throws SQLException {
        var heard = new ArrayList<String>();
        var ear = new Handler() {
            @Override
            public void publish(LogRecord record) {
                heard.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger.getLogger("").addHandler(ear);
        try {
            ledger.migrate();
        } finally {
            Logger.getLogger("").removeHandler(ear);
        }

        assertThat(heard).isEmpty();
    }

    @Test
    void aNewerLedgerIsRefused() throws SQLException {
        ledger.migrate();
        database.execute("UPDATE agentroles.schema_history SET version = '99' WHERE version = '1'");

        assertThatThrownBy(ledger::migrate)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exit()).isEqualTo(Exit.REFUSED))
                .hasMessage("the ledger of this database is version 99, and this agentroles knows version 2 and older;"
                        + " use the newer agentroles that upgraded it");
    }

    @Test
    void whoMayNotCreateTheSchemaIsToldTheStatementThatHelps() throws SQLException {
        var poor = database.login("poor", "CREATEROLE");
        try (var theirs = new PostgresEngine().connect(database.target(poor))) {
            assertThatThrownBy(
                            () -> Ledger.on(theirs.connection(), "postgresql").migrate())
                    .isInstanceOf(Failure.class)
                    .hasMessage("%s may not create schema agentroles in database %s; GRANT CREATE ON DATABASE %s TO %s;"
                            .formatted(poor.username(), database.name(), database.name(), poor.username()));
            assertThat(database.query("SELECT count(*) FROM pg_namespace WHERE nspname = 'agentroles'"))
                    .containsExactly("0");
        }
    }

    /// A role can be set for a login: the server still knows the session by the login.
    @Test
    void aRunOfOursIsNoOutsiderWhateverRoleItsLoginTakes() throws SQLException {
        var owner = database.login("tables_owner");
        database.execute(
                "GRANT %s TO %s".formatted(owner.username(), administrator.username()),
                "ALTER ROLE %s SET role = %s".formatted(administrator.username(), owner.username()));
        try (var one = database.connect(administrator);
                var other = database.connect(administrator)) {
            Ledger.on(one, "postgresql").claims().claimAgent("bot");

            assertThat(Ledger.on(other, "postgresql").claims().holder("bot"))
                    .get()
                    .satisfies(holder -> {
                        assertThat(holder.login()).isEqualTo(administrator.username());
                        assertThat(holder.outsider()).isFalse();
                    });
        }
    }

    /// Another session works meanwhile; whoever lost the claim could not note how the run ended.
    @Test
    void aChangeStaysClaimedForAsLongAsItMayTake() throws SQLException {
        try (var one = database.connect(administrator);
                var statement = one.createStatement()) {
            assertThat(Ledger.on(one, "postgresql").claims().claimChange(7, Duration.ofMinutes(30)))
                    .isTrue();

            try (var row = statement.executeQuery("SHOW idle_session_timeout")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("35min");
            }
        }
    }

    /// Also where we have the power of whoever made it: it is the maker who decides what runs when it is read.
    @Test
    void aLedgerThatSomebodyElseMadeIsNotTouched() throws SQLException {
        ledger.migrate();
        var other = database.login("other", "CREATEROLE");
        database.execute("GRANT %s TO %s".formatted(administrator.username(), other.username()));

        assertThatThrownBy(() -> new PostgresEngine().connect(database.target(other)))
                .isInstanceOfSatisfying(
                        Failure.class, refused -> assertThat(refused.exit()).isEqualTo(Exit.REFUSED))
                .hasMessageContaining("schema agentroles belongs to " + administrator.username())
                .hasMessageContaining("would run with " + other.username() + "'s rights");
    }

    @Test
    void aSchemaThatSomebodyElseFilledStopsTheMigrationAndStaysAsItIs() throws SQLException {
        database.execute(
                "CREATE SCHEMA agentroles AUTHORIZATION " + administrator.username(),
                "CREATE TABLE agentroles.lease (theirs int)");

        assertThatThrownBy(ledger::migrate)
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("the ledger could not be brought from version 0 to version 2: ")
                .hasMessageContaining("agentroles")
                .hasMessageEndingWith("; nothing was changed; mend the cause, and run the command again");
        assertThat(database.query("SELECT relname FROM pg_class WHERE relnamespace = 'agentroles'::regnamespace"))
                .containsExactly("lease");
    }

    /// The first error, not one that follows from it, and without trying again and again.
    @Test
    void whatTheServerRefusesIsToldAtOnceInItsOwnWords() throws SQLException {
        database.execute(
                """
                CREATE FUNCTION no_tables() RETURNS event_trigger LANGUAGE plpgsql
                AS $$ BEGIN RAISE 'tables are made on Mondays' USING ERRCODE = '42501'; END $$""",
                "CREATE EVENT TRIGGER no_tables ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION no_tables()");
        var before = System.nanoTime();

        assertThatThrownBy(ledger::migrate)
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("the ledger could not be brought from version 0 to version 2:"
                        + " ERROR: tables are made on Mondays")
                .hasMessageEndingWith(
                        "; nothing was changed; have a database administrator give this login that right, and run"
                                + " the command again");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
        assertThat(database.query("SELECT count(*) FROM pg_namespace WHERE nspname = 'agentroles'"))
                .containsExactly("0");
    }

    @Test
    void everyTableSaysWhatItIsForAndPublicMayDoNothing() throws SQLException {
        database.execute("ALTER DEFAULT PRIVILEGES FOR ROLE %s GRANT SELECT ON TABLES TO PUBLIC"
                .formatted(administrator.username()));

        ledger.migrate();

        assertThat(database.query("""
                SELECT relname FROM pg_class
                WHERE relnamespace = 'agentroles'::regnamespace AND relkind = 'r' AND relname <> 'schema_history'
                  AND obj_description(oid, 'pg_class') IS NULL""")).isEmpty();
        assertThat(database.query("""
                SELECT relname FROM pg_class, aclexplode(relacl) AS acl
                WHERE relnamespace = 'agentroles'::regnamespace AND acl.grantee = 0
                UNION ALL
                SELECT nspname FROM pg_namespace, aclexplode(nspacl) AS acl
                WHERE nspname = 'agentroles' AND acl.grantee = 0""")).isEmpty();
    }

    @Test
    void theFirstStampStays() throws SQLException {
        ledger.migrate();

        assertThat(ledger.stamp(STAMP)).isTrue();
        assertThat(ledger.stamp(new Stamp("staging", "shop", "43", "other", Instant.EPOCH, "1.0")))
                .isFalse();

        assertThat(ledger.look()).isInstanceOfSatisfying(LedgerState.Present.class, present -> {
            assertThat(present.stamp()).contains(STAMP);
            assertThat(present.freeze()).isEmpty();
        });
    }

    @Test
    void aFreezeIsSeenAtTheFirstLook() throws SQLException {
        ledger.migrate();
        database.execute("INSERT INTO agentroles.freeze (frozen_by, frozen_at, reason)"
                + " VALUES ('alice@laptop', '2026-03-04T05:06:07Z', 'odd queries')");

        assertThat(ledger.look())
                .isInstanceOfSatisfying(
                        LedgerState.Present.class,
                        present -> assertThat(present.freeze())
                                .contains(new StoppedBy(
                                        "alice@laptop", Instant.parse("2026-03-04T05:06:07Z"), "odd queries")));
    }

    @Test
    void theServersClockDecides() throws SQLException {
        ledger.migrate();
        InstantSource slow = () -> InstantSource.system().instant().minus(Duration.ofHours(5));

        var present = (LedgerState.Present) ledger.look();

        assertThat(Duration.between(
                                present.clock(slow).instant(),
                                InstantSource.system().instant())
                        .abs())
                .isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void theJournalIsWholeUntilSomebodyTouchesIt() throws SQLException {
        ledger.migrate();
        assertThat(ledger.journal().firstBreak()).isEmpty();
        for (int i = 0; i < 5; i++) {
            ledger.journal().append(entry("entry " + i));
        }
        assertThat(ledger.journal().firstBreak()).isEmpty();

        database.execute("UPDATE agentroles.journal SET detail = 'nothing happened' WHERE seq = 3");

        assertThat(ledger.journal().firstBreak()).contains(new Journal.Break(3, "entry 3 of the journal was edited"));
    }

    @Test
    void aRemovedEntryIsFoundInTheMiddleAndAtTheEnd() throws SQLException {
        ledger.migrate();
        for (int i = 0; i < 5; i++) {
            ledger.journal().append(entry("entry " + i));
        }

        database.execute("DELETE FROM agentroles.journal WHERE seq = 5");
        assertThat(ledger.journal().firstBreak())
                .contains(new Journal.Break(5, "the journal ends at entry 4, and 5 entries were written"));

        database.execute("DELETE FROM agentroles.journal WHERE seq = 2");
        assertThat(ledger.journal().firstBreak()).contains(new Journal.Break(2, "entry 2 of the journal was removed"));
    }

    @Test
    void writersOfTheJournalTakeTurns() throws Exception {
        ledger.migrate();
        Callable<Void> writer = () -> {
            try (var other = connect()) {
                var theirs = Ledger.on(other.connection(), "postgresql").journal();
                for (int i = 0; i < 25; i++) {
                    theirs.append(entry("entry " + i));
                }
            }
            return null;
        };
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var one : threads.invokeAll(
                    IntStream.range(0, 8).mapToObj(i -> writer).toList())) {
                one.get();
            }
        }

        assertThat(ledger.journal().firstBreak()).isEmpty();
        assertThat(database.query("SELECT count(*) FROM agentroles.journal")).containsExactly("200");
    }

    @Test
    void aLongJournalIsReadInPages() throws SQLException {
        ledger.migrate();
        for (int i = 0; i < 2_500; i++) {
            ledger.journal().append(entry("entry " + i));
        }

        assertThat(ledger.journal().firstBreak()).isEmpty();
    }

    @Test
    void definitionsAreAcceptedAsTheyAreNowAndNoOthers() throws SQLException {
        ledger.migrate();
        var definitions = ledger.definitions();
        definitions.accept(Map.of("view app.a", "a".repeat(64), "view app.b", "b".repeat(64)), LedgerTest::accepted);

        definitions.accept(
                Map.of("view app.b", "c".repeat(64), "view \"odd\n'name'\"", "d".repeat(64)), LedgerTest::accepted);

        assertThat(definitions.all())
                .isEqualTo(Map.of("view app.b", "c".repeat(64), "view \"odd\n'name'\"", "d".repeat(64)));
        assertThat(database.query("SELECT detail FROM agentroles.journal ORDER BY seq"))
                .containsExactly("view app.a, view app.b", "view \"odd\n'name'\", view app.a, view app.b");
    }

    private static JournalEntry accepted(SequencedSet<String> objects) {
        return new JournalEntry(
                Instant.EPOCH,
                new Actor("admin", "ann@host"),
                "accept definitions",
                Optional.empty(),
                Optional.empty(),
                "done",
                String.join(", ", objects));
    }

    @Test
    void rememberingAddsWhatIsNewAndLeavesTheRestAsItWasAccepted() throws SQLException {
        ledger.migrate();
        var definitions = ledger.definitions();
        definitions.remember(Map.of("view app.a", "a".repeat(64), "view app.b", "b".repeat(64)));

        definitions.remember(Map.of("view app.b", "c".repeat(64), "view app.c", "d".repeat(64)));

        assertThat(definitions.all())
                .isEqualTo(Map.of(
                        "view app.a", "a".repeat(64), "view app.b", "b".repeat(64), "view app.c", "d".repeat(64)));
    }

    @Test
    void rememberingTheSameAgainWritesNothing() throws SQLException {
        ledger.migrate();
        var definitions = IntStream.range(0, 10)
                .boxed()
                .collect(Collectors.toMap(
                        i -> "view app.v" + i, i -> Integer.toString(i).repeat(64)));
        ledger.definitions().remember(definitions);
        var before = database.query("SELECT xmin::text FROM agentroles.definition_hash ORDER BY object");

        ledger.definitions().remember(definitions);
        ledger.definitions().accept(definitions, LedgerTest::accepted);

        assertThat(database.query("SELECT xmin::text FROM agentroles.definition_hash ORDER BY object"))
                .isEqualTo(before);
    }

    private static JournalEntry entry(String detail) {
        return new JournalEntry(
                Instant.parse("2026-05-06T07:08:09.123456789Z"),
                new Actor("provisioner", "alice@laptop"),
                "issue",
                Optional.of("support-bot"),
                Optional.empty(),
                "done",
                detail);
    }
}
