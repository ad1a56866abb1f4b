package dev.agentroles.report;

import java.util.Map;

/// The rules of access to a store.
public final class PolicyText {
    private PolicyText() {}

    /// @param agents policies by agent
    public static String human(String environment, String tool, Map<String, String> agents) {
        var text = new StringBuilder(tool);
        agents.values().forEach(policy -> text.append('\n').append(policy));
        return text.append("\n# environment " + environment + ": " + (agents.size() + 1)
                        + " policies; write each under a name of its own\n")
                .toString();
    }

    public static String json(String profile, String environment, String tool, Map<String, String> agents) {
        return Json.document("policy", json -> {
            json.value("profile", profile);
            json.value("environment", environment);
            json.value("tool", tool);
            json.object("agents");
            agents.forEach(json::value);
            json.end();
        });
    }
}
