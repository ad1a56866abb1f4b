package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.OpenBao;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The clock of this machine is hours away from those of the database and of OpenBao. The database's decides
/// when a login ends, and each store forgets it by its own.
final class ClocksTest {
    private static InstantSource apart(Duration by) {
        return () -> Instant.now().plus(by);
    }

    @ParameterizedTest
    @CsvSource({"PT3H, PT3H behind", "PT-3H, PT3H ahead of"})
    void theClocksOfThisMachineAndOfTheServersAreHoursApart(Duration by, String words, @TempDir Path directory)
            throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared())) {
            ground.operator.at(apart(by));
            wholeLife(ground, words);

            var versions = OpenBao.shared()
                    .call("GET", ground.mount() + "/metadata/" + ground.path(Ground.AGENT), "")
                    .get("data")
                    .asObject()
                    .get("versions")
                    .asObject();
            for (var version : versions.names()) {
                var times = versions.get(version).asObject();
                var kept = Duration.between(
                        Instant.parse(times.getString("created_time")),
                        Instant.parse(times.getString("deletion_time")));
                assertThat(kept).as("version " + version).isBetween(Duration.ofMinutes(58), Duration.ofHours(1));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"PT3H, PT3H behind", "PT-3H, PT3H ahead of"})
    void theSameWithAFile(Duration by, String words, @TempDir Path directory) throws Exception {
        try (var ground = Ground.onFile(directory)) {
            ground.operator.at(apart(by));
            wholeLife(ground, words);

            ground.operator.at(apart(by.plusHours(2)));
            assertThat(ground.published(Ground.AGENT)).as("two hours later").isEmpty();
        }
    }

    private static void wholeLife(Ground ground, String words) throws Exception {
        var applied = ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(applied.out()).contains("expires in 1h");
        assertThat(ground.clean("rotate", "shop.yaml", "--agent", Ground.AGENT).err())
                .containsPattern("note: the clock of database " + ground.database.name() + " is PT(3H|2H59M59S) "
                        + words.substring(words.indexOf(' ') + 1) + " this machine's");
        assertThat(ground.database.query("SELECT round(extract(epoch FROM rolvaliduntil - now()) / 60) FROM pg_roles"
                        + " WHERE rolname = '"
                        + ground.published(Ground.AGENT).orElseThrow().username() + "'"))
                .containsExactly("60");
        ground.everythingIsInOrder("with clocks that are apart");
    }

    @Test
    void clocksThatAgreeAreNotSpokenOf(@TempDir Path directory) throws Exception {
        try (var ground = Ground.onFile(directory)) {
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");

            assertThat(ground.clean("rotate", "shop.yaml").err()).isEmpty();
        }
    }
}
