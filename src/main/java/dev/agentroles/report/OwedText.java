package dev.agentroles.report;

import dev.agentroles.ledger.Owed;
import dev.agentroles.problem.Alike;
import dev.agentroles.problem.Printable;
import dev.agentroles.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Work that is owed, each by itself; or counted, where many owe the same, as after a stop while the store was
/// down. JSON names each.
final class OwedText {
    /// More of a kind than this are counted.
    private static final int FEW = 5;

    private OwedText() {}

    /// As clauses.
    static String clauses(List<Owed> all) {
        return groups(all).map(OwedText::what).collect(Collectors.joining(", "));
    }

    /// A line of each: what, where, for how long, and why it is not done.
    static List<String> lines(List<Owed> all, String database, Instant now) {
        return groups(all)
                .map(group -> {
                    var oldest = group.stream()
                            .map(Owed::since)
                            .min(Comparator.naturalOrder())
                            .orElse(now);
                    return what(group) + " on " + database + " for " + Span.of(Duration.between(oldest, now))
                            + tries(group);
                })
                .toList();
    }

    private static Stream<List<Owed>> groups(List<Owed> all) {
        var kinds = all.stream().collect(Collectors.groupingBy(Owed::work, LinkedHashMap::new, Collectors.toList()));
        return kinds.values().stream()
                .flatMap(kind ->
                        kind.size() > FEW ? Stream.of(kind) : kind.stream().map(List::of));
    }

    private static String what(List<Owed> group) {
        var first = group.getFirst();
        return Printable.line(
                group.size() == 1
                        ? first.what()
                        : first.work().of(group.size()) + " of "
                                + Alike.few(group.stream()
                                        .map(Owed::agent)
                                        .distinct()
                                        .toList()));
    }

    private static String tries(List<Owed> group) {
        var errors = new LinkedHashMap<String, List<Problem>>();
        group.stream()
                .filter(owed -> !owed.lastError().isEmpty())
                .forEach(owed -> errors.computeIfAbsent(owed.agent(), _ -> new ArrayList<>())
                        .add(Problem.of(owed.lastError())));
        if (errors.isEmpty()) {
            return "";
        }
        int most = group.stream().mapToInt(Owed::attempts).max().orElse(0);
        return "; " + Count.of(most, "try", "tries") + ", last: "
                + Alike.once(errors, 0).stream().map(Problem::toString).collect(Collectors.joining("; "));
    }
}
