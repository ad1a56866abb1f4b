package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The grant tables of a server as they stand: who holds what on what, and who acts as whom. Nothing here is
/// ours alone; what an agent can do is computed from all of it by [EffectivePrivileges].
///
/// @param accounts all of them, roles among them
/// @param held by grantee; what an account without a name holds counts for everybody
/// @param mandatory roles that everybody has
/// @param activatesAll whether all roles of a login act from the beginning
/// @param relations that the administrator is shown
/// @param invokers routines that run with their caller's rights; others do not, or are not shown
record GrantTables(
        boolean mariadb,
        Map<Account, State> accounts,
        Map<Account, List<Held>> held,
        List<Edge> edges,
        List<Proxy> proxies,
        List<Account> mandatory,
        boolean activatesAll,
        List<Relation> relations,
        Set<Securable.Routine> invokers) {
    GrantTables {
        accounts = Map.copyOf(accounts);
        held = Map.copyOf(held);
        edges = List.copyOf(edges);
        proxies = List.copyOf(proxies);
        mandatory = List.copyOf(mandatory);
        relations = List.copyOf(relations);
        invokers = Set.copyOf(invokers);
    }

    /// MySQL calls a role as it calls any account; a role of MariaDB has no host.
    record Account(String user, String host) {
        /// MariaDB's name for everybody.
        static final Account PUBLIC = new Account("PUBLIC", "");

        boolean anonymous() {
            return user.isEmpty();
        }

        /// For people: a role of ours by its name alone.
        String display() {
            return anonymous() ? "''@'" + host + "'" : host.isEmpty() || host.equals("%") ? user : user + "@" + host;
        }
    }

    /// @param connections at most at once; 0: any number
    record State(boolean locked, int connections) {}

    /// What one account holds on one object.
    ///
    /// @param on empty: everything, `*.*`; a schema's name is a pattern
    /// @param words as GRANT writes them; the right to pass on is one of them
    record Held(Optional<Securable> on, Set<String> words) {
        Held {
            words = Set.copyOf(words);
        }
    }

    /// @param acts as soon as the member logs in, without being asked for
    record Edge(Account role, Account member, boolean acts, boolean admin) {}

    /// @param as whom it may act
    record Proxy(Account account, Account as) {}

    /// @param view empty for a table
    record Relation(Securable.Relation name, Optional<View> view) {}

    /// @param text "" if the server does not show it
    record View(String definer, boolean runsAsDefiner, String text) {}

    List<Held> held(Account account) {
        return held.getOrDefault(account, List.of());
    }

    /// As GRANT and REVOKE name it.
    String sql(Account account) {
        if (mariadb && account.equals(Account.PUBLIC)) {
            return "PUBLIC";
        }
        return mariadb && account.host().isEmpty() && !account.anonymous()
                ? Sql.identifier(account.user())
                : Sql.literal(account.user()) + "@" + Sql.literal(account.host());
    }
}
