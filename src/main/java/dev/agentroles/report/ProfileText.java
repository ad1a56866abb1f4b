package dev.agentroles.report;

import dev.agentroles.profile.Profile;

/// That a profile is valid, and what it holds.
public final class ProfileText {
    private ProfileText() {}

    public static String human(Profile profile) {
        return profile.source() + " is valid: environment " + profile.environment() + ", "
                + Count.of(profile.databases().size(), "database") + ", "
                + Count.of(profile.scopes().size(), "scope") + ", "
                + Count.of(profile.agents().size(), "agent") + ".\n";
    }
}
