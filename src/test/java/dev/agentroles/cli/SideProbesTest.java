package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints.Point;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `verify` tries as several agents at once: with as many sessions as it may, and with one where there are no more.
final class SideProbesTest {
    @AutoClose
    private final Ground shop;

    SideProbesTest(@TempDir Path folder) throws Exception {
        shop = Ground.onFile(folder);
        shop.manyAgents(8);
        shop.clean("apply", "many.yaml", "--yes", "--no-verify");
    }

    /// Roles and databases of other tests come and go meanwhile.
    private static String findings(Operator.Said said) {
        return said.out().replaceAll("\\d+ statements", "statements");
    }

    private Operator.Said verify(String sessions) {
        return shop.operator.run("verify", "many.yaml", "--parallel", sessions);
    }

    @Test
    void asManySessionsTryAsItMayHave() {
        var alone = findings(verify("1"));
        var most = new AtomicInteger();
        shop.operator.dieAt(_ -> most.accumulateAndGet(sessions(), Math::max));

        var together = findings(verify("3"));

        assertThat(most).hasValue(3);
        assertThat(together).isEqualTo(alone);
    }

    @Test
    void oneSessionTriesAllWhereNobodyElseIsLetIn() throws SQLException {
        var alone = findings(verify("1"));
        shop.database.execute("ALTER ROLE %s CONNECTION LIMIT 1"
                .formatted(shop.operator.administrator().username()));

        var full = verify("4");

        assertThat(findings(full)).isEqualTo(alone);
        assertThat(full.err()).contains("one session less on " + shop.database.name() + ": ");
    }

    /// In the middle of a trial.
    @Test
    void whatALostSessionBeganIsDoneAgain() {
        var alone = findings(verify("1"));
        var lost = new AtomicBoolean();
        shop.operator.dieAt(point -> {
            if (point == Point.LOGIN_ISSUED && isBeside() && lost.compareAndSet(false, true)) {
                endAllButTheFirst();
            }
        });

        var together = verify("2");

        assertThat(lost).isTrue();
        assertThat(findings(together)).as(together.err()).isEqualTo(alone);
        assertThat(together.err()).contains("one session less on " + shop.database.name() + ": ");
    }

    @Test
    void anErrorBesideIsTold() {
        shop.operator.dieAt(point -> {
            if (point == Point.LOGIN_ISSUED && isBeside()) {
                throw new IllegalStateException("broken");
            }
        });

        var said = verify("2");

        assertThat(said.code()).as(said.err()).isEqualTo(1);
        assertThat(said.err()).contains("an error of the program itself: IllegalStateException");
    }

    private static boolean isBeside() {
        return Thread.currentThread().getName().startsWith("agentroles-");
    }

    /// Looked at slowly, so that all sessions are there before the work is done.
    private int sessions() {
        return Integer.parseInt(ask("SELECT count(*) FROM pg_stat_activity, pg_sleep(0.1) WHERE usename = '%s'"));
    }

    private void endAllButTheFirst() {
        assertThat(ask("SELECT bool_and(pg_terminate_backend(pid, 5000)) FROM (SELECT pid FROM pg_stat_activity"
                        + " WHERE usename = '%s' ORDER BY backend_start OFFSET 1) AS late"))
                .isEqualTo("t");
    }

    private String ask(String about) {
        try {
            return shop.database
                    .query(about.formatted(shop.operator.administrator().username()))
                    .getFirst();
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }
}
