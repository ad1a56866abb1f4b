package dev.agentroles.report;

import dev.agentroles.profile.Profile;

/// What a valid profile holds, for machines.
public final class ProfileJson {
    private ProfileJson() {}

    public static String of(Profile profile) {
        return Json.document("validate", json -> {
            json.value("profile", profile.source());
            json.value("environment", profile.environment());
            json.value("valid", true);
            Json.texts(json, "databases", profile.databases().keySet().stream().toList());
            Json.texts(json, "scopes", profile.scopes().keySet().stream().toList());
            Json.texts(json, "agents", profile.agents().keySet().stream().toList());
            Json.problems(json, "notices", profile.notices());
        });
    }
}
