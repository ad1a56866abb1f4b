package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import dev.agentroles.access.Sha256;
import dev.agentroles.credential.FaultPoints;
import dev.agentroles.harness.Await;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.SshKeys;
import dev.agentroles.harness.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nothing an agent asks for is run before a person approved exactly that, and what was approved is run once.
final class ChangeTest {
    private static final String COLUMN = "ALTER TABLE app.orders ADD COLUMN note text";

    private static final String AGENT = "desk";

    @AutoClose
    private final Database database;

    private final Path directory;
    private final Operator operator;
    private final Login owner;

    ChangeTest(@TempDir Path directory) throws SQLException, IOException {
        this.directory = directory;
        database = PostgreSql.newest().createDatabase();
        owner = database.login("owner");
        database.execute(
                "CREATE SCHEMA app AUTHORIZATION " + owner.username(),
                "CREATE TABLE app.orders (id int PRIMARY KEY, total int)",
                "ALTER TABLE app.orders OWNER TO " + owner.username(),
                "INSERT INTO app.orders VALUES (1, 10), (2, 20)");
        database.execute("ALTER DATABASE %s OWNER TO %s".formatted(database.name(), owner.username()));
        var administrator = database.administratorInheritingFrom(owner.username());
        operator = new Operator(directory, database, administrator);
        operator.set("OWNER", owner.username());
        operator.set("OWNER_PASSWORD", owner.clear());
        profile("shop.yaml", "production", "");
    }

    /// @param more keys of `changes`
    private void profile(String file, String environment, String more) throws IOException {
        operator.write(file, operator.head(environment) + """
                    changes: {username: {env: OWNER}, password: {env: OWNER_PASSWORD}%2$s}
                scopes:
                  orders: {database: %1$s, include: [app.orders]}
                agents:
                  desk:
                    access: [{scope: orders, tier: explore}]
                    request_changes: true
                  other:
                    access: [{scope: orders, tier: explore}]
                """.formatted(database.name(), more));
    }

    @BeforeEach
    void applied() {
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
    }

    private Operator.Said ends(int code, String... arguments) {
        var said = operator.run(arguments);
        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(code);
        return said;
    }

    private Operator.Said change(int code, String command, String... more) {
        var arguments = new ArrayList<>(List.of("change", command, "shop.yaml"));
        arguments.addAll(List.of(more));
        return ends(code, arguments.toArray(String[]::new));
    }

    /// @return the request's name
    private String asked(String statement) throws IOException {
        operator.write("change.sql", statement);
        var said = change(
                0,
                "request",
                "--agent",
                AGENT,
                "--sql",
                "change.sql",
                "--reason",
                "people ask for it",
                "--format",
                "json");
        return one(said).getString("request");
    }

    private static JsonObject one(Operator.Said said) {
        return document(said).getArray("requests").getObject(0);
    }

    private static JsonObject document(Operator.Said said) {
        try {
            return JsonParser.object().from(said.out());
        } catch (Exception e) {
            throw new AssertionError(said.out(), e);
        }
    }

    private String standing(String name) {
        return one(change(0, "show", name, "--format", "json")).getString("standing");
    }

    private void approved(String name) {
        var fingerprint = one(change(0, "show", name, "--format", "json")).getString("fingerprint");
        change(0, "approve", name, "--yes", "--expect", fingerprint);
    }

    private List<String> columns() throws SQLException {
        return database.query("""
                SELECT attname FROM pg_attribute
                 WHERE attrelid = 'app.orders'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum""");
    }

    @Test
    void fromTheWishToTheColumn() throws Exception {
        var name = asked(COLUMN);

        assertThat(ends(0, "status", "shop.yaml").out()).contains("1 change request on");
        assertThat(change(2, "list").out()).contains(name, AGENT, "ALTER TABLE", "waits for a decision");
        var rehearsal = document(change(0, "rehearse", name, "--format", "json"));
        assertThat(rehearsal.getBoolean("works")).isTrue();
        assertThat(rehearsal.getArray("effects")).containsExactly("+ column app.orders.note text");
        assertThat(columns()).containsExactly("id", "total");
        change(3, "run", name);

        var shown = change(0, "show", name).out();
        assertThat(shown).contains(COLUMN, "people ask for it", "+ column app.orders.note text");
        operator.answer(name);
        assertThat(change(0, "approve", name).err()).contains(COLUMN);
        change(0, "list");
        assertThat(change(0, "run", name).out()).contains("done");
        assertThat(columns()).containsExactly("id", "total", "note");
        assertThat(change(0, "run", name).out()).contains("was done already");
        assertThat(change(0, "list").out()).isEqualTo("No agent asks for a change.\n");
        assertThat(change(0, "list", "--all").out()).contains("done");
        assertThat(ends(0, "log", "shop.yaml").out())
                .contains("request change", "rehearse change", "approve change", "run change")
                .doesNotContain("ADD COLUMN");
        assertThat(database.query("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'app.orders'::regclass"))
                .containsExactly(owner.username());
        ends(0, "verify", "shop.yaml", "--no-probes", "--fail-on", "high");
    }

