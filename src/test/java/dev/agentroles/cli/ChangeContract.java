package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.harness.Await;
import dev.agentroles.harness.SshKeys;
import dev.agentroles.harness.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nothing an agent asks for is run before a person approved exactly that, and what was approved is run once: the same
/// on every engine.
interface ChangeContract {
    ChangeGround ground();

    @BeforeEach
    default void applied() {
        ground().apply();
    }

    @AfterEach
    default void close() throws Exception {
        ground().close();
    }

    @Test
    default void fromTheWishToTheColumn() throws Exception {
        var ground = ground();
        var column = ground.noteColumn();
        var name = ground.asked(column);

        assertThat(ground.ends(0, "status", "shop.yaml").out()).contains("1 change request on");
        assertThat(ground.change(2, "list").out())
                .contains(name, ChangeGround.AGENT, "ALTER TABLE", "waits for a decision");
        var rehearsal = ChangeGround.document(ground.change(0, "rehearse", name, "--format", "json"));
        assertThat(rehearsal.getBoolean("works")).isTrue();
        assertThat(rehearsal.getArray("effects")).singleElement().asString().matches(ground.noteAdded());
        assertThat(ground.columns()).containsExactly("id", "total");
        ground.change(3, "run", name);

        assertThat(ground.change(0, "show", name).out())
                .contains(column, "people ask for it")
                .containsPattern(ground.noteAdded());
        ground.operator.answer(name);
        assertThat(ground.change(0, "approve", name).err()).contains(column);
        ground.change(0, "list");
        assertThat(ground.change(0, "run", name).out()).contains("done");
        assertThat(ground.columns()).containsExactly("id", "total", "note");
        assertThat(ground.change(0, "run", name).out()).contains("was done already");
        assertThat(ground.change(0, "list").out()).isEqualTo("No agent asks for a change.\n");
        assertThat(ground.change(0, "list", "--all").out()).contains("done");
        assertThat(ground.ends(0, "log", "shop.yaml").out())
                .contains("request change", "rehearse change", "approve change", "run change")
                .doesNotContain("ADD COLUMN");
        ground.ends(0, "verify", "shop.yaml", "--no-probes", "--fail-on", "high");
    }

    /// What a message tells to run is pasted into a shell.
    @Test
    default void aFileWithAStrangeNameIsOneWordInWhatIsTold() throws IOException {
        var ground = ground();
        ground.profile("", "shop; rm -rf x.yaml");

        assertThat(ground.ends(64, "change", "show", "shop; rm -rf x.yaml", "99")
                        .err())
                .contains("; agentroles change list 'shop; rm -rf x.yaml' shows");
    }

    @Test
    default void onlyAPersonWhoHasReadItApproves() throws IOException {
        var ground = ground();
        var name = ground.asked(ground.noteColumn());
        var fingerprint = ground.fingerprint(name);

        assertThat(ground.change(3, "approve", name).err()).contains("no terminal", fingerprint.substring(0, 16));
        assertThat(ground.change(3, "approve", name, "--yes").err()).contains("does not say what was read");
        assertThat(ground.change(3, "approve", name, "--yes", "--expect", "0123456789abcdef")
                        .err())
                .contains("not the request that was read");
        assertThat(ground.change(3, "approve", name, "--yes", "--expect", fingerprint.substring(0, 15))
                        .err())
                .contains("not the request that was read");
        ground.operator.answer("yes");
        assertThat(ground.change(3, "approve", name).err()).contains("the answer was not " + name);
        assertThat(ground.standing(name)).isEqualTo("requested");
        ground.change(0, "approve", name, "--yes", "--expect", fingerprint.substring(0, 16));
        assertThat(ground.standing(name)).isEqualTo("approved");
    }

    /// Who can write to the ledger cannot slip another statement under an approval.
    @Test
    default void whatWasApprovedIsWhatRuns() throws Exception {
        var ground = ground();
        var name = ground.approved(ground.noteColumn());
        ground.database()
                .execute("UPDATE agentroles.change_request SET statement = 'DROP TABLE " + ground.orders() + "'");

        assertThat(ground.standing(name)).isEqualTo("altered");
        assertThat(ground.change(3, "run", name).err()).contains("is not what was approved");
        assertThat(ground.columns()).containsExactly("id", "total");
    }

    /// Nor can they say afterwards, to whoever looks, that another one was approved and run.
    @Test
    default void whatWasRunIsToldApartFromWhatStandsThere() throws Exception {
        var ground = ground();
        var name = ground.approved(ground.noteColumn());
        ground.change(0, "run", name);
        assertThat(ground.change(0, "show", name).out()).doesNotContain("it is not what was approved");
        ground.database()
                .execute("UPDATE agentroles.change_request SET statement = 'DROP TABLE " + ground.orders() + "'");

        assertThat(ground.change(0, "show", name).out())
                .contains("it is not what was approved: the statement, the server or the database is another");
    }

