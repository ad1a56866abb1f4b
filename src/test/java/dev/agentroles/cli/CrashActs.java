package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.FaultPoints.Point;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The acts on a lease, with the steps at which something may go wrong, what they begin with, and what the next
/// run must bring about.
final class CrashActs {
    private CrashActs() {}

    /// @param agent whose secret is looked at
    /// @param before brings the ground into the state in which the act is done; what it gives stays open
    /// meanwhile
    /// @param after what must hold when the next run has been
    record Act(String name, String agent, List<String> command, Step before, Check after, List<String> points) {
        /// Whether it is done where nothing was done before.
        boolean first() {
            return before.equals(NOTHING);
        }
    }

    private static final Step NOTHING = _ -> List.of();

    @FunctionalInterface
    interface Step {
        List<Connection> on(LeaseGround ground) throws Exception;
    }

    @FunctionalInterface
    interface Check {
        void on(LeaseGround ground, String what) throws Exception;
    }

    /// @param agent whose login is there before
    /// @param other whose login is issued first
    static List<Act> of(String agent, String other) {
        return List.of(
                new Act(
                        "issue",
                        other,
                        List.of("apply", "shop.yaml", "--yes", "--no-verify"),
                        NOTHING,
                        CrashActs::convergesToOrder,
                        List.of(
                                "STORE_READ:1",
                                "LOGIN_ISSUED:1",
                                "LOGIN_PROVEN:1",
                                "SECRET_PUBLISHED:1",
                                "PUBLICATION_RECORDED:1")),
                new Act(
                        "apply: ends leases",
                        agent,
                        List.of("apply", "shop.yaml", "--yes", "--no-verify"),
                        CrashActs::anAgentHasLeft,
                        CrashActs::itIsOutUntilItComesBack,
                        List.of(
                                "SECRET_ERASED:1",
                                "LOGIN_DROPPED:1",
                                "END_RECORDED:1",
                                "LOGIN_DROPPED:2",
                                "END_RECORDED:2")),
                new Act(
                        "rotate",
                        agent,
                        List.of("rotate", "shop.yaml", "--agent", agent),
                        CrashActs::applied,
                        CrashActs::convergesToOrder,
                        List.of(
                                "STORE_READ:1",
                                "LOGIN_ISSUED:1",
                                "LOGIN_PROVEN:1",
                                "SECRET_PUBLISHED:1",
                                "PUBLICATION_RECORDED:1",
                                "PREDECESSOR_SHORTENED:1")),
                new Act(
                        "reap",
                        agent,
                        List.of("reap", "shop.yaml"),
                        CrashActs::muchToReap,
                        CrashActs::convergesToOrder,
                        List.of(
                                "LOGIN_DROPPED:1",
                                "END_RECORDED:1",
                                "LOGIN_DROPPED:2",
                                "END_RECORDED:2",
                                "STORE_READ:1",
                                "LOGIN_DROPPED:3",
                                "END_RECORDED:3",
                                "SECRET_ERASED:1")),
                new Act(
                        "exec",
                        agent,
                        List.of("exec", "shop.yaml", "--agent", agent, "--", "true"),
                        CrashActs::applied,
                        CrashActs::convergesToOrder,
                        List.of("LOGIN_ISSUED:1", "LOGIN_DROPPED:1", "END_RECORDED:1")),
                new Act(
                        "revoke",
                        agent,
                        List.of("revoke", "shop.yaml", "--agent", agent),
                        CrashActs::applied,
                        CrashActs::theAgentIsOut,
                        List.of(
                                "STOP_RECORDED:1",
                                "LOGINS_CLOSED:1",
                                "SESSIONS_ENDED:1",
                                "SECRET_ERASED:1",
                                "DEBT_SETTLED:1")),
                new Act(
                        "freeze",
                        agent,
                        List.of("freeze", "shop.yaml", "--reason", "incident 42"),
                        CrashActs::applied,
                        CrashActs::everybodyIsOut,
                        List.of(
                                "STOP_RECORDED:1",
                                "LOGINS_CLOSED:1",
                                "SESSIONS_ENDED:1",
                                "SECRET_ERASED:1",
                                "DEBT_SETTLED:1")),
                new Act(
                        "thaw",
                        agent,
                        List.of("thaw", "shop.yaml", "--yes", "--environment", "production"),
                        CrashActs::frozenWithDebts,
                        CrashActs::everybodyIsBack,
                        List.of("SECRET_ERASED:1", "DEBT_SETTLED:1", "STOP_LIFTED:1")));
    }

    private static List<Connection> applied(LeaseGround ground) {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        return List.of();
    }