    @Test
    void onlyAPersonWhoHasReadItApproves() throws IOException {
        var name = asked(COLUMN);
        var fingerprint = one(change(0, "show", name, "--format", "json")).getString("fingerprint");

        assertThat(change(3, "approve", name).err()).contains("no terminal", fingerprint.substring(0, 16));
        assertThat(change(3, "approve", name, "--yes").err()).contains("does not say what was read");
        assertThat(change(3, "approve", name, "--yes", "--expect", "0123456789abcdef")
                        .err())
                .contains("not the request that was read");
        assertThat(change(3, "approve", name, "--yes", "--expect", fingerprint.substring(0, 15))
                        .err())
                .contains("not the request that was read");
        operator.answer("yes");
        assertThat(change(3, "approve", name).err()).contains("the answer was not " + name);
        assertThat(standing(name)).isEqualTo("requested");
        change(0, "approve", name, "--yes", "--expect", fingerprint.substring(0, 16));
        assertThat(standing(name)).isEqualTo("approved");
    }

    /// Who can write to the ledger cannot slip another statement under an approval.
    @Test
    void whatWasApprovedIsWhatRuns() throws Exception {
        var name = asked(COLUMN);
        approved(name);
        database.execute("UPDATE agentroles.change_request SET statement = 'DROP TABLE app.orders'");

        assertThat(standing(name)).isEqualTo("altered");
        assertThat(change(3, "run", name).err()).contains("is not what was approved");
        assertThat(columns()).containsExactly("id", "total");
    }

    @Test
    void anApprovalEnds() throws Exception {
        profile("shop.yaml", "production", ", approval: 1h");
        var name = asked(COLUMN);
        approved(name);
        database.execute("UPDATE agentroles.change_request SET valid_until = now() - interval '1 second'");

        assertThat(standing(name)).isEqualTo("expired");
        assertThat(change(3, "run", name).err()).contains("the approval of", "ended at");
        approved(name);
        change(0, "run", name);
        assertThat(columns()).contains("note");
    }

    @Test
    void whatWasRejectedStaysSo() throws Exception {
        var name = asked(COLUMN);
        approved(name);
        change(0, "reject", name, "--reason", "not before the holidays");

        assertThat(change(3, "run", name).err()).contains("rejected it", "not before the holidays");
        assertThat(change(3, "reject", name, "--reason", "again").err()).contains("rejected it");
        var fingerprint = one(change(0, "show", name, "--format", "json")).getString("fingerprint");
        assertThat(change(3, "approve", name, "--yes", "--expect", fingerprint).err())
                .contains("cannot be approved", "asks again");
        assertThat(columns()).containsExactly("id", "total");
    }

    @Test
    void whoIsStoppedChangesNothing() throws Exception {
        var name = asked(COLUMN);
        approved(name);
        ends(0, "revoke", "shop.yaml", "--agent", AGENT, "--reason", "it went mad");
        assertThat(change(3, "run", name).err()).contains("was revoked by", "it went mad");
        ends(0, "thaw", "shop.yaml", "--agent", AGENT, "--yes", "--environment", "production");
        ends(0, "freeze", "shop.yaml", "--reason", "an incident");
        assertThat(change(3, "run", name).err()).contains("is frozen");
        assertThat(columns()).containsExactly("id", "total");
        change(0, "reject", name, "--reason", "an incident");
    }