    /// A ledger that was put back says of what was run since that it was not.
    @Test
    default void nothingIsRunWhileTheLedgerMayHaveForgottenThatItWas() throws Exception {
        var ground = ground();
        var name = ground.approved(ground.noteColumn());
        ground.ends(0, "rotate", "shop.yaml", "--agent", ChangeGround.AGENT);
        var login = ground.forgetNewestLease();

        assertThat(ground.change(3, "run", name).err())
                .contains(
                        "was put back, as by a backup that was restored",
                        "may have forgotten that " + name + " was run",
                        "agentroles change reject shop.yaml " + name);
        assertThat(ground.columns()).containsExactly("id", "total");
        ground.operator.run("rotate", "shop.yaml", "--agent", ChangeGround.AGENT);
        ground.operator.run("reap", "shop.yaml");
        ground.drop(login);
        ground.change(0, "run", name);
        assertThat(ground.columns()).contains("note");
    }

    @Test
    default void anApprovalEnds() throws Exception {
        var ground = ground();
        ground.profile(", approval: 1h");
        var name = ground.approved(ground.noteColumn());
        ground.database()
                .execute("UPDATE agentroles.change_request SET valid_until = valid_until - INTERVAL " + ground.aDay());

        assertThat(ground.standing(name)).isEqualTo("expired");
        assertThat(ground.change(3, "run", name).err()).contains("the approval of", "ended at");
        ground.approve(name);
        ground.change(0, "run", name);
        assertThat(ground.columns()).contains("note");
    }

    /// Whoever shows the request is shown it, and the journal keeps it: it is as short as any other.
    @Test
    default void aReasonIsNoLongerThanAnyOther() throws Exception {
        var ground = ground();
        var name = ground.asked(ground.noteColumn());
        var longer = "x".repeat(2_001);
        var said = "--reason has 2001 characters, and 2000 at most are kept";

        assertThat(ground.change(64, "approve", name, "--yes", "--expect", ground.fingerprint(name), "--reason", longer)
                        .err())
                .contains(said);
        assertThat(ground.change(64, "settle", name, "--as", "done", "--reason", longer)
                        .err())
                .contains(said);
        assertThat(ground.standing(name)).isEqualTo("requested");

        // Nothing is opened for that.
        assertThat(ground.ends(64, "change", "settle", "nowhere.yaml", "1", "--as", "done", "--reason", longer)
                        .err())
                .contains(said);
    }

    /// The name of a file may look like an option.
    @Test
    default void aFileThatLooksLikeAnOptionIsNamedAsAFile() throws IOException {
        var ground = ground();
        ground.profile("", "-q.yaml");

        assertThat(ground.ends(64, "change", "show", "--", "-q.yaml", "99").err())
                .contains("; agentroles change list ./-q.yaml shows");
        ground.ends(0, "change", "list", "./-q.yaml");
    }

    @Test
    default void whatWasRejectedStaysSo() throws Exception {
        var ground = ground();
        var name = ground.approved(ground.noteColumn());
        assertThat(ground.change(64, "reject", name, "--reason", "x".repeat(2_001))
                        .err())
                .contains("--reason has 2001 characters, and 2000 at most are kept");
        ground.change(0, "reject", name, "--reason", "not before the holidays");

        assertThat(ground.change(3, "run", name).err()).contains("rejected it", "not before the holidays");
        assertThat(ground.change(3, "reject", name, "--reason", "again").err())
                .contains(name + " cannot be rejected: ", "rejected it")
                .doesNotContain("has changed meanwhile");
        assertThat(ground.change(3, "approve", name, "--yes", "--expect", ground.fingerprint(name))
                        .err())
                .contains("cannot be approved", "asks again");
        assertThat(ground.columns()).containsExactly("id", "total");
    }

    @Test
    default void whoIsStoppedChangesNothing() throws Exception {
        var ground = ground();
        var name = ground.approved(ground.noteColumn());
        ground.ends(0, "revoke", "shop.yaml", "--agent", ChangeGround.AGENT, "--reason", "it went mad");
        assertThat(ground.change(3, "run", name).err()).contains("was revoked by", "it went mad");
        ground.ends(0, "thaw", "shop.yaml", "--agent", ChangeGround.AGENT, "--yes", "--environment", "production");
        ground.ends(0, "freeze", "shop.yaml", "--reason", "an incident");
        assertThat(ground.change(3, "run", name).err()).contains("is frozen");
        assertThat(ground.columns()).containsExactly("id", "total");
        ground.change(0, "reject", name, "--reason", "an incident");
    }

