package dev.agentroles.credential;

import dev.agentroles.ledger.LeaseRow;
import java.util.Map;
import java.util.Set;

/// One database as the ends of leases need it.
///
/// @param database the entry's name in the profile
/// @param home where its logins are issued
/// @param urls JDBC URLs without credentials, as leases carry them
/// @param paths where each agent of the profile finds its login, by agent
/// @param folder below which all leases of the environment stand
public record Premises(
        String environment,
        String database,
        Home home,
        Set<String> urls,
        Map<String, StorePath> paths,
        StorePath folder) {
    public Premises {
        urls = Set.copyOf(urls);
        paths = Map.copyOf(paths);
    }

    /// Whether a lease stands outside of that folder, as the profile had another path when it was published.
    boolean isElsewhere(LeaseRow row) {
        return !row.storePath().startsWith(folder + "/");
    }

    /// Whether a secret says that it is for this database, and not for one of the same name elsewhere.
    boolean names(LeaseSecret secret) {
        return secret.database().equals(database)
                && secret.environment().equals(environment)
                && urls.contains(secret.url());
    }
}
