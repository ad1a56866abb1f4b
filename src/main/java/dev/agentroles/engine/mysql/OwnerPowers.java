package dev.agentroles.engine.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;

/// Power over the server that the owner of a schema has no use for. Code that it makes has what its roles have, too:
/// the server lets it take them on.
final class OwnerPowers {
    /// With the last three it changes accounts and the ledger.
    private static final Set<String> POWERS = Set.of(
            "SUPER",
            "CREATE USER",
            "CREATE ROLE",
            "FILE",
            "SHUTDOWN",
            "SET_USER_ID",
            "SET_ANY_DEFINER",
            "SET USER",
            "SYSTEM_USER",
            "ROLE_ADMIN",
            "CONNECTION_ADMIN",
            "CONNECTION ADMIN",
            "SYSTEM_VARIABLES_ADMIN",
            "INSERT",
            "UPDATE",
            "DELETE");

    /// With what an account that has it on one of these databases changes accounts and the ledger as well. A name with
    /// wildcards can stand for them: `%`.
    private static final Set<String> WRITES = Set.of("INSERT", "UPDATE", "DELETE", "DROP", "ALTER", "TRIGGER");

    private static final List<String> NOT_ITS_OWN = List.of("mysql", "agentroles", ChangeDoor.SCHEMA, GuardSql.SCHEMA);

    private static final int PATIENCE = 5;

    private final Set<String> everywhere = new TreeSet<>();
    private final Set<String> databases = new TreeSet<>();

    private OwnerPowers() {}

    /// What an account holds of them, by itself or with a role that it can take on, in a clause.
    ///
    /// @param session of that account, whose roles are others afterwards
    /// @return empty: nothing
    static Optional<String> excess(Connection session) throws SQLException {
        boolean patterns = !Variables.read(session).on("partial_revokes");
        var powers = new OwnerPowers();
        powers.addThoseOf(session, patterns);
        for (var line : AdministratorGrants.shown(session)) {
            for (var role :
                    AdministratorGrants.roles(line).map(MatchResult::group).toList()) {
                if (takesUp(session, role)) {
                    powers.addThoseOf(session, patterns);
                }
            }
        }
        return powers.clause();
    }

    private void addThoseOf(Connection session, boolean patterns) throws SQLException {
        var lines = new ArrayList<AdministratorGrants.Line>();
        AdministratorGrants.shown(session).forEach(line -> AdministratorGrants.parse(line, lines));
        var grants = new AdministratorGrants("", lines, patterns);
        POWERS.stream().filter(grants::global).forEach(everywhere::add);
        NOT_ITS_OWN.stream()
                .filter(schema -> WRITES.stream().anyMatch(privilege -> grants.within(privilege, schema)))
                .forEach(databases::add);
    }

    private Optional<String> clause() {
        var clauses = new ArrayList<String>();
        if (!everywhere.isEmpty()) {
            clauses.add("has " + String.join(", ", everywhere) + " on everything");
        }
        if (!databases.isEmpty()) {
            clauses.add("may write to " + String.join(", ", databases));
        }
        return clauses.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", clauses));
    }

    /// MariaDB lists the roles of roles, too, and lets nobody take up one of these.
    private static boolean takesUp(Connection session, String role) throws SQLException {
        try (var statement = session.createStatement()) {
            statement.execute("SET ROLE " + role);
            return true;
        } catch (SQLException refused) {
            if (session.isValid(PATIENCE)) {
                return false;
            }
            throw refused;
        }
    }
}
