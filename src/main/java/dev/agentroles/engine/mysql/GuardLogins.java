package dev.agentroles.engine.mysql;

import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.engine.LeaseLogin;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The logins for which the guard has something that it should not have.
///
/// @param excessive it would let these through for longer than their leases last, or by another agent's limits
/// @param gone the server has no account of that name: whoever dropped it died, or could not tell the guard
record GuardLogins(List<RoleName> excessive, List<RoleName> gone) {
    static final GuardLogins NONE = new GuardLogins(List.of(), List.of());

    GuardLogins {
        excessive = List.copyOf(excessive);
        gone = List.copyOf(gone);
    }

    static GuardLogins read(Connection connection) throws SQLException {
        var excessive = new ArrayList<RoleName>();
        var gone = new ArrayList<RoleName>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(Sql.resource("guard-logins.sql"))) {
            while (row.next()) {
                var name = new RoleName(row.getString("name"));
                if (row.getBoolean("excessive")) {
                    excessive.add(name);
                }
                if (row.getBoolean("gone")) {
                    gone.add(name);
                }
            }
        } catch (SQLException refused) {
            if (!Accounts.NO_LEDGER.contains(refused.getErrorCode())) {
                throw refused;
            }
        }
        return new GuardLogins(excessive, gone);
    }

    /// What is left of leases whose login is gone: theirs to end who end leases.
    ///
    /// @param entry of the profile
    List<LeaseLogin> remains(String entry) {
        var prefix = Naming.prefix(entry);
        return gone.stream()
                .filter(login -> login.value().startsWith(prefix))
                .<LeaseLogin>mapMulti((login, remains) -> {
                    // Neither agents nor leases have an underscore.
                    var parts = login.value().substring(prefix.length()).split("_", -1);
                    if (parts.length == 2) {
                        remains.accept(new LeaseLogin(
                                login, parts[0], parts[1], false, Optional.empty(), OptionalInt.empty()));
                    }
                })
                .toList();
    }
}
