package dev.agentroles.cli;

/// A first profile, made to publish where a test can look.
final class Stored {
    private Stored() {}

    static String inFile(String profile) {
        return profile.replaceFirst(
                "vault:\n  mount: secret\n  path: .*\n",
                "store: {file: {path: leases.age, identity: {env: AGE_IDENTITY}}}\n");
    }
}