    @Test
    void whoMayNotAskIsRefused() throws IOException {
        operator.write("change.sql", COLUMN);
        assertThat(change(3, "request", "--agent", "other", "--sql", "change.sql", "--reason", "because")
                        .err())
                .contains("does not let agent other ask for changes");
        assertThat(change(64, "request", "--agent", "dsek", "--sql", "change.sql", "--reason", "because")
                        .err())
                .contains("has no agent \"dsek\"", "desk");
        var name = asked(COLUMN);
        approved(name);
        operator.edit("shop.yaml", text -> text.replace("    request_changes: true\n", ""));
        assertThat(change(3, "run", name).err()).contains("does not let agent desk ask");
    }

    @Test
    void whatIsNoSchemaChangeIsRefused() throws IOException {
        for (var statement : List.of(
                "GRANT ALL ON app.orders TO public",
                "ALTER TABLE app.orders ADD a int; DROP TABLE app.orders",
                "DELETE FROM app.orders",
                "COPY app.orders TO PROGRAM 'sh'",
                "ALTER ROLE ar_x SUPERUSER",
                "")) {
            operator.write("change.sql", statement);
            assertThat(change(64, "request", "--agent", AGENT, "--sql", "change.sql", "--reason", "because")
                            .err())
                    .as(statement)
                    .contains("this is no schema change");
        }
        operator.pipe("ALTER TABLE app.orders ADD COLUMN piped int\n".getBytes(StandardCharsets.UTF_8));
        change(0, "request", "--agent", AGENT, "--sql", "-", "--reason", "because");
        assertThat(change(1, "request", "--agent", AGENT, "--sql", "nothing.sql", "--reason", "because")
                        .err())
                .contains("nothing.sql cannot be read");
        assertThat(change(64, "show", "12/x").err()).contains("is no change request");
        assertThat(change(64, "show", "99").err()).contains("there is no change request", "change list");
        assertThat(change(64, "show", "shpo/1").err()).contains("has no database \"shpo\"");
    }

    @Test
    void whatTheServerRefusesIsOver() throws Exception {
        var name = asked("ALTER TABLE app.orders ADD COLUMN total int");

        assertThat(change(2, "rehearse", name).out()).contains("fails", "already exists", "nothing of it is left");
        approved(name);
        assertThat(change(1, "run", name).out()).contains("failed", "already exists");
        assertThat(standing(name)).isEqualTo("failed");
        assertThat(change(3, "run", name).err()).contains("cannot be run: it failed");
    }

    @Test
    void whoHoldsTheTableHoldsItUpAndNoLonger() throws Exception {
        profile("shop.yaml", "production", ", lock_timeout: 1s");
        var name = asked(COLUMN);
        approved(name);
        try (var session = database.connect(owner);
                var statement = session.createStatement()) {
            session.setAutoCommit(false);
            statement.execute("LOCK TABLE app.orders IN ACCESS SHARE MODE");

            assertThat(change(4, "run", name).out()).contains("not done", "stays approved");
            assertThat(standing(name)).isEqualTo("approved");
        }
        change(0, "run", name);
        assertThat(columns()).contains("note");
    }

