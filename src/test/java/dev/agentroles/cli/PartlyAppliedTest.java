package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Naming;
import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.FaultPoints.Point;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// An `apply` that cannot do all of it does the rest, and tells the truth about both.
final class PartlyAppliedTest {
    private static final String[] APPLY = {"apply", "shop.yaml", "--yes", "--no-verify"};

    private final Path directory;

    PartlyAppliedTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @FunctionalInterface
    private interface Act {
        void run() throws Exception;
    }

    /// Something happens when a step is done for the n-th time.
    private static FaultPoints when(Point step, int number, Act act) {
        var times = new AtomicInteger();
        return point -> {
            if (point == step && times.incrementAndGet() == number) {
                try {
                    act.run();
                } catch (Exception failed) {
                    throw new AssertionError(failed);
                }
            }
        };
    }

    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// A login that is proven and was never published.
    private static String orphan(LeaseGround ground, String agent) throws Exception {
        var before = ground.logins();
        ground.operator().dieAt(when(Point.LOGIN_PROVEN, 1, () -> {
            throw new Died();
        }));
        ground.operator().run("rotate", "shop.yaml", "--agent", agent);
        ground.operator().dieAt(FaultPoints.NONE);
        ground.await("its session has ended", () -> ground.sessions().isEmpty());
        return ground.logins().stream()
                .filter(login -> !before.contains(login))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("dev.agentroles.cli.LeaseGround#newest")
    void aLoginThatTheServerRefusesHoldsUpNoOther(CrashMatrix.Grounds grounds) throws Exception {
        try (var ground = grounds.in(directory)) {
            var role = Naming.agentRole(ground.database().name(), ground.other());
            ground.operator().dieAt(when(Point.STORE_READ, 1, () -> ground.drop(role)));

            var said = ground.ends(4, APPLY);

            assertThat(said.out())
                    .containsPattern("\\+ lease \\w+ of " + ground.agent())
                    .contains("! no login can be issued for " + ground.other())
                    .endsWith("Partly applied; run the same command again to finish.\n");
            assertThat(ground.works(ground.published(ground.agent()).orElseThrow()))
                    .isTrue();
            ground.operator().dieAt(FaultPoints.NONE);
            ground.clean(APPLY);
            ground.everythingIsInOrder("after the next apply");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.agentroles.cli.LeaseGround#newest")
    void whatIsDoneIsToldWhenTheSessionIsLost(CrashMatrix.Grounds grounds) throws Exception {
        try (var ground = grounds.in(directory)) {
            ground.operator().dieAt(when(Point.STORE_READ, 2, ground::endOurSessions));

            var said = ground.ends(4, APPLY);

            assertThat(said.out())
                    .containsPattern("\\+ lease \\w+ of " + ground.other())
                    .doesNotContainPattern("\\+ lease \\w+ of " + ground.agent())
                    .contains("\n! ")
                    .endsWith("Partly applied; run the same command again to finish.\n");
            ground.operator().dieAt(FaultPoints.NONE);
            ground.clean(APPLY);
            ground.everythingIsInOrder("after the next apply");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.agentroles.cli.LeaseGround#newest")
    void aLoginThatCannotBeDroppedIsNotToldAsEnded(CrashMatrix.Grounds grounds) throws Exception {
        try (var ground = grounds.in(directory)) {
            ground.clean(APPLY);
            var orphan = orphan(ground, ground.agent());
            try (var _ = ground.holdBack(orphan)) {
                var said = ground.ends(4, APPLY);

                assertThat(said.out()).contains("! ").doesNotContain(" ended\n");
            }
            assertThat(ground.clean(APPLY).out()).contains(" ended\n");
            ground.everythingIsInOrder("after the next apply");
        }
    }

    /// A run that lost its session goes on to publish its login, between the plan that wants it ended and
    /// the end.
    @ParameterizedTest
    @MethodSource("dev.agentroles.cli.LeaseGround#newest")
    void aLoginThatIsPublishedMeanwhileStays(CrashMatrix.Grounds grounds) throws Exception {
        try (var ground = grounds.in(directory)) {
            ground.clean(APPLY);
            var before = ground.published(ground.agent()).orElseThrow();
            orphan(ground, ground.other());
            var proven = new CountDownLatch(1);
            var publish = new CountDownLatch(1);
            ground.operator().dieAt(when(Point.LOGIN_PROVEN, 1, () -> {
                proven.countDown();
                publish.await();
            }));
            var rotation = CompletableFuture.supplyAsync(
                    () -> ground.operator().run("rotate", "shop.yaml", "--agent", ground.agent()));
            proven.await();
            ground.endOurSessions();
            ground.operator().dieAt(when(Point.STORE_READ, 1, () -> {
                publish.countDown();
                rotation.join();
            }));

            var said = ground.clean(APPLY);

            assertThat(said.out()).containsOnlyOnce(" ended\n");
            var published = ground.published(ground.agent()).orElseThrow();
            assertThat(published.username()).isNotEqualTo(before.username());
            assertThat(ground.works(published)).isTrue();
            ground.operator().dieAt(FaultPoints.NONE);
            ground.clean("rotate", "shop.yaml");
            ground.everythingIsInOrder("afterwards");
        }
    }
}
