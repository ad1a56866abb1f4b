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
    private static final Duration TIME = Duration.ofMinutes(1);

    @Test
    void whoReadsBeforeEachConnectionNeverSeesALoginThatIsRefused(@TempDir Path directory) throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared())) {
            ground.terms("ttl: 8s, overlap: 2s");
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            try (var readers = new Readers(ground, THREADS)) {
                long end = System.nanoTime() + TIME.toNanos();
                int rotations = 0;
                while (System.nanoTime() < end) {
                    ground.clean("rotate", "shop.yaml", "--all");
                    ground.clean("reap", "shop.yaml");
                    rotations++;
                    readers.pause(Duration.ofSeconds(1));
                }

                assertThat(readers.failures())
                        .as("of %d connections", readers.connections())
                        .isEmpty();
                assertThat(readers.connections()).isGreaterThan(THREADS);
                assertThat(rotations).isGreaterThan(10);
            }
        }
    }
}
