package dev.agentroles.report;

import dev.agentroles.access.Tier;
import dev.agentroles.engine.Promises;
import java.util.List;
import java.util.Locale;

/// The promise table of each engine, for machines.
public final class PromisesJson {
    private PromisesJson() {}

    public static String of(List<Promises> tables) {
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
                        json.value(tier.word(), promise.answer(tier).name().toLowerCase(Locale.ROOT));
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
}
