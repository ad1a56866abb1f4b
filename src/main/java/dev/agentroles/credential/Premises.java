package dev.agentroles.credential;

import java.util.Map;

/// One database as the ends of leases need it.
///
/// @param database the entry's name in the profile
/// @param url JDBC URL without credentials, as leases carry it
/// @param paths where each agent of the profile finds its login, by agent
/// @param folder below which all leases of the environment stand
public record Premises(
        String environment, String database, String url, Map<String, StorePath> paths, StorePath folder) {
    public Premises {
        paths = Map.copyOf(paths);
    }

    /// Whether a secret says that it is for this database, and not for one of the same name elsewhere.
    boolean names(LeaseSecret secret) {
        return secret.database().equals(database)
                && secret.environment().equals(environment)
                && secret.url().equals(url);
    }
}
