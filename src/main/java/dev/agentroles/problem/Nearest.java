package dev.agentroles.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds what a person may have meant.
public final class Nearest {
    private Nearest() {}

    /// The candidate with the smallest edit distance, if it is near enough to be a slip of the pen: at most a
    /// third of the word's length, at least one and at most four edits. Ties go to the first in order.
    public static Optional<String> to(String word, Collection<String> candidates) {
        int allowed = Math.clamp(word.length() / 3, 1, 4);
        record Scored(String candidate, int distance) {}
        return candidates.stream()
                .map(candidate -> new Scored(candidate, distance(word, candidate, allowed)))
                .filter(scored -> scored.distance() <= allowed)
                .min(Comparator.comparingInt(Scored::distance).thenComparing(Scored::candidate))
                .map(Scored::candidate);
    }

    /// Levenshtein distance; anything beyond `bound` may come back as `bound + 1`.
    private static int distance(String one, String other, int bound) {
        if (Math.abs(one.length() - other.length()) > bound) {
            return bound + 1;
        }
        var previous = new int[other.length() + 1];
        var current = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = previous[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            var swap = previous;
            previous = current;
            current = swap;
        }
        return previous[other.length()];
    }
}