    @Test
    default void whoMayNotAskIsRefused() throws IOException {
        var ground = ground();
        ground.operator.write("change.sql", ground.noteColumn());
        assertThat(ground.change(3, "request", "--agent", "other", "--sql", "change.sql", "--reason", "because")
                        .err())
                .contains("does not let agent other ask for changes");
        assertThat(ground.change(64, "request", "--agent", "dsek", "--sql", "change.sql", "--reason", "because")
                        .err())
                .contains("has no agent \"dsek\"", "desk");
        var name = ground.approved(ground.noteColumn());
        ground.operator.edit("shop.yaml", text -> text.replace("    request_changes: true\n", ""));
        assertThat(ground.change(3, "run", name).err()).contains("does not let agent desk ask");
    }

    @Test
    default void whatIsNoSchemaChangeIsRefused() throws IOException {
        var ground = ground();
        for (var statement : ground.noChanges()) {
            ground.operator.write("change.sql", statement);
            assertThat(ground.change(
                                    64,
                                    "request",
                                    "--agent",
                                    ChangeGround.AGENT,
                                    "--sql",
                                    "change.sql",
                                    "--reason",
                                    "because")
                            .err())
                    .as(statement)
                    .contains("this is no schema change");
        }
        ground.operator.pipe(
                ("ALTER TABLE " + ground.orders() + " ADD COLUMN piped int\n").getBytes(StandardCharsets.UTF_8));
        ground.change(0, "request", "--agent", ChangeGround.AGENT, "--sql", "-", "--reason", "because");
        assertThat(ground.change(
                                1,
                                "request",
                                "--agent",
                                ChangeGround.AGENT,
                                "--sql",
                                "nothing.sql",
                                "--reason",
                                "because")
                        .err())
                .contains("nothing.sql does not exist");
        assertThat(ground.change(64, "show", "12/x").err()).contains("is no change request");
        assertThat(ground.change(64, "show", "99").err()).contains("there is no change request", "change list");
        assertThat(ground.change(64, "show", "shpo/1").err()).contains("has no database \"shpo\"");
    }

    @Test
    default void whatTheServerRefusesIsOver() throws Exception {
        var ground = ground();
        var name = ground.asked("ALTER TABLE " + ground.orders() + " ADD COLUMN total int");

        assertThat(ground.change(2, "rehearse", name).out())
                .contains("fails", ground.alreadyThere(), "nothing of it is left");
        ground.approve(name);
        assertThat(ground.change(1, "run", name).out())
                .contains("failed", ground.alreadyThere())
                .doesNotContain("(conn=");
        assertThat(ground.standing(name)).isEqualTo("failed");
        assertThat(ground.change(3, "run", name).err()).contains("cannot be run: it failed");
    }

    @Test
    default void whoHoldsTheTableHoldsItUpAndNoLonger() throws Exception {
        var ground = ground();
        ground.profile(", lock_timeout: 1s");
        var name = ground.approved(ground.noteColumn());
        try (var session = ground.database().superuser()) {
            session.setAutoCommit(false);
            TestDatabase.query(session, "SELECT id FROM " + ground.orders());

            assertThat(ground.change(4, "run", name).out()).contains("not done", "stays approved");
            assertThat(ground.standing(name)).isEqualTo("approved");
        }
        ground.change(0, "run", name);
        assertThat(ground.columns()).contains("note");
    }

