package dev.agentroles.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A length of time reads as it is written.
final class DurationsTest {
    @ParameterizedTest
    @ValueSource(strings = {"90d", "1d1s", "20h", "1h30m", "15m", "1m30s", "10s", "0s"})
    void theShortestTextIsReadAndWrittenAlike(String text) {
        assertThat(Durations.parse(text).map(Durations::text)).contains(text);
    }

    @Test
    void whatIsLessThanASecondIsNotWritten() {
        assertThat(Durations.text(Duration.ofMillis(999))).isEqualTo("0s");
        assertThat(Durations.text(Duration.ofMillis(60_500))).isEqualTo("1m");
    }
}
