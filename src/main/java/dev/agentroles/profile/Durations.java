package dev.agentroles.profile;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Lengths of time as a profile writes them: `90s`, `15m`, `1h30m`, `7d`.
public final class Durations {
    static final String FORM = "a length of time such as 90s, 15m, 1h30m or 7d";

    /// Longer is no short-lived login.
    static final Duration LONGEST = Duration.ofDays(365);

    /// PostgreSQL keeps its timeouts in milliseconds, as an integer of 32 bits: 24 days and 20 hours.
    static final Duration LONGEST_TIMEOUT = Duration.ofDays(24);

    private static final Pattern TEXT =
            Pattern.compile("(?:([0-9]{1,9})d)?(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?");

    private Durations() {}

    /// Empty if the text is not of the form; zero and unreasonable lengths are left to the caller.
    static Optional<Duration> parse(String text) {
        var parts = TEXT.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofDays(number(parts.group(1)))
                .plusHours(number(parts.group(2)))
                .plusMinutes(number(parts.group(3)))
                .plusSeconds(number(parts.group(4))));
    }

    /// The shortest text of whole seconds: `1h30m`.
    public static String text(Duration duration) {
        var text = Stream.of(
                        duration.toDays() + "d",
                        duration.toHoursPart() + "h",
                        duration.toMinutesPart() + "m",
                        duration.toSecondsPart() + "s")
                .filter(part -> !part.startsWith("0"))
                .collect(Collectors.joining());
        return text.isEmpty() ? "0s" : text;
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
