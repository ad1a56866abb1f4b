package dev.agentroles.workspace;

import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Server;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// Roles of an entry on the server of a database that has no stamp of it: another database's, what a database left
/// behind that was dropped and created again, or those of a ledger that was lost. What they hold tells which.
///
/// @param entry the database's name in the profile
record StrangeRoles(String environment, String entry, Server server) {
    /// As many as a person looks at before dropping them.
    private static final int NAMED = 40;

    Problem problem(Collection<RoleName> found) throws SQLException {
        var named = found.stream().sorted().limit(NAMED).toList();
        var identity = server.identity();
        var remains = server.logins().remains(found);
        var what = "database " + identity.database() + " of server " + identity.identifier()
                + " has no stamp of agentroles, and the server has " + found.size()
                + (found.size() == 1 ? " role of " : " roles of ") + environment + ", database entry " + entry + " ("
                + named.stream().map(RoleName::value).collect(Collectors.joining(", ")) + more(found, " and %d more")
                + "): ";
        var correct = "correct the URL of " + entry + ", or give each database an entry of its own name; ";
        if (remains.databases().isEmpty()) {
            return Problem.of(what + "they belong to another database of this server, or the ledger was lost")
                    .remedy(correct + "if schema agentroles was lost, restore it, or drop those roles and run this"
                            + " again: " + dropping(found, named));
        }
        var databases = remains.databases().get();
        if (databases.isEmpty()) {
            return Problem.of(what + "they hold nothing in any database, as when one was dropped and created again")
                    .remedy("drop those roles and run this again: " + dropping(found, named));
        }
        if (databases.equals(List.of(identity.database()))) {
            return Problem.of(what + "they hold something here, so the ledger of this database was lost")
                    .remedy("restore schema agentroles; to begin anew, look at what they own, and then have a superuser"
                            + " run in one session in this database: " + dropping(found, named));
        }
        return Problem.of(what + "they belong to another database of this server, as they hold something in "
                        + String.join(", ", databases))
                .remedy(correct + "if this one is to take the other's place, drop that first and run this again,"
                        + " which says then how to drop the roles");
    }

    private String dropping(Collection<RoleName> found, List<RoleName> named) throws SQLException {
        return String.join("; ", server.logins().remains(named).dropping())
                + more(found, " (the next run names the other %d)");
    }

    private static String more(Collection<RoleName> found, String text) {
        return found.size() > NAMED ? text.formatted(found.size() - NAMED) : "";
    }
}
