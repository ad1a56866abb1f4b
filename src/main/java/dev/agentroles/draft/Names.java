package dev.agentroles.draft;

import dev.agentroles.access.Naming;
import dev.agentroles.access.Tier;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Names of a server made fit for a profile, each another, and short enough for the roles that are called by them.
final class Names {
    private final String database;
    private final int bytes;
    private final Set<String> scopes = new HashSet<>();
    private final Set<String> agents = new HashSet<>();

    /// @param database the entry's name
    /// @param bytes of the longest role name of the engine
    Names(String database, int bytes) {
        this.database = database;
        this.bytes = bytes;
    }

    /// As much as is left for a scope.
    static int longestDatabase(int bytes) {
        return (bytes - beside("")) / 2;
    }

    /// What the longest role of a scope has beside the scope's name.
    private static int beside(String database) {
        return Naming.tierRole(database, "", Tier.DDL_DENIED).value().length();
    }

    String scope(String from) {
        int longest = bytes - beside(database);
        return unique(fit(from, "scope", longest), longest, scopes);
    }

    String agent(String from) {
        int longest = bytes
                - Naming.leaseLogin(database, "", "0".repeat(Naming.LEASE_LENGTH))
                        .value()
                        .length();
        return unique(fit(from, "agent", longest), longest, agents);
    }

    private static String unique(String name, int longest, Set<String> taken) {
        var unique = name;
        for (int i = 2; !taken.add(unique); i++) {
            var number = "-" + i;
            unique = cut(name, longest - number.length()) + number;
        }
        return unique;
    }

    /// @param fallback where nothing is left of the name
    static String fit(String name, String fallback, int longest) {
        var fit = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^[^a-z]+|-+$", "");
        return cut(Naming.NAME.matcher(fit).matches() ? fit : fallback, longest);
    }

    private static String cut(String name, int longest) {
        return name.length() <= longest ? name : name.substring(0, longest).replaceAll("-+$", "");
    }
}
