package dev.agentroles.report;

import dev.agentroles.access.Privilege;
import dev.agentroles.audit.Explanation;
import dev.agentroles.engine.Rule;
import java.util.Locale;

/// Why an agent has a privilege, and what a finding means, for machines.
public final class ExplanationJson {
    private ExplanationJson() {}

    public static String of(Rule rule) {
        return Json.document("explain", json -> {
            json.value("code", rule.code());
            json.value("severity", rule.severity().word());
            json.value("meaning", rule.meaning());
            json.value("cure", rule.cure());
            Json.texts(json, "paths", rule.paths());
            Json.texts(json, "controls", rule.controls());
        });
    }

    public static String of(String agent, Privilege privilege, Explanation explanation) {
        return Json.document("explain", json -> {
            json.value("agent", agent);
            json.value("privilege", privilege.sql());
            json.value("object", explanation.on().display());
            json.value("given", explanation.given());
            explanation.superuser().ifPresent(path -> Json.texts(json, "superuser", path));
            json.array("ways");
            for (var way : explanation.ways()) {
                json.object();
                Json.texts(json, "path", way.path());
                json.value("on", way.on().display());
                json.value("source", way.source().name().toLowerCase(Locale.ROOT));
                json.value("reach", way.reach().name().toLowerCase(Locale.ROOT));
                json.value("grantable", way.grantable());
                json.end();
            }
            json.end();
        });
    }
}
