package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.harness.LossyProxy;
import dev.agentroles.harness.OpenBao;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// At each step of each act on a lease, a process of its own is killed (`kill -9`), or the database ends its
/// sessions, or the store begins to fail. What stands in the store right afterwards works or is to be erased,
/// the next run brings everything in order, and nothing is left behind.
///
/// The table of what was seen is printed, and stands in `docs/reliability.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrashMatrixTest {
    private static final Path PAGE = Path.of("docs/reliability.md");
    private static final String BEGIN = "<!-- the crash matrix begins -->\n";
    private static final String END = "<!-- the crash matrix ends -->";

    @TempDir
    private Path directory = Path.of("");

    private final AtomicInteger number = new AtomicInteger();
    private final Map<String, String> seen = new ConcurrentHashMap<>();

    /// @param agent whose secret is looked at
    /// @param before brings the ground into the state in which the act is done; what it gives stays open
    /// meanwhile
    /// @param after what must hold when the next run has been
    private record Act(
            String name, String agent, List<String> command, Step before, Check after, List<String> points) {}

    @FunctionalInterface
    private interface Step {
        List<Connection> on(Ground ground) throws Exception;
    }

    @FunctionalInterface
    private interface Check {
        void on(Ground ground, String what) throws Exception;
    }

    /// What goes wrong, and on which ground.
    private enum Trouble {
        KILLED("killed, OpenBao"),
        KILLED_FILE("killed, file store"),
        DATABASE("the database ends the session"),
        STORE("OpenBao obeys, and answers 503 from here on");

        private final String words;

        Trouble(String words) {
            this.words = words;
        }
    }

    private static List<Act> acts() {
        return List.of(
                new Act(
                        "issue",
                        Ground.OTHER,
                        List.of("apply", "shop.yaml", "--yes", "--no-verify"),
                        _ -> List.of(),
                        CrashMatrixTest::convergesToOrder,
                        List.of(
                                "STORE_READ:1",
                                "LOGIN_ISSUED:1",
                                "LOGIN_PROVEN:1",
                                "SECRET_PUBLISHED:1",
                                "PUBLICATION_RECORDED:1")),
                new Act(
                        "rotate",
                        Ground.AGENT,
                        List.of("rotate", "shop.yaml", "--agent", Ground.AGENT),
                        CrashMatrixTest::applied,
                        CrashMatrixTest::convergesToOrder,
                        List.of(
                                "STORE_READ:1",
                                "LOGIN_ISSUED:1",
                                "LOGIN_PROVEN:1",
                                "SECRET_PUBLISHED:1",
                                "PUBLICATION_RECORDED:1",
                                "PREDECESSOR_SHORTENED:1")),
                new Act(
                        "reap",
                        Ground.AGENT,
                        List.of("reap", "shop.yaml"),
                        CrashMatrixTest::muchToReap,
                        CrashMatrixTest::convergesToOrder,
                        List.of(
                                "LOGIN_DROPPED:1",
                                "END_RECORDED:1",
                                "STORE_READ:1",
                                "LOGIN_DROPPED:2",
                                "END_RECORDED:2",
                                "SECRET_ERASED:1")),
                new Act(
                        "reap: max_session",
                        Ground.AGENT,
                        List.of("reap", "shop.yaml"),
                        CrashMatrixTest::aSessionThatIsTooLong,
                        CrashMatrixTest::convergesToOrder,
                        List.of("SESSIONS_ENDED:1")),
                new Act(
                        "exec",
                        Ground.AGENT,
                        List.of("exec", "shop.yaml", "--agent", Ground.AGENT, "--", "true"),
                        CrashMatrixTest::applied,
                        CrashMatrixTest::convergesToOrder,
                        List.of("LOGIN_ISSUED:1", "LOGIN_DROPPED:1", "END_RECORDED:1")),
                new Act(
                        "revoke",
                        Ground.AGENT,
                        List.of("revoke", "shop.yaml", "--agent", Ground.AGENT),
                        CrashMatrixTest::applied,
                        CrashMatrixTest::theAgentIsOut,
                        List.of(
                                "STOP_RECORDED:1",
                                "LOGINS_CLOSED:1",
                                "SESSIONS_ENDED:1",
                                "SECRET_ERASED:1",
                                "DEBT_SETTLED:1")),
                new Act(
                        "freeze",
                        Ground.AGENT,
                        List.of("freeze", "shop.yaml", "--reason", "incident 42"),
                        CrashMatrixTest::applied,
                        CrashMatrixTest::everybodyIsOut,
                        List.of(
                                "STOP_RECORDED:1",
                                "LOGINS_CLOSED:1",
                                "SESSIONS_ENDED:1",
                                "SECRET_ERASED:1",
                                "DEBT_SETTLED:1")),
                new Act(
                        "thaw",
                        Ground.AGENT,
                        List.of("thaw", "shop.yaml", "--yes", "--environment", "production"),
                        CrashMatrixTest::frozenWithDebts,
                        CrashMatrixTest::everybodyIsBack,
                        List.of("SECRET_ERASED:1", "DEBT_SETTLED:1", "STOP_LIFTED:1")));
    }

    @TestFactory
    Stream<DynamicTest> whateverHappensAtEachStep() {
        return acts().stream()
                .flatMap(act -> act.points().stream()
                        .flatMap(point -> Stream.of(Trouble.values())
                                .map(trouble -> DynamicTest.dynamicTest(
                                        act.name() + ", " + point + ": " + trouble.words,
                                        () -> meets(act, point, trouble)))));
    }

    private void meets(Act act, String point, Trouble trouble) throws Exception {
        var what = act.name() + ", " + point + ": " + trouble.words;
        var folder = Files.createDirectory(directory.resolve("trouble-" + number.incrementAndGet()));
        try (var ground =
                trouble == Trouble.KILLED_FILE ? Ground.onFile(folder) : new Ground(folder, OpenBao.shared())) {
            var open = act.before().on(ground);
            var before = ground.published(act.agent()).map(login -> login.username());

            switch (trouble) {
                case KILLED, KILLED_FILE ->
                    assertThat(Victims.killAt(folder, ground, act.command(), point))
                            .as("%s: %s", what, Victims.said(folder))
                            .isTrue();
                case DATABASE -> runUntil(ground, act, point, ground::endOurSessions);
                case STORE -> failTheStore(ground, act, point);
            }

            assertThat(ground.publishedWorksOrIsOwed(act.agent())).as(what).isTrue();
            seen.put(key(act, point, trouble), standing(ground, act.agent(), before.orElse("")));
            act.after().on(ground, what);
            for (var session : open) {
                session.close();
            }
        }
    }

    private static void failTheStore(Ground ground, Act act, String point) throws Exception {
        try (var proxy = new LossyProxy(OpenBao.shared().address())) {
            ground.reach(proxy.address());
            runUntil(ground, act, point, () -> proxy.always(LossyProxy.Fault.REFUSED));
        } finally {
            ground.reach(OpenBao.shared().address());
        }
    }

    /// Runs the act, in which something happens once; how it ends is its own affair.
    private static void runUntil(Ground ground, Act act, String point, Runnable trouble) {
        var parts = point.split(":", 2);
        var left = new AtomicInteger(Integer.parseInt(parts[1]));
        ground.operator.dieAt(reached -> {
            if (reached.name().equals(parts[0]) && left.decrementAndGet() == 0) {
                trouble.run();
            }
        });
        var said = ground.operator.run(act.command().toArray(String[]::new));
        ground.operator.dieAt(FaultPoints.NONE);
        assertThat(left.get()).as(point + ": " + said.out() + said.err()).isLessThanOrEqualTo(0);
    }

    private static String standing(Ground ground, String agent, String before) {
        var published = ground.published(agent);
        if (published.isEmpty()) {
            return "nothing";
        }
        if (!ground.works(published.get())) {
            return "closed, erasure owed";
        }
        return published.get().username().equals(before) ? "the login before" : "the new login";
    }

    private static String key(Act act, String point, Trouble trouble) {
        return act.name() + " " + point + " " + trouble;
    }

    private static String words(String point) {
        var parts = point.split(":", 2);
        var word = parts[0].toLowerCase(Locale.ROOT).replace('_', ' ');
        return parts[1].equals("1") ? word : word + ", for the second time";
    }

    private static List<Connection> applied(Ground ground) {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        return List.of();
    }

    /// An expired lease with its login, one that was never published, and a secret whose login somebody
    /// dropped.
    private static List<Connection> muchToReap(Ground ground) throws SQLException {
        applied(ground);
        ground.clean("rotate", "shop.yaml", "--agent", Ground.AGENT);
        ground.database.execute("UPDATE agentroles.lease SET expires_at = now() - interval '1 minute'"
                + " WHERE agent = 'support-bot' AND store_version = 1");
        ground.operator.dieAt(point -> {
            if (point == Point.LOGIN_PROVEN) {
                throw new Died();
            }
        });
        ground.operator.run("rotate", "shop.yaml", "--agent", Ground.AGENT);
        ground.operator.dieAt(FaultPoints.NONE);
        ground.database.execute(
                "DROP ROLE \"" + ground.published(Ground.OTHER).orElseThrow().username() + '"');
        return List.of();
    }

    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static List<Connection> aSessionThatIsTooLong(Ground ground) throws Exception {
        ground.terms("ttl: 1h, overlap: 10m, max_session: 1s");
        applied(ground);
        var session = ground.connect(Ground.AGENT);
        try (var statement = session.createStatement()) {
            statement.execute("SELECT pg_sleep(1.1)");
        }
        return List.of(session);
    }

    private static List<Connection> frozenWithDebts(Ground ground) throws SQLException {
        applied(ground);
        ground.clean("freeze", "shop.yaml", "--reason", "incident 42");
        for (var agent : List.of(Ground.AGENT, Ground.OTHER)) {
            ground.database.execute("INSERT INTO agentroles.owed (work, agent, object) VALUES ('ERASE_SECRET', '"
                    + agent + "', '" + ground.path(agent) + "')");
        }
        return List.of();
    }

    private static void convergesToOrder(Ground ground, String what) throws SQLException {
        if (ground.database
                .query("SELECT 1 FROM agentroles.lease WHERE state = 'PUBLISHED'")
                .isEmpty()) {
            applied(ground);
        }
        ground.clean("reap", "shop.yaml");
        applied(ground);
        ground.clean("rotate", "shop.yaml");
        ground.everythingIsInOrder(what);
    }

    private static void theAgentIsOut(Ground ground, String what) throws SQLException {
        ground.clean("reap", "shop.yaml");
        assertThat(ground.published(Ground.AGENT)).as(what).isEmpty();
        assertThat(ground.logins()).as(what).singleElement().asString().contains(Ground.OTHER);
        ground.serverAndLedgerAgree(what);
        ground.clean("thaw", "shop.yaml", "--agent", Ground.AGENT, "--yes", "--environment", "production");
        ground.clean("rotate", "shop.yaml");
        ground.everythingIsInOrder(what);
    }

    private static void everybodyIsOut(Ground ground, String what) throws SQLException {
        ground.clean("reap", "shop.yaml");
        assertThat(ground.published(Ground.AGENT)).as(what).isEmpty();
        assertThat(ground.published(Ground.OTHER)).as(what).isEmpty();
        assertThat(ground.logins()).as(what).isEmpty();
        ground.serverAndLedgerAgree(what);
        everybodyIsBack(ground, what);
    }

    private static void everybodyIsBack(Ground ground, String what) throws SQLException {
        ground.clean("thaw", "shop.yaml", "--yes", "--environment", "production");
        applied(ground);
        ground.clean("reap", "shop.yaml");
        ground.everythingIsInOrder(what);
    }

    @AfterAll
    void theTableIsTheOneOnThePage() throws IOException {
        var text = table();
        System.out.println(text + "After each: the next run brings everything in order, and nothing is left behind.");
        long cells = acts().stream().mapToInt(act -> act.points().size()).sum() * (long) Trouble.values().length;
        if (seen.size() < cells) {
            return;
        }
        var page = Files.readString(PAGE);
        var expected =
                page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + text + page.substring(page.indexOf(END));
        if (Boolean.getBoolean("agentroles.write")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(PAGE)
                .as("run the test with -Dagentroles.write=true to write the page anew")
                .content()
                .isEqualTo(expected);
    }

    private String table() {
        var lines = new ArrayList<String>();
        lines.add(Stream.of(Trouble.values())
                .map(trouble -> trouble.words)
                .collect(Collectors.joining(" | ", "| act | when this is done | ", " |")));
        lines.add("|---".repeat(2 + Trouble.values().length) + "|");
        for (var act : acts()) {
            for (var point : act.points()) {
                lines.add(Stream.of(Trouble.values())
                        .map(trouble -> seen.getOrDefault(key(act, point, trouble), "not seen"))
                        .collect(Collectors.joining(" | ", "| " + act.name() + " | " + words(point) + " | ", " |")));
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
