package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which leases are rotated when, and what becomes of the login before.
@OnEachPostgreSql
final class RotateTest {
    @AutoClose
    private final Ground ground;

    RotateTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(server, directory);
    }

    @BeforeEach
    void everythingIsApplied() {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @Test
    void whatIsNotDueStays() throws SQLException {
        var before = ground.logins();

        var said = ground.clean("rotate", "shop.yaml");

        assertThat(said.out()).isEqualTo("Rotated 0, 2 not due.\n");
        assertThat(ground.logins()).isEqualTo(before);
    }

    @Test
    void whatIsDueIsReplacedAndTheOldLoginEndsAfterTheOverlap() throws SQLException {
        var old = ground.published("support-bot").orElseThrow();
        ground.later(Duration.ofMinutes(45));

        var said = ground.clean("rotate", "shop.yaml");

        assertThat(said.out()).contains("Rotated 2, 0 not due.");
        assertThat(ground.published("support-bot").orElseThrow().username()).isNotEqualTo(old.username());
        ground.connect("support-bot").close();
        ground.database.connect(old).close();
        assertThat(minutesLeft(old)).isBetween(9, 10);
        assertThat(ground.database.query("SELECT round(extract(epoch FROM rolvaliduntil - now()) / 60) FROM pg_roles"
                        + " WHERE rolname = '" + old.username() + "'"))
                .containsExactly("10");
        assertThat(ground.clean("rotate", "shop.yaml").out()).isEqualTo("Rotated 0, 2 not due.\n");
    }

    @Test
    void theLoginThatApplyReplacesEndsAfterTheOverlapToo() throws SQLException {
        var old = ground.published("support-bot").orElseThrow();
        var kept = ground.published("order-desk").orElseThrow();
        try (var store = ground.operator.store()) {
            store.forget(ground.path("support-bot"));
        }

        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");

        assertThat(ground.published("support-bot").orElseThrow().username()).isNotEqualTo(old.username());
        ground.connect("support-bot").close();
        ground.database.connect(old).close();
        assertThat(minutesLeft(old)).isBetween(9, 10);
        assertThat(minutesLeft(kept)).isBetween(58, 60);
        assertThat(ground.database.query("SELECT round(extract(epoch FROM rolvaliduntil - now()) / 60) FROM pg_roles"
                        + " WHERE rolname = '" + old.username() + "'"))
                .containsExactly("10");
    }

    /// What ends a thread beside the first ends nothing else, and is told as every error of ours.
    @Test
    void anErrorOfOursOnASessionBesideIsTold() {
        var workers = new CopyOnWriteArraySet<Thread>();
        ground.operator.at(() -> {
            if (Thread.currentThread().getName().startsWith("agentroles-")) {
                workers.add(Thread.currentThread());
                if (!workers.iterator().next().equals(Thread.currentThread())) {
                    throw new IllegalStateException("broken");
                }
            }
            return Instant.now();
        });

        var said = ground.clean("rotate", "shop.yaml", "--all");

        assertThat(said.out()).contains("Rotated 2, 0 not due.");
        assertThat(said.err())
                .contains("one session less on " + ground.database.name() + ": opening it ended in an error of"
                        + " agentroles itself: IllegalStateException");
    }

    @Test
    void theOldLoginNeverEndsLaterThanItWouldHave() throws SQLException {
        var old = ground.published("support-bot").orElseThrow();
        ground.later(Duration.ofMinutes(55));

        ground.clean("rotate", "shop.yaml");

        assertThat(minutesLeft(old)).isBetween(4, 5);
    }

    @Test
    void aShorterTimeInTheProfileMakesALeaseDueThatWasGivenMore() throws Exception {
        ground.terms("ttl: 2m, overlap: 30s");

        assertThat(ground.clean("rotate", "shop.yaml").out()).contains("Rotated 0, 2 not due.");
        ground.later(Duration.ofMinutes(2));
        assertThat(ground.clean("rotate", "shop.yaml").out()).contains("Rotated 2, 0 not due.");
    }

    /// The versions of a secret begin at 1 again when it was erased.
    @Test
    void whatWasPublishedBeforeAFreezeIsNoReasonNotToRotate() throws SQLException {
        ground.clean("rotate", "shop.yaml", "--all");
        ground.clean("rotate", "shop.yaml", "--all");
        ground.clean("freeze", "shop.yaml", "--reason", "odd queries");
        ground.clean("thaw", "shop.yaml", "--yes", "--environment", "production");
        ground.clean("rotate", "shop.yaml");

        var said = ground.clean("rotate", "shop.yaml", "--all");

        assertThat(said.out()).contains("Rotated 2, 0 not due.");
        var login = ground.published("support-bot").orElseThrow().username();
        assertThat(ground.clean("status", "shop.yaml").out().lines().filter(line -> line.contains(" published ")))
                .hasSize(2)
                .anyMatch(line -> line.contains(login.substring(login.lastIndexOf('_') + 1)));
    }

    /// A standby takes over whose clock is behind: what was issued before is issued in the future.
    @Test
    void aClockThatGoesBackHoldsNoRotationUp() throws SQLException {
        ground.clean("rotate", "shop.yaml", "--all");
        var old = ground.published("support-bot").orElseThrow();
        ground.later(Duration.ofMinutes(-8));

        assertThat(ground.clean("rotate", "shop.yaml", "--all").out()).contains("Rotated 2, 0 not due.");
        assertThat(minutesLeft(old)).isBetween(9, 10);
        assertThat(ground.clean("rotate", "shop.yaml", "--all").out()).contains("Rotated 2, 0 not due.");

        ground.database.execute("UPDATE agentroles.lease SET expires_at = now() + interval '1 hour' WHERE login = '"
                + old.username() + "'");
        assertThat(ground.clean("rotate", "shop.yaml").out()).contains("Rotated 0, 2 not due.");
        assertThat(minutesLeft(old)).isBetween(9, 10);
    }

    private int minutesLeft(Login login) throws SQLException {
        return Integer.parseInt(ground.database
                .query(
                        "SELECT ceil(extract(epoch FROM expires_at - now()) / 60)::int FROM agentroles.lease WHERE login = '"
                                + login.username() + "'")
                .getFirst());
    }

    @Test
    void anAgentIsRotatedWhenItIsAskedForAndNoOther() {
        var other = ground.published("order-desk");
        var old = ground.published("support-bot");

        ground.clean("rotate", "shop.yaml", "--agent", "support-bot");

        assertThat(ground.published("support-bot")).isNotEqualTo(old);
        assertThat(ground.published("order-desk").orElseThrow().username())
                .isEqualTo(other.orElseThrow().username());
    }

    /// Somebody rotates by a profile that nobody has applied yet.
    @Test
    void aTierIsToldWhenItWasAppliedAndNotBefore() throws IOException {
        ground.operator.edit("shop.yaml", text -> text.replace("tier: ddl-denied", "tier: explore"));

        assertThat(ground.clean("rotate", "shop.yaml").out()).isEqualTo("Rotated 0, 2 not due.\n");
        ground.clean("rotate", "shop.yaml", "--all");
        assertThat(ground.operator.secret("order-desk").orElseThrow().tier()).isEqualTo("orders:ddl-denied");

        assertThat(ground.ends(2, "plan", "shop.yaml").out())
                .contains("says orders:ddl-denied, and it is orders:explore");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(ground.operator.secret("order-desk").orElseThrow().tier()).isEqualTo("orders:explore");
        assertThat(ground.clean("rotate", "shop.yaml").out()).isEqualTo("Rotated 0, 2 not due.\n");
    }

    @Test
    void anUnknownAgentIsWrongUsageWithANearName() {
        var said = ground.ends(64, "rotate", "shop.yaml", "--agent", "support-bt");

        assertThat(said.err()).contains("has no agent \"support-bt\"; did you mean \"support-bot\"?");
    }

    @Test
    void anAgentWhoseRoleIsGoneIsNamedWithWhatMakesItAnew() throws SQLException {
        ground.database.execute("DROP ROLE \"ar_%s_support-bot\"".formatted(ground.database.name()));

        var said = ground.ends(4, "rotate", "shop.yaml", "--all").out();

        assertThat(said)
                .contains("! support-bot on " + ground.database.name() + ": database ")
                .contains("role \"ar_%s_support-bot\" does not exist".formatted(ground.database.name()))
                .contains("apply makes what is ours anew")
                .endsWith("Rotated 1, 0 not due, 1 failed.\n");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground.clean("rotate", "shop.yaml", "--all");
    }

    @Test
    void anErrorOfOursInOneRotationIsToldAndTheOthersGoOn() {
        var first = new AtomicBoolean(true);
        ground.operator.dieAt(point -> {
            if (point == Point.LOGIN_ISSUED && first.getAndSet(false)) {
                throw new IllegalStateException("sesame");
            }
        });

        var said = ground.ends(4, "rotate", "shop.yaml", "--all", "--parallel", "1");

        assertThat(said.out() + said.err())
                .contains("ended in an error of agentroles itself: IllegalStateException")
                .contains("Rotated 1")
                .doesNotContain("sesame");
    }

    @Test
    void aPersonAtATerminalSeesHowARotationGoesOn() {
        ground.operator.answer();

        assertThat(ground.clean("rotate", "shop.yaml", "--all").err())
                .contains("rotated support-bot on " + ground.database.name() + ": it was asked for")
                .contains("rotated order-desk on " + ground.database.name() + ": it was asked for");
    }

    /// The login is proven when the environment is frozen, thawed and applied anew: it is dead by then, and
    /// what it would be published over works.
    @Test
    void aLoginThatAFreezeEndedIsPublishedOverNone() throws SQLException {
        ground.operator.dieAt(point -> {
            if (point == Point.LOGIN_PROVEN) {
                ground.operator.dieAt(FaultPoints.NONE);
                ground.clean("freeze", "shop.yaml", "--reason", "in the middle");
                ground.clean("thaw", "shop.yaml", "--yes", "--environment", "production");
                ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            }
        });

        ground.clean("rotate", "shop.yaml", "--agent", "support-bot");

        ground.connect("support-bot").close();
        ground.clean("reap", "shop.yaml");
        ground.connect("support-bot").close();
    }
}
