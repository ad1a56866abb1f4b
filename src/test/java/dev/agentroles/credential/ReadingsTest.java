package dev.agentroles.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Many paths, and how often a store is asked.
final class ReadingsTest {
    private static final List<Integer> AGENTS = IntStream.range(0, 200).boxed().toList();

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void theyComeInTheirOrderAndOnlyALittleAhead() {
        var readings = readings(path -> new SecretStore.Current(Long.parseLong(path.value()), Optional.empty()));
        var seen = new ArrayList<Integer>();

        for (var reading : readings) {
            assertThat(reading.current().version()).isEqualTo(reading.of().longValue());
            seen.add(reading.of());
            assertThat(asked.get() - seen.size()).isLessThan(64);
        }

        assertThat(seen).isEqualTo(AGENTS);
        assertThat(asked).hasValue(AGENTS.size());
    }

    @Test
    void severalAreReadAtOnce() {
        var together = new CountDownLatch(8);
        var readings = readings(path -> {
            together.countDown();
            try {
                assertThat(together.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException stopped) {
                throw new AssertionError(stopped);
            }
            return new SecretStore.Current(0, Optional.empty());
        });

        assertThat(readings.iterator().next().current().version()).isZero();
    }

    @Test
    void aStoreThatIsDownIsNotAskedForEach() {
        var readings = readings(path -> {
            throw Failure.error(Problem.of("no answer").remedy("wait"));
        });
        var failed = new ArrayList<Integer>();

        for (var reading : readings) {
            assertThatThrownBy(reading::current).isInstanceOf(Failure.class).hasMessageStartingWith("no answer");
            failed.add(reading.of());
        }

        assertThat(failed).hasSizeBetween(Readings.ENOUGH, 10);
        assertThat(asked.get()).isLessThanOrEqualTo(10);
    }

    private Readings<Integer> readings(Function<StorePath, SecretStore.Current> answer) {
        return new Readings<>(
                path -> {
                    asked.incrementAndGet();
                    return answer.apply(path);
                },
                AGENTS,
                agent -> new StorePath(Integer.toString(agent)));
    }
}
