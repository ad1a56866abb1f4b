package dev.agentroles.report;

import dev.agentroles.access.Tier;
import dev.agentroles.engine.Promises;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

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
                    text.append("  ").append(padded(word(answer(promise, tier))));
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

    public static String json(List<Promises> tables) {
        return Json.document("tiers", json -> {
            json.array("engines");
            for (var table : tables) {
                json.object();
                json.value("engine", table.engine());
                json.array("promises");
                for (var promise : table.promises()) {
                    json.object();
                    json.value("what", promise.what());
                    for (var tier : Tier.values()) {
                        json.value(tier.word(), answer(promise, tier).name().toLowerCase(Locale.ROOT));
                    }
                    json.value("enforced", promise.enforced());
                    json.value("probed", promise.probed());
                    json.end();
                }
                json.end();
                json.end();
            }
            json.end();
        });
    }

    private static Promises.Answer answer(Promises.Promise promise, Tier tier) {
        return Objects.requireNonNull(promise.answers().get(tier), tier.word());
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
