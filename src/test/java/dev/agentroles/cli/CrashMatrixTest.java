package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.harness.OpenBao;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A process of its own is killed (`kill -9`) at each step of each act on a lease. What stands in the store
/// right afterwards works or is to be erased, the next run brings everything in order, and nothing is left
/// behind.
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
    private final List<String> table = new ArrayList<>();

    /// @param agent whose secret is looked at
    /// @param before brings the ground into the state in which the act is done
    /// @param after what must hold when the next run has been
    private record Act(
            String name, String agent, List<String> command, Step before, Check after, List<String> points) {}

    @FunctionalInterface
    private interface Step {
        void on(Ground ground) throws Exception;
    }

    @FunctionalInterface
    private interface Check {
        void on(Ground ground, String what) throws Exception;
    }

    private static List<Act> acts() {
        return List.of(
                new Act(
                        "issue",
                        Ground.OTHER,
                        List.of("apply", "shop.yaml", "--yes", "--no-verify"),
                        ground -> {},
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
                        ground -> ground.clean("apply", "shop.yaml", "--yes", "--no-verify"),
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
                        "revoke",
                        Ground.AGENT,
                        List.of("revoke", "shop.yaml", "--agent", Ground.AGENT),
                        ground -> ground.clean("apply", "shop.yaml", "--yes", "--no-verify"),
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
                        ground -> ground.clean("apply", "shop.yaml", "--yes", "--no-verify"),
                        CrashMatrixTest::everybodyIsOut,
                        List.of(
                                "STOP_RECORDED:1",
                                "LOGINS_CLOSED:1",
                                "SESSIONS_ENDED:1",
                                "SECRET_ERASED:1",
                                "DEBT_SETTLED:1")));
    }

    @TestFactory
    Stream<DynamicTest> killedAtEachStep() {
        return acts().stream()
                .flatMap(act -> act.points().stream()
                        .map(point -> DynamicTest.dynamicTest(
                                act.name() + " killed after " + point, () -> killed(act, point))));
    }

    private void killed(Act act, String point) throws Exception {
        var what = act.name() + " killed after " + point;
        var folder = Files.createDirectory(directory.resolve("kill-" + number.incrementAndGet()));
        try (var ground = new Ground(folder, OpenBao.shared())) {
            act.before().on(ground);
            var before = ground.published(act.agent()).map(login -> login.username());

            assertThat(Victims.killAt(folder, ground, act.command(), point))
                    .as("%s: %s", what, Victims.said(folder))
                    .isTrue();

            var published = ground.published(act.agent());
            assertThat(ground.publishedWorksOrIsOwed(act.agent())).as(what).isTrue();
            var seen = published.isEmpty()
                    ? "nothing"
                    : !ground.works(published.get())
                            ? "a closed login, its erasure owed"
                            : before.equals(published.map(login -> login.username()))
                                    ? "the login before, which works"
                                    : "the new login, which works";
            act.after().on(ground, what);
            table.add("| %s | %s | %s |".formatted(act.name(), words(point), seen));
        }
    }

    private static String words(String point) {
        var parts = point.split(":", 2);
        var word = parts[0].toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        return parts[1].equals("1") ? word : word + ", for the second time";
    }

    /// An expired lease with its login, one that was never published, and a secret whose login somebody
    /// dropped.
    private static void muchToReap(Ground ground) throws SQLException {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground.clean("rotate", "shop.yaml", "--agent", Ground.AGENT);
        ground.database.execute("UPDATE agentroles.lease SET expires_at = now() - interval '1 minute'"
                + " WHERE agent = 'support-bot' AND store_version = 1");
        ground.operator.dieAt(point -> {
            if (point == Point.LOGIN_PROVEN) {
                throw new Died();
            }
        });
        ground.operator.run("rotate", "shop.yaml", "--agent", Ground.AGENT);
        ground.operator.dieAt(dev.agentroles.credential.FaultPoints.NONE);
        ground.database.execute(
                "DROP ROLE \"" + ground.published(Ground.OTHER).orElseThrow().username() + '"');
    }

    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static void convergesToOrder(Ground ground, String what) throws SQLException {
        if (ground.database
                .query("SELECT 1 FROM agentroles.lease WHERE state = 'PUBLISHED'")
                .isEmpty()) {
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        }
        ground.clean("reap", "shop.yaml");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
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
        ground.clean("thaw", "shop.yaml", "--yes", "--environment", "production");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground.everythingIsInOrder(what);
    }

    @AfterAll
    void theTableIsTheOneOnThePage() throws IOException {
        var rows = acts().stream().mapToInt(act -> act.points().size()).sum();
        var text = Stream.concat(
                        Stream.of(
                                "| act | killed when this was done | what stands in the store right afterwards |",
                                "|---|---|---|"),
                        table.stream())
                .collect(Collectors.joining("\n", "", "\n"));
        System.out.println(text + "After each: the next run brings everything in order, and nothing is left behind.");
        if (table.size() < rows) {
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
}
