package dev.agentroles.report;

import dev.agentroles.access.Lease;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A length of time as a person wants to know it: `1h 5m`, `42s`, the two largest units.
final class Span {
    private Span() {}

    static String of(Duration duration) {
        if (duration.isNegative()) {
            return "0s";
        }
        var text = Stream.of(
                        duration.toDays() + "d",
                        duration.toHoursPart() + "h",
                        duration.toMinutesPart() + "m",
                        duration.toSecondsPart() + "s")
                .dropWhile(Span::isNone)
                .limit(2)
                .takeWhile(unit -> !isNone(unit))
                .collect(Collectors.joining(" "));
        return text.isEmpty() ? "0s" : text;
    }

    private static boolean isNone(String unit) {
        return unit.startsWith("0");
    }

    /// What is left of a lease that was issued just now, whatever the clocks say.
    static String whole(Lease lease) {
        return of(Duration.between(lease.issuedAt(), lease.expiresAt()));
    }
}
