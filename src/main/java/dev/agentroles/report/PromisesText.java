package dev.agentroles.report;

import dev.agentroles.access.Tier;
import dev.agentroles.engine.Promises;
import java.util.Arrays;
import java.util.List;

/// The promise table of each engine.
public record PromisesText(Paint paint) {
    private static final int WIDTH = 12;

    public String human(List<Promises> tables) {
        var text = new StringBuilder();
        for (var table : tables) {
            int widest = table.promises().stream()
                    .mapToInt(promise -> promise.what().length())
                    .max()
                    .orElse(0);
            text.append(paint.bold(table.engine())).append('\n');
            text.append("  ").append(" ".repeat(widest));
            Arrays.stream(Tier.values()).forEach(tier -> text.append("  ").append(padded(tier.word())));
            text.append('\n');
            for (var promise : table.promises()) {
                text.append("  ")
                        .append(promise.what())
                        .append(" ".repeat(widest - promise.what().length()));
                for (var tier : Tier.values()) {
                    text.append("  ").append(padded(word(promise.answer(tier))));
                }
                text.append('\n')
                        .append(paint.dim("      by: " + promise.enforced()))
                        .append('\n')
                        .append(paint.dim("      probed: " + promise.probed()))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String word(Promises.Answer answer) {
        return switch (answer) {
            case YES -> "yes";
            case NO -> "no";
            case GUARDED -> "with WHERE";
            case UNAVAILABLE -> "not yet";
        };
    }

    private static String padded(String word) {
        return word + " ".repeat(Math.max(0, WIDTH - word.length()));
    }
}
