package dev.agentroles.report;

import java.util.Map;
import java.util.Optional;

/// The rules of access to a store, for machines.
public final class PolicyJson {
    private PolicyJson() {}

    public static String of(
            String profile, String environment, String tool, Optional<String> changes, Map<String, String> agents) {
        return Json.document("policy", json -> {
            json.value("profile", profile);
            json.value("environment", environment);
            json.value("tool", tool);
            changes.ifPresent(policy -> json.value("changes", policy));
            json.object("agents");
            agents.forEach(json::value);
            json.end();
        });
    }
}
