package dev.agentroles.report;

import dev.agentroles.profile.Profile;

/// That a profile is valid, and what it holds.
public final class ProfileText {
    private ProfileText() {}

    public static String human(Profile profile) {
        return profile.source() + " is valid: environment " + profile.environment() + ", "
                + count(profile.databases().size(), "database") + ", "
                + count(profile.scopes().size(), "scope") + ", "
                + count(profile.agents().size(), "agent") + ".\n";
    }

    public static String json(Profile profile) {
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

    private static String count(int number, String word) {
        return number + " " + word + (number == 1 ? "" : "s");
    }
}