    @Test
    void manyRunsAtOnceRunItOnce() throws Exception {
        var name = asked("CREATE TABLE app.notes (id int)");
        approved(name);
        var runs = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 6; i++) {
            runs.add(() -> operator.run("change", "run", "shop.yaml", name).code());
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var ended : threads.invokeAll(runs)) {
                assertThat(ended.get()).isIn(0, 3);
            }
        }
        change(0, "run", name);
        assertThat(standing(name)).isEqualTo("done");
        assertThat(database.query(
                        "SELECT count(*) FROM agentroles.journal WHERE action = 'run change' AND outcome = 'begun'"))
                .containsExactly("1");
    }

    /// The statement is done, and whoever ran it died before they could say so.
    @Test
    void whatWasDoneIsFoundDone() throws Exception {
        var name = asked(COLUMN);
        approved(name);
        dies(FaultPoints.Point.CHANGE_MADE, name);
        assertThat(standing(name)).isEqualTo("running");
        assertThat(columns()).contains("note");

        assertThat(change(3, "settle", name, "--as", "undone").err()).contains("the server says", "was done");
        assertThat(change(0, "run", name).out()).contains("was done already");
        assertThat(standing(name)).isEqualTo("done");
        assertThat(columns()).containsExactly("id", "total", "note");
    }

    @Test
    void whatWasNotDoneIsDone() throws Exception {
        var name = asked(COLUMN);
        approved(name);
        dies(FaultPoints.Point.CHANGE_STARTED, name);
        assertThat(standing(name)).isEqualTo("running");
        assertThat(columns()).containsExactly("id", "total");

        assertThat(change(0, "run", name).out()).contains("done").doesNotContain("already");
        assertThat(columns()).contains("note");
    }

    /// Outside a transaction the server cannot tell afterwards.
    @Test
    void whereNobodyKnowsAPersonSays() throws Exception {
        var name = asked("CREATE INDEX CONCURRENTLY orders_by_total ON app.orders (total)");
        approved(name);
        dies(FaultPoints.Point.CHANGE_MADE, name);

        change(2, "list");
        assertThat(change(3, "run", name).err()).contains("nobody saw the end", "change settle", "--as done");
        change(0, "settle", name, "--as", "undone", "--reason", "I looked at the wrong table");
        assertThat(standing(name)).isEqualTo("approved");
        assertThat(change(1, "run", name).out()).contains("already exists");

        assertThat(change(3, "settle", name, "--as", "done").err()).contains("needs no settling");
    }

    /// Any login can take any advisory lock, in shared mode, too.
    @Test
    void whoElseHoldsTheLockOfARunIsNamed() throws Exception {
        var name = asked(COLUMN);
        approved(name);
        var agent = operator.published(AGENT);
        try (var session = database.connect(agent);
                var lock = session.prepareStatement("SELECT pg_advisory_lock_shared(?)")) {
            lock.setLong(1, lockOf(name));
            lock.execute();

            assertThat(change(3, "run", name).err())
                    .contains("of login " + agent.username(), "is no run of agentroles");
        }
        change(0, "run", name);
    }

    private static long lockOf(String name) {
        return Sha256.of("agentroles change " + name.substring(name.indexOf('/') + 1))
                .number();
    }

    /// Whoever ran it is lost, and its statement outside a transaction goes on.
    @Test
    void whatTheServerStillWorksOnNobodySettles() throws Exception {
        var name = asked("CREATE INDEX CONCURRENTLY orders_total ON app.orders (total)");
        approved(name);
        try (var runs = Executors.newSingleThreadExecutor();
                var other = database.superuser()) {
            other.setAutoCommit(false);
            TestDatabase.execute(other, "UPDATE app.orders SET total = 0");
            var running = runs.submit(() -> operator.run("change", "run", "shop.yaml", name));
            while (!running.isDone()
                    && database.query("SELECT 1 FROM pg_stat_activity WHERE usename = '%s' AND wait_event_type = 'Lock'"
                                    .formatted(owner.username()))
                            .isEmpty()) {
                Await.pause();
            }
            database.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '%s'"
                    .formatted(operator.administrator().username()));

            assertThat(change(3, "settle", name, "--as", "undone").err()).contains("the server still works on");
            assertThat(change(3, "run", name).err()).contains("the server still works on");
            other.rollback();
            running.get();
        }
        change(0, "settle", name, "--as", "done", "--reason", "the index is there");
        assertThat(standing(name)).isEqualTo("done");
    }

    /// What the server says may hold what stands in a row that the agent does not read.
    @Test
    void anAgentIsToldHowARunEndedAndNotWhatStandsInARow() throws Exception {
        database.execute("ALTER TABLE app.orders ADD card text", "UPDATE app.orders SET card = '4111 x'");
        var name = asked("ALTER TABLE app.orders ALTER card TYPE date USING card::date");
        approved(name);

        assertThat(change(1, "run", name).out()).contains("4111 x");
        assertThat(change(0, "show", name).out()).contains("4111 x");
        try (var session = database.connect(operator.published(AGENT))) {
            assertThat(TestDatabase.query(session, "SELECT outcome FROM agentroles_changes.requests()"))
                    .singleElement()
                    .asString()
                    .isEqualTo("22007");
        }
    }

    private void dies(FaultPoints.Point point, String name) {
        operator.dieAt(reached -> {
            if (reached == point) {
                throw new IllegalStateException("died");
            }
        });
        change(1, "run", name);
        operator.dieAt(FaultPoints.NONE);
    }

    @Test
    void aListThatLeavesOlderOnesOutSaysSo() throws Exception {
        var older = asked(COLUMN);
        var newer = asked(COLUMN);

        assertThat(change(2, "list").err()).doesNotContain("only the newest");
        var said = change(2, "list", "--last", "1");
        assertThat(said.out()).contains(newer).doesNotContain(older);
        assertThat(said.err()).contains("only the newest 1 of database " + database.name());

        approved(newer);
        change(2, "list", "--last", "1");
    }

    @Test
    void aTrialInAnotherEnvironmentLeavesNothingThere() throws Exception {
        try (var staging = PostgreSql.newest().createDatabase()) {
            var stagingOwner = staging.login("owner");
            staging.execute(
                    "CREATE SCHEMA app AUTHORIZATION " + stagingOwner.username(),
                    "CREATE TABLE app.orders (id int PRIMARY KEY, note text)",
                    "ALTER TABLE app.orders OWNER TO " + stagingOwner.username());
            staging.execute("ALTER DATABASE %s OWNER TO %s".formatted(staging.name(), stagingOwner.username()));
            var administrator = staging.administratorInheritingFrom(stagingOwner.username());
            operator.set("STAGING_URL", staging.url());
            operator.set("STAGING_ADMIN", administrator.username());
            operator.set("STAGING_PASSWORD", administrator.clear());
            operator.set("STAGING_OWNER", stagingOwner.username());
            operator.set("STAGING_OWNER_PASSWORD", stagingOwner.clear());
            var text = Files.readString(directory.resolve("shop.yaml"));
            operator.write(
                    "staging.yaml",
                    text.replace("production", "staging")
                            .replace(database.name(), staging.name())
                            .replace("DB_URL", "STAGING_URL")
                            .replace("DB_ADMIN", "STAGING_ADMIN")
                            .replace("DB_PASSWORD", "STAGING_PASSWORD")
                            .replace("{env: OWNER}", "{env: STAGING_OWNER}")
                            .replace("{env: OWNER_PASSWORD}", "{env: STAGING_OWNER_PASSWORD}"));
            var name = asked(COLUMN);
            assertThat(change(1, "rehearse", name, "--on", "staging.yaml").err())
                    .contains("agentroles apply staging");
            ends(0, "apply", "staging.yaml", "--yes", "--no-verify");

            assertThat(change(2, "rehearse", name, "--on", "staging.yaml").out())
                    .contains("fails", "staging", "already exists");
            assertThat(change(0, "show", name).out()).contains("rehearsed", "staging", "refused: ");
            assertThat(staging.query(
                            "SELECT outcome FROM agentroles.journal WHERE action = 'rehearse change' ORDER BY seq"))
                    .containsExactly("begun", "failed");

            staging.execute("ALTER TABLE agentroles.journal RENAME TO elsewhere");
            assertThat(change(1, "rehearse", name, "--on", "staging.yaml").err())
                    .contains(staging.name())
                    .doesNotContain(database.name());
        }
    }

    /// What nobody sees in a terminal must not hide what is approved.
    @Test
    void textsOfAnAgentAreShownAsTheyAre() throws IOException {
        operator.write("change.sql", "ALTER TABLE app.orders ADD COLUMN n int /* \u001b[2K\u001b[1A harmless */");
        var said = operator.run(
                "change", "request", "shop.yaml", "--agent", AGENT, "--sql", "change.sql", "--reason", "a\u001b[2J\nb");

        assertThat(said.out() + said.err()).doesNotContain("\u001b");
        var list = operator.run("change", "list", "shop.yaml");
        assertThat(list.out()).doesNotContain("\u001b");
    }

    @Test
    void whoOwnsTheSchemaIsNotTheAdministrator() throws Exception {
        var name = asked(COLUMN);
        approved(name);
        operator.set("OWNER", operator.administrator().username());
        operator.set("OWNER_PASSWORD", operator.administrator().clear());
        assertThat(change(3, "run", name).err()).contains("is the administrator");
        var mighty = database.login("mighty", "SUPERUSER");
        operator.set("OWNER", mighty.username());
        operator.set("OWNER_PASSWORD", mighty.clear());
        assertThat(change(3, "run", name).err()).contains("which is a superuser");
        var member = database.login("member", "NOINHERIT", "IN ROLE " + mighty.username());
        operator.set("OWNER", member.username());
        operator.set("OWNER_PASSWORD", member.clear());
        assertThat(change(3, "run", name).err())
                .contains("is a member of " + mighty.username() + ", which is a superuser");
        var writer = database.login("writer", "IN ROLE pg_write_all_data");
        operator.set("OWNER", writer.username());
        operator.set("OWNER_PASSWORD", writer.clear());
        assertThat(change(3, "run", name).err()).contains("may write to every table");
        operator.set("OWNER_PASSWORD", "wrong");
        assertThat(change(1, "run", name).err()).contains("password");
        operator.unset("OWNER_PASSWORD");
        assertThat(change(1, "run", name).err()).contains("OWNER_PASSWORD is not set");
        assertThat(standing(name)).isEqualTo("approved");
        assertThat(columns()).containsExactly("id", "total");
    }

    @Test
    void anApproverSigns() throws Exception {
        var keys = new SshKeys();
        profile("shop.yaml", "production", ", approvers: [\"" + keys.line("alice@example.com") + "\"]");
        var name = asked(COLUMN);
        var fingerprint = one(change(0, "show", name, "--format", "json")).getString("fingerprint");
        assertThat(change(3, "approve", name, "--yes", "--expect", fingerprint).err())
                .contains("nobody signed it", "ssh-keygen -Y sign -n agentroles");

        change(0, "show", name, "--to-sign", "--output", "approval.txt");
        var document = Files.readString(directory.resolve("approval.txt"));
        assertThat(document).contains(COLUMN, fingerprint, "production", "until: ");
        operator.write("approval.txt.sig", new SshKeys().sign(document));
        assertThat(change(3, "approve", name, "--signed", "approval.txt").err())
                .contains("no approver's key signed it");
        operator.write("approval.txt.sig", keys.sign(document));
        assertThat(change(0, "approve", name, "--signed", "approval.txt").out()).contains("key of alice@example.com");

        // A key that is an approver's no longer approves nothing, whatever stands in the ledger.
        profile("shop.yaml", "production", ", approvers: [\"" + new SshKeys().line("bob@example.com") + "\"]");
        assertThat(change(3, "run", name).err()).contains("no approver's key signed it");
        profile("shop.yaml", "production", ", approvers: [\"" + keys.line("alice@example.com") + "\"]");
        database.execute("UPDATE agentroles.change_request SET valid_until = valid_until + interval '1 day'");
        assertThat(change(3, "run", name).err()).contains("no approver's key signed it");
        database.execute("UPDATE agentroles.change_request SET valid_until = valid_until - interval '1 day'");
        change(0, "run", name);
        assertThat(columns()).contains("note");
    }

    @Test
    void aDocumentOfAnotherTimeOrRequestIsNone() throws Exception {
        var keys = new SshKeys();
        profile("shop.yaml", "production", ", approval: 1h, approvers: [\"" + keys.line("alice@example.com") + "\"]");
        var name = asked(COLUMN);
        var other = asked("DROP TABLE app.orders");
        change(0, "show", name, "--to-sign", "--output", "approval.txt");
        var document = Files.readString(directory.resolve("approval.txt"));
        operator.write("approval.txt.sig", keys.sign(document));

        assertThat(change(3, "approve", other, "--signed", "approval.txt").err())
                .contains("is no approval of");
        var later = Pattern.compile("until: .*").matcher(document).replaceFirst("until: 2099-01-01T00:00:00Z");
        operator.write("approval.txt", later);
        operator.write("approval.txt.sig", keys.sign(later));
        assertThat(change(3, "approve", name, "--signed", "approval.txt").err()).contains("the document is good until");
        operator.write("approval.txt", document);
        operator.write("approval.txt.sig", keys.sign(document));
        operator.at(InstantSource.offset(InstantSource.system(), Duration.ofDays(2)));
        change(0, "approve", name, "--signed", "approval.txt");
        assertThat(standing(name)).isEqualTo("approved");
    }

    @Test
    void anOlderLedgerIsBroughtUpToDateByApply() throws Exception {
        database.execute(
                "DROP TABLE agentroles.change_request, agentroles.change_turn",
                "DELETE FROM agentroles.schema_history WHERE version = '2'");

        assertThat(change(1, "list").err()).contains("knew no change requests", "agentroles apply");
        ends(0, "freeze", "shop.yaml", "--reason", "it cannot wait");
        ends(0, "thaw", "shop.yaml", "--yes", "--environment", "production");
        assertThat(ends(2, "plan", "shop.yaml").out()).contains("ledger");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        change(0, "list");
    }
}
