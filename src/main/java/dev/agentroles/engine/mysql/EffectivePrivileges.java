package dev.agentroles.engine.mysql;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.Holdings;
import dev.agentroles.engine.ServerPower;
import dev.agentroles.engine.mysql.GrantTables.Account;
import dev.agentroles.engine.mysql.GrantTables.Edge;
import dev.agentroles.engine.mysql.GrantTables.Held;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// All that one name can do, computed from the grant tables: what its accounts hold, the roles that they
/// have, those that these have, and what everybody has.
///
/// @param closure every account whose power the subject has or can take on, nearest first
record EffectivePrivileges(GrantTables tables, RoleName subject, SequencedMap<Account, Reached> closure) {
    /// @param via from the subject to the account, both included
    /// @param atOnce without SET ROLE
    /// @param everybody the subject has it because everybody does
    record Reached(Account account, List<Account> via, boolean atOnce, boolean everybody) {
        Reached {
            via = List.copyOf(via);
        }

        List<String> path() {
            return via.stream().map(Account::display).toList();
        }

        private Reached then(Account next, boolean acts) {
            return new Reached(
                    next, Stream.concat(via.stream(), Stream.of(next)).toList(), atOnce && acts, everybody);
        }
    }

    /// One row of the grant tables as it reaches the subject.
    record Power(Reached reached, Held held) {}

    /// What is held by the name at a host where it has no account counts, too: the server asks the tables with
    /// the client's host, not with the account's.
    ///
    /// @param hosts from where the subject's logins may come
    /// @return empty if there is no account of that name
    static Optional<EffectivePrivileges> of(GrantTables tables, RoleName subject, Collection<String> hosts) {
        var start = Stream.concat(tables.accounts().keySet().stream(), tables.held().keySet().stream())
                .filter(account -> account.user().equals(subject.value()))
                .distinct()
                .sorted(Comparator.comparing(Account::host))
                .toList();
        return start.stream().anyMatch(tables.accounts()::containsKey)
                ? Optional.of(new EffectivePrivileges(tables, subject, closure(tables, start, hosts)))
                : Optional.empty();
    }

    private static SequencedMap<Account, Reached> closure(
            GrantTables tables, List<Account> start, Collection<String> hosts) {
        var closure = new LinkedHashMap<Account, Reached>();
        // What acts at once is followed first, so that it is never taken for something that must be asked for.
        var now = new ArrayDeque<Reached>();
        var later = new ArrayDeque<Reached>();
        for (var account : start) {
            now.add(new Reached(account, List.of(account), true, false));
        }
        everybody(tables, start, hosts).forEach(reached -> (reached.atOnce() ? now : later).add(reached));
        while (!now.isEmpty() || !later.isEmpty()) {
            var reached = now.isEmpty() ? later.remove() : now.remove();
            if (closure.putIfAbsent(reached.account(), reached) == null) {
                tables.edges().stream()
                        .filter(edge -> edge.member().equals(reached.account()))
                        .map(edge -> reached.then(edge.role(), acts(tables, edge)))
                        .forEach(next -> (next.atOnce() ? now : later).add(next));
            }
        }
        return closure;
    }

    /// A role's roles act with it; a login's only if they are its default, or all are.
    private static boolean acts(GrantTables tables, Edge edge) {
        var member = tables.accounts().get(edge.member());
        boolean login = member != null && !member.locked();
        return !login || edge.acts() || tables.activatesAll();
    }

    /// Accounts without a name give what they hold on databases to whoever comes from their hosts: on MySQL
    /// only while no role is active.
    private static List<Reached> everybody(GrantTables tables, List<Account> start, Collection<String> hosts) {
        var from = start.getFirst();
        boolean roleActs = tables.edges().stream().anyMatch(edge -> start.contains(edge.member()) && acts(tables, edge))
                || (tables.activatesAll() && !tables.mandatory().isEmpty());
        var everybody = new ArrayList<Reached>();
        tables.held().keySet().stream()
                .filter(account ->
                        account.anonymous() && hosts.stream().anyMatch(host -> Hosts.overlap(host, account.host())))
                .sorted(Comparator.comparing(Account::host))
                .forEach(account -> everybody.add(
                        new Reached(account, List.of(from, account), tables.mariadb() || !roleActs, true)));
        if (tables.mariadb()) {
            everybody.add(new Reached(Account.PUBLIC, List.of(from, Account.PUBLIC), true, true));
        }
        tables.mandatory()
                .forEach(role -> everybody.add(new Reached(role, List.of(from, role), tables.activatesAll(), true)));
        return everybody;
    }

    List<Power> powers() {
        return closure.values().stream()
                .flatMap(reached -> tables.held(reached.account()).stream()
                        .filter(held ->
                                !reached.account().anonymous() || held.on().orElse(null) instanceof Securable.Schema)
                        .map(held -> new Power(reached, held)))
                .toList();
    }

    /// In the terms of all engines. What is held on everything, or on every database that a pattern fits, is
    /// told of each object in them that the administrator is shown. Where several patterns fit one database the
    /// server takes one of them, by rules that differ: here all of them count.
    Holdings holdings() {
        var all = new ArrayList<Holding>();
        for (var power : powers()) {
            for (var word : power.held().words()) {
                Privilege.of(word)
                        .ifPresent(privilege -> tables.covered(power.held(), word)
                                .map(on -> holding(power, privilege, on))
                                .forEach(all::add));
            }
        }
        return new Holdings(subject, Optional.empty(), all);
    }

    /// What concerns the server and no object, as words that are no [Privilege] do; roles that the subject may pass on,
    /// and accounts as which it may log in.
    List<ServerPower> serverPowers() {
        var powers = new ArrayList<ServerPower>();
        for (var power : powers()) {
            var words = power.held().words().stream()
                    .filter(word ->
                            power.held().on().isEmpty() && Privilege.of(word).isEmpty())
                    .sorted()
                    .toList();
            if (!words.isEmpty()) {
                powers.add(new ServerPower(
                        String.join(", ", words) + " on *.*", power.reached().path()));
            }
        }
        for (var reached : closure.values()) {
            tables.edges().stream()
                    .filter(edge -> edge.admin() && edge.member().equals(reached.account()))
                    .map(edge -> "role " + edge.role().display() + " WITH ADMIN OPTION")
                    .forEach(what -> powers.add(new ServerPower(what, reached.path())));
            tables.proxies().stream()
                    .filter(proxy -> proxy.account().equals(reached.account()))
                    .map(proxy -> "PROXY on " + proxy.as().display())
                    .forEach(what -> powers.add(new ServerPower(what, reached.path())));
        }
        return powers;
    }

    private static Holding holding(Power power, Privilege privilege, Securable on) {
        return new Holding(
                privilege,
                on,
                power.held().words().contains("GRANT OPTION"),
                Holding.Source.GRANT,
                power.reached().atOnce() ? Holding.Reach.AT_ONCE : Holding.Reach.SET_ROLE,
                power.reached().path());
    }
}
