package dev.agentroles.engine.postgres;

import dev.agentroles.access.RoleName;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The sessions of logins that the administrator has made, and how they end.
///
/// @param membershipOptions whether what a membership gives is said with the membership: PostgreSQL 16 and
/// later
record LoginSessions(Roles roles, boolean membershipOptions) {
    /// No session begins later.
    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

    /// How many each of these logins has open; without those that have none.
    Map<RoleName, Integer> open(Collection<RoleName> logins) throws SQLException {
        try (var statement = roles.administrator().prepareStatement(Sql.resource("sessions.sql"))) {
            statement.setArray(1, roles.names(logins));
            try (var row = statement.executeQuery()) {
                var sessions = new HashMap<RoleName, Integer>();
                while (row.next()) {
                    sessions.put(new RoleName(row.getString("usename")), row.getInt("sessions"));
                }
                return Map.copyOf(sessions);
            }
        }
    }

    /// All at once, which is faster. Where that fails, because one of them is gone or not ours, each by itself:
    /// one must not save the others.
    ///
    /// @return how many there were
    int end(Collection<RoleName> logins, Instant startedBefore) throws SQLException {
        var busy = open(logins).keySet();
        if (busy.isEmpty()) {
            return 0;
        }
        Ended all;
        try {
            all = endTogether(busy, startedBefore);
        } catch (SQLException failed) {
            if (roles.administrator().isClosed()) {
                throw failed;
            }
            all = endEach(busy, startedBefore);
        }
        if (all.left() > 0) {
            throw Failure.error(Problem.of(all.left() + " of " + all.told() + " sessions of " + Roles.list(busy)
                            + " have not ended yet")
                    .remedy("run agentroles reap in a moment"));
        }
        return all.told();
    }

    /// Whenever they began.
    int end(RoleName login) throws SQLException {
        return end(List.of(login), END_OF_TIME);
    }

    /// Of a login that may still log in: it may be back before we look.
    int endOnce(RoleName login) throws SQLException {
        return open(List.of(login)).isEmpty()
                ? 0
                : endTogether(Set.of(login), END_OF_TIME).told();
    }

    /// @param told how many sessions were told to end
    /// @param left how many of them are still there
    private record Ended(int told, int left) {
        Ended plus(Ended other) {
            return new Ended(told + other.told, left + other.left);
        }
    }

    private Ended endEach(Set<RoleName> logins, Instant startedBefore) throws SQLException {
        var all = new Ended(0, 0);
        var refused = new ArrayList<SQLException>();
        for (var login : logins) {
            try {
                all = all.plus(roles.whileThere(login, () -> endTogether(Set.of(login), startedBefore))
                        .orElse(new Ended(0, 0)));
            } catch (SQLException failed) {
                refused.add(failed);
            }
        }
        if (!refused.isEmpty()) {
            throw refused.getFirst();
        }
        return all;
    }

    /// The statements that tell a login's sessions to end, for a transaction that changes the login in the same
    /// breath: whoever comes back waits behind it.
    List<String> telling(RoleName login) {
        return List.of(
                grant(Set.of(login)),
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = " + Sql.literal(login.value()),
                revoke(Set.of(login)));
    }

    private Ended endTogether(Set<RoleName> logins, Instant startedBefore) throws SQLException {
        try (var _ = power(logins)) {
            int told = count("end-sessions.sql", logins, startedBefore);
            count("await-sessions.sql", logins, startedBefore);
            return new Ended(told, count("open-sessions.sql", logins, startedBefore));
        }
    }

    /// Manual, 9.28.2: ending a session needs the power of its role. Whoever made the role may give that to
    /// itself, for as long as it takes. No agent can keep it from that.
    SqlCloseable power(Set<RoleName> logins) throws SQLException {
        roles.run(grant(logins));
        return () -> giveBack(logins);
    }

    private String grant(Set<RoleName> logins) {
        return "GRANT %s TO CURRENT_USER%s"
                .formatted(Roles.list(logins), membershipOptions ? " WITH INHERIT TRUE" : "");
    }

    private static String revoke(Set<RoleName> logins) {
        return "REVOKE %s FROM CURRENT_USER".formatted(Roles.list(logins));
    }

    /// A program that has lost its session drops its own login, just now.
    private void giveBack(Set<RoleName> logins) throws SQLException {
        try {
            roles.run(revoke(logins));
        } catch (SQLException failed) {
            if (roles.administrator().isClosed()) {
                throw failed;
            }
            for (var login : logins) {
                roles.whileThere(login, () -> {
                    roles.run(revoke(Set.of(login)));
                    return login;
                });
            }
        }
    }

    private int count(String query, Set<RoleName> logins, Instant startedBefore) throws SQLException {
        try (var statement = roles.administrator().prepareStatement(Sql.resource(query))) {
            statement.setArray(1, roles.names(logins));
            statement.setObject(2, startedBefore.atOffset(ZoneOffset.UTC));
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
