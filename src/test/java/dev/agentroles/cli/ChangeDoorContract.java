package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How agents ask for schema changes, by the logins that are published for them, through what `apply` made: the same
/// on every engine.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
interface ChangeDoorContract {
    /// The running test's.
    ChangeDoorGround ground();

    private void refused(String state, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        said -> assertThat(said.getSQLState())
                                .as(said.getMessage())
                                .isEqualTo(state))
                .hasMessageContaining(message);
    }

    @AsksOnly
    @Test
    default void anAgentAsksByItsPublishedLoginAndTheRowSaysWhoAskedForWhat() throws Exception {
        var login = ground().login("desk");
        try (var session = ground().connect("desk")) {
            long id = ground().request(session, "ALTER TABLE orders ADD note text", "notes get lost");

            assertThat(ground().database()
                            .query(ground().concatenated(
                                            "id", "agent", "requested_by", "statement", "reason", "state")))
                    .containsExactly(id + "|desk|" + login.username()
                            + "|ALTER TABLE orders ADD note text|notes get lost|REQUESTED");
            assertThat(ground().requests(session))
                    .containsExactly(id + "|ALTER TABLE orders ADD note text|REQUESTED|null|null");
        }
        assertThat(ground().secondsSinceTheNewest()).isBetween(-2L, 60L);
    }

    @AsksOnly
    @Test
    default void whatBecameOfARequestIsToldToTheAgent() throws Exception {
        try (var session = ground().connect("desk")) {
            ground().request(session, "DROP TABLE orders", "tidying");
            ground().database()
                    .execute("UPDATE agentroles.change_request SET state = 'REJECTED', decision = 'no: it is used'");

            assertThat(ground().requests(session))
                    .singleElement()
                    .asString()
                    .endsWith("|DROP TABLE orders|REJECTED|no: it is used|null");
        }
    }

    @AsksOnly
    @Test
    default void anAgentWhoseProfileDoesNotSaySoIsRefusedByTheServer() throws Exception {
        closedTo("bot");
    }

    private void closedTo(String agent) throws SQLException {
        try (var session = ground().connect(agent)) {
            assertThatThrownBy(() -> ground().request(session, "DROP TABLE orders", "please"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("denied");
            assertThatThrownBy(() -> ground().requests(session))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("denied");
        }
        assertThat(ground().count()).isZero();
    }

    @AsksOnly
    @Test
    default void whatOthersAskedForIsNotSeenAndNothingIsEdited() throws Exception {
        try (var desk = ground().connect("desk");
                var clerk = ground().connect("clerk")) {
            ground().request(desk, "ALTER TABLE orders ADD secret text", "of desk");

            assertThat(ground().requests(clerk)).isEmpty();
            for (var attempt : List.of(
                    "SELECT * FROM agentroles.change_request",
                    "UPDATE agentroles.change_request SET state = 'APPROVED'",
                    "DELETE FROM agentroles.change_request",
                    "SELECT * FROM agentroles.change_turn",
                    "SELECT * FROM agentroles.lease",
                    ground().asking())) {
                assertThatThrownBy(() -> ground().run(desk, attempt))
                        .as(attempt)
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @AsksOnly
    @Test
    default void textsAreBoundedAndNotEmpty() throws Exception {
        try (var session = ground().connect("desk")) {
            refused("AR008", "an empty statement", () -> ground().request(session, "", "why"));
            refused("AR008", "an empty statement", () -> ground().request(session, " \t\n", "why"));
            refused("AR008", "an empty statement", () -> ground().request(session, null, "why"));
            refused("AR008", "without a reason", () -> ground().request(session, "DROP TABLE t", ""));
            refused("AR008", "without a reason", () -> ground().request(session, "DROP TABLE t", null));
            refused("AR008", "more than 65536 bytes", () -> ground().request(session, "é".repeat(32_769), "why"));
            refused(
                    "AR008",
                    "more than 2000 characters",
                    () -> ground().request(session, "DROP TABLE t", "é".repeat(2_001)));
            assertThat(ground().count()).isZero();

            ground().request(session, "é".repeat(32_768), "é".repeat(2_000));
        }
        assertThat(ground().count()).isOne();
    }

    @AsksOnly
    @Test
    default void atMostTwentyRequestsOfOneAgentAreOpen() throws Exception {
        try (var desk = ground().connect("desk");
                var clerk = ground().connect("clerk")) {
            for (int asked = 0; asked < 20; asked++) {
                ground().request(desk, "DROP TABLE t" + asked, "flood");
            }
            refused("AR009", "20 are open", () -> ground().request(desk, "DROP TABLE t", "flood"));
            ground().request(clerk, "DROP TABLE t", "another agent");

            ground().database()
                    .execute(
                            "UPDATE agentroles.change_request SET state = 'REJECTED' WHERE statement = 'DROP TABLE t7'");
            ground().request(desk, "DROP TABLE t", "room again");
            refused("AR009", "20 are open", () -> ground().request(desk, "DROP TABLE t", "flood"));
        }
    }

    /// Ten sessions ask four times each, in transactions of every isolation that began before.
    @AsksOnly
    @Test
    default void callsAtOnceKeepTheLimitTogether() throws Exception {
        var sessions = new ArrayList<Connection>();
        try (var together = Executors.newFixedThreadPool(10)) {
            var login = ground().login("desk");
            var calls = new ArrayList<Callable<Integer>>();
            for (int number = 0; number < 10; number++) {
                var session = ground().database().connect(login);
                sessions.add(session);
                session.setAutoCommit(false);
                session.setTransactionIsolation(Stream.of(
                                Connection.TRANSACTION_READ_COMMITTED,
                                Connection.TRANSACTION_REPEATABLE_READ,
                                Connection.TRANSACTION_SERIALIZABLE)
                        .toList()
                        .get(number % 3));
                ground().requests(session);
                calls.add(() -> asked(session));
            }
            for (var done : together.invokeAll(calls)) {
                done.get();
            }
        } finally {
            for (var session : sessions) {
                session.close();
            }
        }
        assertThat(ground().count()).isBetween(10, 20);
    }

    private int asked(Connection session) throws SQLException {
        int asked = 0;
        for (int turn = 0; turn < 4; turn++) {
            try {
                ground().request(session, "DROP TABLE t", "at once");
                session.commit();
                asked++;
            } catch (SQLException said) {
                session.rollback();
            }
        }
        return asked;
    }

    /// Whatever isolation it has: what the door reads as the administrator is not locked for the agent.
    @Test
    default void anOpenTransactionOfAnAgentHoldsUpNeitherAStopNorADecision() throws Exception {
        try (var asking = ground().connect("desk")) {
            ground().request(asking, "CREATE TABLE t (id int)", "why");
        }
        var number = ground().database()
                .query("SELECT MAX(id) FROM agentroles.change_request")
                .getFirst();
        try (var listing = open("desk");
                var refused = open("desk");
                var asking = open("clerk")) {
            ground().requests(listing);
            refused("AR008", "an empty statement", () -> ground().request(refused, "", "why"));
            ground().request(asking, "DROP TABLE t", "in an open transaction");

            ground().clean(
                            "change",
                            "reject",
                            "shop.yaml",
                            ground().database().name() + "/" + number,
                            "--reason",
                            "no");
            ground().clean("rotate", "shop.yaml", "--agent", "desk");
            ground().withoutAsking();
            ground().clean("apply", "shop.yaml", "--yes", "--no-verify");
            ground().clean("freeze", "shop.yaml", "--reason", "a drill");

            // They are ended, and drivers complain of that.
            for (var ended : List.of(listing, refused, asking)) {
                ended.abort(Runnable::run);
            }
        }
    }

    private Connection open(String agent) throws SQLException {
        var session = ground().connect(agent);
        session.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        session.setAutoCommit(false);
        return session;
    }

    static Stream<String> hostile() {
        return Stream.of(
                "'); DROP TABLE orders; --",
                "$fn$; DROP TABLE orders; $fn$",
                "\\'; DROP TABLE orders; # /* \" ` */",
                "line one\r\nline two\u2028and three\u0007",
                "\ud83d\ude00 \u202e\u0000 tail".replace("\u0000", "\u0001"),
                "ALTER TABLE \"a\"\"b\" ADD \"%s ? :x {d '2026-01-01'}\" text",
                "x'; SELECT agentroles_changes.request('a', 'b'); --".repeat(1_000));
    }

    @AsksOnly
    @ParameterizedTest
    @MethodSource("hostile")
    default void whateverAnAgentWritesIsData(String text) throws Exception {
        var reason = text.codePointCount(0, text.length()) > 2_000 ? "long" : text;
        try (var session = ground().connect("desk")) {
            ground().request(session, text, reason);
        }
        assertThat(ground().database().query("SELECT statement FROM agentroles.change_request"))
                .containsExactly(text);
        assertThat(ground().database().query("SELECT reason FROM agentroles.change_request"))
                .containsExactly(reason);
        assertThat(ground().database().query("SELECT COUNT(*) FROM " + ground().orders()))
                .containsExactly("1");
    }

    /// As if the stop had not ended the session yet, nor closed the login.
    @Test
    default void whoeverIsStoppedOrOverIsRefused() throws Exception {
        try (var session = ground().connect("desk")) {
            for (var stop : List.of(
                    "INSERT INTO agentroles.freeze (frozen_by, frozen_at, reason) VALUES ('x', CURRENT_TIMESTAMP, 'x')",
                    "INSERT INTO agentroles.revocation (agent, revoked_by, revoked_at, reason) VALUES ('desk', 'x', CURRENT_TIMESTAMP, 'x')")) {
                ground().database().execute(stop);
                refused("AR007", "stopped", () -> ground().request(session, "DROP TABLE t", "why"));
                refused("AR007", "stopped", () -> ground().requests(session));
                ground().database().execute("DELETE FROM agentroles.freeze", "DELETE FROM agentroles.revocation");
            }
            ground().request(session, "DROP TABLE t", "why");
            ground().expireAll();
            refused("AR007", "is over", () -> ground().request(session, "DROP TABLE t", "why"));
            ground().database()
                    .execute(
                            "UPDATE agentroles.lease SET state = 'ENDED', ended_at = CURRENT_TIMESTAMP, expires_at = expires_at + INTERVAL "
                                    + ground().aDay());
            refused("AR007", "is over", () -> ground().request(session, "DROP TABLE t", "why"));
        }
        assertThat(ground().count()).isOne();
    }

    @Test
    default void somebodyWhoIsNoAgentIsRefused() throws Exception {
        var stranger = ground().stranger();
        try (var session = ground().database().connect(stranger)) {
            refused("AR007", "login of an agent", () -> ground().request(session, "DROP TABLE t", "why"));
        }
    }

    @Test
    default void aSecondApplyWritesNothingAndVerifyFindsNothing() {
        var plan = ground().clean("plan", "shop.yaml");
        assertThat(plan.out()).contains("No changes.");

        var said = ground().clean("verify", "shop.yaml", "--fail-on", "high", "-v", "--no-color");

        assertThat(said.out())
                .doesNotContain(
                        "DEFINER-", "GRANT-", "CHANGE-DOOR", "PROBE-", "WITNESS-DISAGREE", "agentroles_changes");
        ground().clean("audit", "shop.yaml", "--fail-on", "high");
    }

    @Test
    default void thePlanSaysWhyAndWhere() throws Exception {
        ground().withoutAsking();
        ground().clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground().profile();

        var said = ground().ends(2, "plan", "shop.yaml", "-v").out();

        assertThat(said)
                .contains("+ change requests: schema agentroles_changes, ", "EXECUTE on ", "agentroles_changes.request")
                .contains("agent clerk may ask for schema changes, shop.yaml:");
    }

    @Test
    default void whoMayAskNoLongerIsRefusedAndTheLastOneTakesAllOfItAlong() throws Exception {
        ground().withoutAsking("clerk");
        ground().clean("apply", "shop.yaml", "--yes");
        try (var desk = ground().connect("desk");
                var clerk = ground().connect("clerk")) {
            ground().request(desk, "DROP TABLE t", "still");
            assertThatThrownBy(() -> ground().request(clerk, "DROP TABLE t", "why"))
                    .hasMessageContaining("denied");
        }

        ground().withoutAsking();
        assertThat(ground().ends(2, "plan", "shop.yaml").out())
                .contains("- change requests: schema agentroles_changes");
        ground().clean("apply", "shop.yaml", "--yes");

        assertThat(ground().traces()).isEmpty();
        assertThat(ground().clean("plan", "shop.yaml").out()).contains("No changes.");
        assertThat(ground().count()).isOne();
    }

    static Stream<String> drifts() {
        return Stream.of("body", "list", "gone", "all gone");
    }

    @ParameterizedTest
    @MethodSource("drifts")
    default void whatIsNotAsItWasMadeIsFoundAndMended(String drift) throws Exception {
        ground().database()
                .execute(Objects.requireNonNull(ground().drifts().get(drift)).toArray(String[]::new));

        assertThat(ground().ends(2, "verify", "shop.yaml", "--no-color").out()).contains("CHANGE-DOOR");
        assertThat(ground().ends(2, "plan", "shop.yaml").out()).contains("change requests: schema agentroles_changes");
        ground().clean("apply", "shop.yaml", "--yes", "--no-verify");

        assertThat(ground().clean("plan", "shop.yaml").out()).contains("No changes.");
        ground().clean("verify", "shop.yaml", "--fail-on", "high");
        try (var session = ground().connect("desk")) {
            long id = ground().request(session, "DROP TABLE t", "why");
            assertThat(ground().requests(session)).singleElement().asString().startsWith(id + "|DROP TABLE t|");
        }
    }

    @Test
    default void anAgentThatSomebodyLetAskIsFoundAndTakenOut() throws Exception {
        ground().database().execute(ground().opening("bot").toArray(String[]::new));

        assertThat(ground().ends(2, "verify", "shop.yaml", "--no-color").out())
                .contains("DEFINER-ROUTINE", "agentroles_changes.request");
        ground().clean("apply", "shop.yaml", "--yes", "--no-verify");

        ground().clean("verify", "shop.yaml", "--fail-on", "high");
        closedTo("bot");
    }

    @Test
    default void whatAgentrolesDidNotMakeIsNotTouched() throws Exception {
        ground().withoutAsking();
        ground().clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground().database().execute(ground().foreign().toArray(String[]::new));

        assertThat(ground().clean("plan", "shop.yaml").out()).contains("No changes.");
        ground().profile();
        var said = ground().ends(1, "plan", "shop.yaml");

        assertThat(said.out() + said.err()).contains("agentroles_changes", "agentroles did not make", "not touched");
    }

    @AsksOnly
    @Test
    default void theCardTellsTheCallAndTheCallWorks() throws Exception {
        var card = ground().clean("card", "shop.yaml", "--agent", "desk").out();
        assertThat(card).contains("### You may ask for a change of the schema", ground().call());
        assertThat(ground().clean("card", "shop.yaml", "--agent", "desk", "--format", "json")
                        .out())
                .contains("\"change_requests\"", "\"statement_bytes\":65536");
        assertThat(ground().clean("card", "shop.yaml", "--agent", "bot").out()).doesNotContain("agentroles_changes");

        try (var session = ground().connect("desk")) {
            ground().run(session, ground().call());
        }
        assertThat(ground().count()).isOne();
    }
}