    /// One agent is not in the profile any more, and the other has a lease that nobody reaped.
    private static List<Connection> anAgentHasLeft(LeaseGround ground) throws SQLException, IOException {
        applied(ground);
        long first = ground.version(ground.agent());
        ground.clean("rotate", "shop.yaml", "--agent", ground.agent());
        ground.overdue(ground.agent(), first);
        ground.without(ground.other());
        return List.of();
    }

    private static void itIsOutUntilItComesBack(LeaseGround ground, String what) throws Exception {
        ground.clean("reap", "shop.yaml");
        applied(ground);
        assertThat(ground.published(ground.other())).as(what).isEmpty();
        assertThat(ground.logins()).as(what).singleElement().asString().contains(ground.agent());
        ground.serverAndLedgerAgree(what);
        ground.terms("ttl: 1h, overlap: 10m");
        convergesToOrder(ground, what);
    }

    /// Where logins carry a mark: one that the ledger does not know.
    static Act reapOfAnUnknownLogin(String agent) {
        return new Act(
                "reap: a login unknown to the ledger",
                agent,
                List.of("reap", "shop.yaml"),
                CrashActs::anUnknownLogin,
                CrashActs::convergesToOrder,
                List.of("LOGIN_DROPPED:1", "END_RECORDED:1"));
    }

    private static List<Connection> anUnknownLogin(LeaseGround ground) throws Exception {
        applied(ground);
        diesProven(ground);
        ground.database().execute("DELETE FROM agentroles.lease WHERE state = 'ISSUED'");
        return List.of();
    }

    /// An expired lease with its login, a secret whose login somebody dropped, and a login that was never
    /// published.
    private static List<Connection> muchToReap(LeaseGround ground) throws Exception {
        applied(ground);
        long first = ground.version(ground.agent());
        ground.clean("rotate", "shop.yaml", "--agent", ground.agent());
        ground.expire(ground.agent(), first);
        diesProven(ground);
        ground.drop(ground.published(ground.other()).orElseThrow());
        return List.of();
    }

    /// A run that dies when its login is proven; until the server has noticed, the login is left to it.
    private static void diesProven(LeaseGround ground) throws Exception {
        ground.operator().dieAt(point -> {
            if (point == Point.LOGIN_PROVEN) {
                throw new Died();
            }
        });
        ground.operator().run("rotate", "shop.yaml", "--agent", ground.agent());
        ground.operator().dieAt(FaultPoints.NONE);
        ground.await("its session has ended", () -> ground.sessions().isEmpty());
    }

    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static List<Connection> frozenWithDebts(LeaseGround ground) throws SQLException {
        applied(ground);
        ground.clean("freeze", "shop.yaml", "--reason", "incident 42");
        for (var agent : List.of(ground.agent(), ground.other())) {
            ground.database()
                    .execute(
                            "INSERT INTO agentroles.owed (work, agent, object, owed_since, last_error) VALUES ('ERASE_SECRET', '"
                                    + agent + "', '" + ground.path(agent) + "', CURRENT_TIMESTAMP, '')");
        }
        return List.of();
    }

    static void convergesToOrder(LeaseGround ground, String what) throws SQLException {
        if (ground.database()
                .query("SELECT 1 FROM agentroles.lease WHERE state = 'PUBLISHED'")
                .isEmpty()) {
            applied(ground);
        }
        ground.clean("reap", "shop.yaml");
        applied(ground);
        ground.clean("rotate", "shop.yaml");
        ground.everythingIsInOrder(what);
    }

    private static void theAgentIsOut(LeaseGround ground, String what) throws SQLException {
        ground.clean("reap", "shop.yaml");
        assertThat(ground.published(ground.agent())).as(what).isEmpty();
        assertThat(ground.logins()).as(what).singleElement().asString().contains(ground.other());
        ground.serverAndLedgerAgree(what);
        ground.clean("thaw", "shop.yaml", "--agent", ground.agent(), "--yes", "--environment", "production");
        ground.clean("rotate", "shop.yaml");
        ground.everythingIsInOrder(what);
    }

    private static void everybodyIsOut(LeaseGround ground, String what) throws SQLException {
        ground.clean("reap", "shop.yaml");
        assertThat(ground.published(ground.agent())).as(what).isEmpty();
        assertThat(ground.published(ground.other())).as(what).isEmpty();
        assertThat(ground.logins()).as(what).isEmpty();
        ground.serverAndLedgerAgree(what);
        everybodyIsBack(ground, what);
    }

    private static void everybodyIsBack(LeaseGround ground, String what) throws SQLException {
        ground.clean("thaw", "shop.yaml", "--yes", "--environment", "production");
        applied(ground);
        ground.clean("reap", "shop.yaml");
        ground.everythingIsInOrder(what);
    }
}
