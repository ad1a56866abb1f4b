package dev.agentroles.engine.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
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

    private static final int PATIENCE = 5;

    private OwnerPowers() {}

    /// Which of them an account holds, by itself or with a role that it can take on.
    ///
    /// @param session of that account, whose roles are others afterwards
    static Collection<String> of(Connection session) throws SQLException {
        var powers = now(session);
        for (var line : AdministratorGrants.shown(session)) {
            for (var role :
                    AdministratorGrants.roles(line).map(MatchResult::group).toList()) {
                if (takesUp(session, role)) {
                    powers.addAll(now(session));
                }
            }
        }
        return powers;
    }

    private static Set<String> now(Connection session) throws SQLException {
        var lines = new ArrayList<AdministratorGrants.Line>();
        AdministratorGrants.shown(session).forEach(line -> AdministratorGrants.parse(line, lines));
        var grants = new AdministratorGrants("", lines, false);
        var held = new TreeSet<String>();
        POWERS.stream().filter(grants::global).forEach(held::add);
        return held;
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
