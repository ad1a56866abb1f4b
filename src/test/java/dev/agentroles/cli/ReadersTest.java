package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.OpenBao;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs of agents that read the store before each connection, while their logins are rotated every
/// second.
final class ReadersTest {
    private static final int THREADS = 20;
    private static final int ROTATIONS = 60;

    /// Rotations for a reap.
    private static final int EACH = 5;

    @Test
    void whoReadsBeforeEachConnectionNeverSeesALoginThatIsRefused(@TempDir Path directory) throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared())) {
            ground.terms("ttl: 8s, overlap: 2s");
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            try (var readers = new Readers(ground, THREADS)) {
                long begin = System.nanoTime();
                for (int rotation = 1; rotation <= ROTATIONS; rotation++) {
                    ground.clean("rotate", "shop.yaml", "--all");
                    if (rotation % EACH == 0) {
                        ground.clean("reap", "shop.yaml");
                    }
                    readers.pause(Duration.ofSeconds(rotation).minusNanos(System.nanoTime() - begin));
                }
                var taken = Duration.ofNanos(System.nanoTime() - begin);

                assertThat(readers.failures())
                        .as("of %d connections", readers.connections())
                        .isEmpty();
                assertThat(readers.connections()).isGreaterThan(THREADS * ROTATIONS / 2);
                assertThat(taken).isLessThan(Duration.ofSeconds(ROTATIONS * 3 / 2));
                assertThat(ground.database.query("SELECT agent || ' ' || count(*) FROM agentroles.journal"
                                + " WHERE action = 'rotate' AND outcome = 'done' GROUP BY agent ORDER BY agent"))
                        .containsExactly(Ground.OTHER + " " + ROTATIONS, Ground.AGENT + " " + ROTATIONS);
            }
        }
    }
}
