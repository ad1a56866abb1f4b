package dev.agentroles.access;

import java.util.Optional;
import java.util.regex.Pattern;

/// How roles of ours are called: `ar_{database}_{scope}_{tier}`, `ar_{database}_{agent}`,
/// `ar_{database}_{agent}_{lease}`, `ar_{database}__guard`. Names in a profile have no underscore, so the
/// parts cannot run into each other; a lease begins with a digit, a tier never does.
public final class Naming {
    /// What a database, scope or agent may be called in a profile: also safe as a path segment of every secret
    /// store.
    public static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    /// Characters of a lease id: one digit, then letters and digits without the ones that look alike.
    public static final int LEASE_LENGTH = 8;

    private Naming() {}

    /// What every role of ours in `database` begins with.
    public static String prefix(String database) {
        return "ar_" + database + "_";
    }

    /// @param database the entry's name in the profile, here and below
    public static RoleName tierRole(String database, String scope, Tier tier) {
        return new RoleName(prefix(database) + scope + "_" + tier.word());
    }

    /// What a tier role stands for; empty where the name is not one of a tier role.
    public static Optional<Mark.Kind.TierRole> tierOf(String database, RoleName role) {
        var name = role.value();
        int end = name.lastIndexOf('_');
        int begin = prefix(database).length();
        if (!name.startsWith(prefix(database)) || end <= begin) {
            return Optional.empty();
        }
        return Tier.parse(name.substring(end + 1))
                .map(tier -> new Mark.Kind.TierRole(name.substring(begin, end), tier));
    }

    public static RoleName agentRole(String database, String agent) {
        return new RoleName(prefix(database) + agent);
    }

    /// What the guard's functions run as on PostgreSQL. Two underscores: no scope or agent has an empty name.
    public static RoleName guardRole(String database) {
        return new RoleName(prefix(database) + "_guard");
    }

    /// Whether a name is one that a lease's login has.
    public static boolean isLeaseLogin(String database, RoleName name) {
        var prefix = prefix(database);
        if (!name.value().startsWith(prefix)) {
            return false;
        }
        var parts = name.value().substring(prefix.length()).split("_", -1);
        return parts.length == 2
                && !parts[0].isEmpty()
                && parts[1].length() == LEASE_LENGTH
                && Character.isDigit(parts[1].charAt(0));
    }

    /// Which lease a login is of, by its name.
    public static String leaseOf(RoleName login) {
        return login.value().substring(login.value().lastIndexOf('_') + 1);
    }

    public static RoleName leaseLogin(String database, String agent, String lease) {
        return new RoleName(prefix(database) + agent + "_" + lease);
    }
}
