package dev.agentroles.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two units are enough for a person.
final class SpanTest {
    @ParameterizedTest
    @CsvSource({
        "P2DT3H4M5S, 2d 3h",
        "P2DT4M5S, 2d",
        "PT3H4M5S, 3h 4m",
        "PT10M, 10m",
        "PT42.9S, 42s",
        "PT0.9S, 0s",
        "PT-5S, 0s"
    })
    void theTwoLargestUnitsAreShown(Duration length, String shown) {
        assertThat(Span.of(length)).isEqualTo(shown);
    }
}