    @Test
    default void manyRunsAtOnceRunItOnce() throws Exception {
        var ground = ground();
        var name = ground.approved("CREATE TABLE " + ground.table("notes") + " (id int)");
        var runs = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 6; i++) {
            runs.add(() ->
                    ground.operator.run("change", "run", "shop.yaml", name).code());
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var ended : threads.invokeAll(runs)) {
                assertThat(ended.get()).isIn(0, 3);
            }
        }
        ground.change(0, "run", name);
        assertThat(ground.standing(name)).isEqualTo("done");
        assertThat(
                        ground.database()
                                .query(
                                        "SELECT count(*) FROM agentroles.journal WHERE action = 'run change' AND outcome = 'begun'"))
                .containsExactly("1");
    }

    /// A person who looks may err: then it is run again, and the server says so.
    @Test
    default void whereNobodyKnowsAPersonSays() throws Exception {
        var ground = ground();
        var name = ground.approved(ground.untold());
        ground.dies(FaultPoints.Point.CHANGE_MADE, name);
        assertThat(ground.standing(name)).isEqualTo("running");

        ground.change(2, "list");
        assertThat(ground.change(3, "run", name).err())
                .contains("nobody saw the end", "change settle", "--as done or --as undone");
        ground.change(0, "settle", name, "--as", "undone", "--reason", "I looked at the wrong table");
        assertThat(ground.standing(name)).isEqualTo("approved");
        assertThat(ground.change(1, "run", name).out()).contains(ground.alreadyThere());

        assertThat(ground.change(3, "settle", name, "--as", "done").err()).contains("needs no settling");
    }

    @Test
    default void whereNobodyKnowsAPersonSaysThatItWasDone() throws Exception {
        var ground = ground();
        var name = ground.approved(ground.untold());
        ground.dies(FaultPoints.Point.CHANGE_MADE, name);

        ground.change(0, "settle", name, "--as", "done", "--reason", "it is there");

        assertThat(ground.standing(name)).isEqualTo("done");
        assertThat(ground.change(0, "run", name).out()).contains("was done already");
    }

    /// Any login can take any lock of the server that has a number or a name.
    @Test
    default void whoElseHoldsTheLockOfARunIsNamed() throws Exception {
        var ground = ground();
        var name = ground.approved(ground.noteColumn());
        var agent = ground.operator.published(ChangeGround.AGENT);
        try (var session = ground.database().connect(agent)) {
            TestDatabase.query(session, ground.lockOfRun(name));
            var number = TestDatabase.query(session, ground.sessionNumber()).getFirst();

            assertThat(ground.change(3, "run", name).err())
                    .contains("session " + number + " of login " + agent.username(), "is no run of agentroles");
        }
        ground.change(0, "run", name);
    }

    /// Whoever ran it is lost, and its statement goes on.
    @Test
    default void whatTheServerStillWorksOnNobodySettles() throws Exception {
        var ground = ground();
        ground.profile(", lock_timeout: 1m");
        var name = ground.approved(ground.untold());
        try (var runs = Executors.newSingleThreadExecutor();
                var other = ground.database().superuser()) {
            other.setAutoCommit(false);
            TestDatabase.execute(other, "UPDATE " + ground.orders() + " SET total = 0");
            var running = runs.submit(() -> ground.operator.run("change", "run", "shop.yaml", name));
            while (!running.isDone() && !ground.ownerWaits()) {
                Await.pause();
            }
            ground.endOurSessions();

            assertThat(ground.change(3, "settle", name, "--as", "undone").err()).contains("the server still works on");
            assertThat(ground.change(3, "run", name).err()).contains("the server still works on");
            other.rollback();
            running.get();
        }
        ground.change(0, "settle", name, "--as", "done", "--reason", "it is there");
        assertThat(ground.standing(name)).isEqualTo("done");
    }

    /// What the server says may hold what stands in a row that the agent does not read.
    @Test
    default void anAgentIsToldHowARunEndedAndNotWhatStandsInARow() throws Exception {
        var ground = ground();
        ground.database()
                .execute(
                        "ALTER TABLE " + ground.orders() + " ADD card varchar(20)",
                        "UPDATE " + ground.orders() + " SET card = '4111 x'");
        ground.apply();
        var name = ground.approved(ground.cardsToDates());

        assertThat(ground.change(1, "run", name).out()).contains("4111 x");
        assertThat(ground.change(0, "show", name).out()).contains("4111 x");
        try (var session = ground.database().connect(ground.operator.published(ChangeGround.AGENT))) {
            assertThat(ground.outcomes(session)).singleElement().asString().matches(ground.noDate());
        }
    }

    @Test
    default void aListThatLeavesOlderOnesOutSaysSo() throws Exception {
        var ground = ground();
        var older = ground.asked(ground.noteColumn());
        var newer = ground.asked(ground.noteColumn());

        assertThat(ground.change(2, "list").err()).doesNotContain("only the newest");
        var said = ground.change(2, "list", "--last", "1");
        assertThat(said.out()).contains(newer).doesNotContain(older);
        assertThat(said.err())
                .contains("only the newest 1 of database " + ground.database().name());

        ground.approve(newer);
        ground.change(2, "list", "--last", "1");
    }

    /// What nobody sees in a terminal must not hide what is approved.
    @Test
    default void textsOfAnAgentAreShownAsTheyAre() throws IOException {
        var ground = ground();
        ground.operator.write(
                "change.sql", "ALTER TABLE " + ground.orders() + " ADD COLUMN n int /* \u001b[2K\u001b[1A harmless */");
        var said = ground.operator.run(
                "change",
                "request",
                "shop.yaml",
                "--agent",
                ChangeGround.AGENT,
                "--sql",
                "change.sql",
                "--reason",
                "a\u001b[2J\nb");

        assertThat(said.out() + said.err()).doesNotContain("\u001b");
        var list = ground.operator.run("change", "list", "shop.yaml");
        assertThat(list.out()).doesNotContain("\u001b");
    }

    @Test
    default void whoMakesAChangeLogsInAndIsNotTheAdministrator() throws Exception {
        var ground = ground();
        var name = ground.approved(ground.noteColumn());
        ground.changesAs(ground.operator.administrator());
        assertThat(ground.change(3, "run", name).err()).contains("is the administrator");
        ground.changesAs(ground.owner);
        ground.operator.set("OWNER_PASSWORD", "wrong");
        assertThat(ground.change(1, "run", name).err()).contains("password");
        ground.operator.unset("OWNER_PASSWORD");
        assertThat(ground.change(1, "run", name).err()).contains("OWNER_PASSWORD is not set");
        assertThat(ground.standing(name)).isEqualTo("approved");
        assertThat(ground.columns()).containsExactly("id", "total");
    }

    @Test
    default void anApproverSigns() throws Exception {
        var ground = ground();
        var keys = new SshKeys();
        ground.profile(approvers(keys, "alice"));
        var name = ground.asked(ground.noteColumn());
        var fingerprint = ground.fingerprint(name);
        assertThat(ground.change(3, "approve", name, "--yes", "--expect", fingerprint)
                        .err())
                .contains("nobody signed it", "ssh-keygen -Y sign -n agentroles");

        var document = toSign(name);
        assertThat(document).contains(ground.noteColumn(), fingerprint, "production", "until: ");
        ground.operator.write("approval.txt.sig", new SshKeys().sign(document));
        assertThat(ground.change(3, "approve", name, "--signed", "approval.txt").err())
                .contains("no approver's key signed it");
        ground.operator.write("approval.txt.sig", keys.sign(document));
        assertThat(ground.change(0, "approve", name, "--signed", "approval.txt").out())
                .contains("key of alice@example.com");

        // A key that is an approver's no longer approves nothing, whatever stands in the ledger.
        ground.profile(approvers(new SshKeys(), "bob"));
        assertThat(ground.change(3, "run", name).err()).contains("no approver's key signed it");
        ground.profile(approvers(keys, "alice"));
        var approval = "UPDATE agentroles.change_request SET valid_until = valid_until %s INTERVAL " + ground.aDay();
        ground.database().execute(approval.formatted("+"));
        assertThat(ground.change(3, "run", name).err()).contains("no approver's key signed it");
        ground.database().execute(approval.formatted("-"));
        ground.change(0, "run", name);
        assertThat(ground.columns()).contains("note");
    }

    @Test
    default void aDocumentOfAnotherTimeOrRequestIsNone() throws Exception {
        var ground = ground();
        var keys = new SshKeys();
        ground.profile(", approval: 1h" + approvers(keys, "alice"));
        var name = ground.asked(ground.noteColumn());
        var other = ground.asked("DROP TABLE " + ground.orders());
        var document = toSign(name);
        ground.operator.write("approval.txt.sig", keys.sign(document));

        assertThat(ground.change(3, "approve", other, "--signed", "approval.txt")
                        .err())
                .contains("is no approval of");
        var later = Pattern.compile("until: .*").matcher(document).replaceFirst("until: 2099-01-01T00:00:00Z");
        ground.operator.write("approval.txt", later);
        ground.operator.write("approval.txt.sig", keys.sign(later));
        assertThat(ground.change(3, "approve", name, "--signed", "approval.txt").err())
                .containsPattern(
                        "the document is good until 2099-01-01T00:00:00Z, and what is approved now is good until"
                                + " [-0-9T:]+Z at most; sign a new one: ");
        ground.operator.write("approval.txt", document);
        ground.operator.write("approval.txt.sig", keys.sign(document));
        ground.operator.at(InstantSource.offset(InstantSource.system(), Duration.ofDays(2)));
        ground.change(0, "approve", name, "--signed", "approval.txt");
        assertThat(ground.standing(name)).isEqualTo("approved");
    }

    /// As keys of `changes`.
    private static String approvers(SshKeys keys, String name) {
        return ", approvers: [\"" + keys.line(name + "@example.com") + "\"]";
    }

    /// What stands in `approval.txt` then.
    private String toSign(String name) throws IOException {
        ground().change(0, "show", name, "--to-sign", "--output", "approval.txt");
        return ground().operator.read("approval.txt");
    }
}
