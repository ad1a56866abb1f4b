package dev.agentroles.draft;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// Some names as a sentence tells them.
final class Listed {
    private static final int FEW = 5;

    private Listed() {}

    /// Sorted; of many the first and how many more.
    static String of(Collection<String> names) {
        var sorted = names.stream().distinct().sorted().toList();
        return sorted.size() <= FEW + 1
                ? all(sorted)
                : all(sorted.subList(0, FEW)) + " and " + (sorted.size() - FEW) + " more";
    }

    private static String all(List<String> names) {
        return names.stream().collect(Collectors.joining(", "));
    }
}
