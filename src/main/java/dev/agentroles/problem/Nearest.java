package dev.agentroles.problem;

import java.util.Collection;
import java.util.Optional;

/// Finds the word that somebody probably meant.
public final class Nearest {
    /// Longer words are no slip of the finger, and comparing them costs time.
    private static final int LONGEST = 64;

    private Nearest() {}

    /// The known word with the fewest edits from `word`, if a third of its letters or less differ; the first of
    /// several.
    public static Optional<String> to(String word, Collection<String> known) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        var nearest = Optional.<String>empty();
        int fewest = Math.max(1, word.length() / 3) + 1;
        for (var candidate : known) {
            int edits = edits(word, candidate);
            if (edits < fewest) {
                fewest = edits;
                nearest = Optional.of(candidate);
            }
        }
        return nearest;
    }

    /// The same as a question that is safe to print.
    public static Optional<String> question(String word, Collection<String> known) {
        return to(word, known).map(near -> "did you mean \"" + Printable.line(near) + "\"?");
    }

    /// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
    private static int edits(String from, String to) {
        var beforePrevious = new int[to.length() + 1];
        var previous = new int[to.length() + 1];
        var current = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
                }
            }
            var free = beforePrevious;
            beforePrevious = previous;
            previous = current;
            current = free;
        }
        return previous[to.length()];
    }
}
