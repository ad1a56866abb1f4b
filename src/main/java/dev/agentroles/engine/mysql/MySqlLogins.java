package dev.agentroles.engine.mysql;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.Said;
import dev.agentroles.engine.Target;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Leases in this family: an account that has one role, its agent's, which acts from login on.
/// There is no expiry that the server keeps by itself; the ledger knows it.
///
/// @param administrator the session that makes and drops them
/// @param target the database as the administrator reaches it; a proof goes the same way
/// @param database as the server calls it
record MySqlLogins(Connection administrator, Dialect dialect, Target target, String database) implements Logins {
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private static final int LOOKS = 100;

    @Override
    public List<String> createLogin(Lease lease, LoginTerms terms, Secret password) throws SQLException {
        var statements = new ArrayList<String>();
        if (guarded()) {
            statements.add(GuardSql.account(lease.login(), terms.agentRole(), lease.expiresAt()));
        }
        statements.addAll(dialect.createLogin(lease, Hosts.of(target), terms, password));
        return statements;
    }

    /// Whether there is a guard, which must know of every login.
    private boolean guarded() throws SQLException {
        try (var statement = administrator.createStatement();
                var row = statement.executeQuery(Sql.resource("guarded.sql"))) {
            return row.next();
        }
    }

    @Override
    public Held held(RoleName agentRole) throws SQLException {
        var views = GuardSql.viewsOf(database);
        try (var statement = administrator.prepareStatement(dialect.query("member-of"))) {
            statement.setString(1, views);
            statement.setString(2, agentRole.value());
            try (var row = statement.executeQuery()) {
                var roles = new HashSet<RoleName>();
                boolean byViews = false;
                while (row.next()) {
                    roles.add(new RoleName(row.getString("role")));
                    byViews |= row.getBoolean("holds");
                }
                var urls = target.agentUrls();
                return new Held(byViews ? urls.map(url -> MySqlUrl.in(url, views)) : urls, roles);
            }
        }
    }

    @Override
    public Proof prove(String url, RoleName login, Secret password, RoleName agentRole) {
        boolean plain = url.equals(target.url()) || url.equals(target.agentUrl());
        var begins = plain ? database : GuardSql.viewsOf(database);
        try (var session = Session.open(target.at(url).as(login.value(), password), dialect, SILENCE)) {
            return look(session, login, begins, agentRole);
        } catch (SQLException refused) {
            boolean thither = begins.equals(MySqlUrl.database(url));
            return new Proof.Disproved(Said.text(refused), MySqlErrors.verdict(refused, thither));
        }
    }

    private Proof look(Connection session, RoleName login, String begins, RoleName agentRole) throws SQLException {
        try (var statement = session.createStatement();
                var row = statement.executeQuery(Sql.resource("proof.sql"))) {
            row.next();
            var account = row.getString("account");
            if (Hosts.of(target).stream().noneMatch(host -> account.equals(login.value() + "@" + host))) {
                return new Proof.Disproved("the server counts it as " + account + ", an account that takes it over");
            }
            if (!begins.equals(row.getString("database_name"))) {
                return new Proof.Disproved(
                        "it landed in database " + row.getString("database_name") + " and not in " + begins);
            }
            var roles = row.getString("role");
            boolean acts = roles.equals(agentRole.value())
                    || List.of(roles.split(",")).contains("`" + agentRole.value() + "`@`%`");
            return acts
                    ? new Proof.Proven()
                    : new Proof.Disproved("it does not have the power of " + agentRole, Proof.Verdict.NOT_YET);
        }
    }

    @Override
    public void dropLogin(RoleName login) throws SQLException {
        var account = account(login);
        if (account.isEmpty()) {
            forget(login);
            return;
        }
        if (!(Mark.parse(account.get().mark()).map(Mark::kind).orElse(null) instanceof Mark.Kind.LeaseLogin)) {
            throw Failure.refused(
                    Problem.of("account " + login + " carries no mark of a lease, so agentroles will not drop it")
                            .remedy("drop it by hand if it is not needed"));
        }
        try (var statement = administrator.createStatement()) {
            for (var host : account.get().hosts()) {
                statement.execute(lock(login, host));
            }
            end(List.of(login));
            for (var host : account.get().hosts()) {
                statement.execute("DROP USER IF EXISTS %s".formatted(Sql.account(login, host)));
            }
            // Whoever was let in before the lock and came out after the look; from now on they have no role.
            end(List.of(login));
        } catch (SQLException failed) {
            if (failed.getErrorCode() == ServerErrors.ER_CANNOT_USER_REFERENCED_AS_DEFINER) {
                throw Failure.error(Problem.of("login " + login + " cannot be dropped, because it defines something: "
                                + Said.text(failed))
                        .remedy("it can no longer log in; give that another definer, then run agentroles reap"));
            }
            throw failed;
        }
        forget(login);
    }

    private void forget(RoleName login) throws SQLException {
        if (guarded()) {
            tell(login, GuardSql.forget(login));
        }
    }

    @Override
    public void disarm(Collection<RoleName> logins, Instant at) throws SQLException {
        if (guarded()) {
            for (var login : logins) {
                tell(login, GuardSql.expire(login, at));
            }
        }
    }

    /// When all of its sessions have ended, only a transaction that outlived one can hold the row of a login.
    private void tell(RoleName login, String sql) throws SQLException {
        try (var statement = administrator.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            if (failed.getErrorCode() == ServerErrors.ER_LOCK_WAIT_TIMEOUT) {
                throw Failure.error(Problem.of("login " + login + " is closed and its sessions have ended, but a"
                                + " transaction of its holds its row of the guard: one that it prepared with XA can"
                                + " be committed by any login")
                        .remedy("see XA RECOVER and end it with XA ROLLBACK, then run agentroles reap"));
            }
            throw failed;
        }
    }

    /// The server looks an account up as its client names it, and not again when the password has been checked:
    /// a client that waits in between is let in although the account is locked by then.
    @Override
    public void disempower(Collection<RoleName> logins) throws SQLException {
        var refused = new ArrayList<SQLException>();
        try (var statement = administrator.createStatement()) {
            for (var sql : powers(logins)) {
                try {
                    statement.execute(sql);
                } catch (SQLException failed) {
                    refused.add(failed);
                }
            }
        }
        // One that is gone meanwhile has none either.
        if (!refused.isEmpty() && !powers(logins).isEmpty()) {
            throw refused.getFirst();
        }
    }

    /// The statements that take from logins the role of their agent.
    private List<String> powers(Collection<RoleName> logins) throws SQLException {
        if (logins.isEmpty()) {
            return List.of();
        }
        try (var statement = administrator.prepareStatement(dialect.query("powers"))) {
            statement.setString(1, Like.escape(commonPrefix(logins)) + "%");
            try (var row = statement.executeQuery()) {
                var statements = new ArrayList<String>();
                while (row.next()) {
                    var login = new RoleName(row.getString("login"));
                    var role = new RoleName(row.getString("role"));
                    if (logins.contains(login) && login.value().startsWith(role.value() + "_")) {
                        statements.add("REVOKE %s FROM %s"
                                .formatted(dialect.role(role), Sql.account(login, row.getString("host"))));
                    }
                }
                return List.copyOf(statements);
            }
        }
    }

    private static String lock(RoleName login, String host) {
        return "ALTER USER IF EXISTS %s ACCOUNT LOCK".formatted(Sql.account(login, host));
    }

    private Optional<Accounts.Account> account(RoleName login) throws SQLException {
        return Optional.ofNullable(
                Accounts.read(administrator, dialect, login.value()).all().get(login));
    }

    /// To the server itself there is nothing to say: it keeps no expiry. The ledger does, and
    /// `reap` ends what is over. The guard refuses a writer from then on.
    @Override
    public List<String> expireLogins(Map<RoleName, Instant> ends) throws SQLException {
        return guarded()
                ? ends.entrySet().stream()
                        .map(end -> GuardSql.expire(end.getKey(), end.getValue()))
                        .toList()
                : List.of();
    }

    @Override
    public List<String> closeLogins(Collection<RoleName> logins, Instant at) throws SQLException {
        return locks(logins);
    }

    @Override
    public SQLException named(SQLException failed) throws SQLException {
        return new LockHolders(administrator).named(failed);
    }

    @Override
    public List<String> locking(RoleName login) throws SQLException {
        return locks(List.of(login));
    }

    /// A role is an account on MySQL, and what it holds goes with it. MariaDB marks none: without the ledger none
    /// is known as ours.
    @Override
    public Remains remains(Collection<RoleName> roles) throws SQLException {
        return new Remains(
                Optional.empty(),
                accounts(roles).stream()
                        .flatMap(account ->
                                account.hosts().stream().map(host -> "DROP USER " + Sql.account(account.name(), host)))
                        .toList());
    }

    private List<String> locks(Collection<RoleName> logins) throws SQLException {
        return accounts(logins).stream()
                .flatMap(account -> account.hosts().stream().map(host -> lock(account.name(), host)))
                .toList();
    }

    @Override
    public Set<RoleName> working(Collection<RoleName> logins) throws SQLException {
        return accounts(logins).stream()
                .filter(account -> account.attributes().login())
                .map(Accounts.Account::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Accounts have no end of their own.
    @Override
    public Set<RoleName> unexpired(Collection<RoleName> logins) throws SQLException {
        return accounts(logins).stream().map(Accounts.Account::name).collect(Collectors.toUnmodifiableSet());
    }

    /// Those of them that the server has, at whatever host.
    private List<Accounts.Account> accounts(Collection<RoleName> logins) throws SQLException {
        return logins.isEmpty()
                ? List.of()
                : Accounts.read(administrator, dialect, commonPrefix(logins)).all().values().stream()
                        .filter(account -> logins.contains(account.name()))
                        .toList();
    }

    private static String commonPrefix(Collection<RoleName> logins) {
        return logins.stream()
                .map(RoleName::value)
                .reduce((one, other) -> {
                    int length = 0;
                    while (length < Math.min(one.length(), other.length())
                            && one.charAt(length) == other.charAt(length)) {
                        length++;
                    }
                    return one.substring(0, length);
                })
                .orElse("");
    }

    @Override
    public Map<RoleName, Integer> sessions(Collection<RoleName> logins) throws SQLException {
        var sessions = new HashMap<RoleName, Integer>();
        for (var session : open(logins)) {
            sessions.merge(session.login(), 1, Integer::sum);
        }
        return Map.copyOf(sessions);
    }

    private record Open(long id, RoleName login) {}

    private List<Open> open(Collection<RoleName> logins) throws SQLException {
        if (logins.isEmpty()) {
            return List.of();
        }
        var places = String.join(", ", Collections.nCopies(logins.size(), "?"));
        try (var statement =
                administrator.prepareStatement(Sql.resource("sessions.sql").formatted(places))) {
            int place = 1;
            for (var login : logins) {
                statement.setString(place++, login.value());
            }
            try (var row = statement.executeQuery()) {
                var open = new ArrayList<Open>();
                while (row.next()) {
                    open.add(new Open(row.getLong("id"), new RoleName(row.getString("login"))));
                }
                return List.copyOf(open);
            }
        }
    }

    /// The server does not say when a session began; a profile that would need it is refused. So all of
    /// them end.
    @Override
    public int endSessions(Collection<RoleName> logins, Instant startedBefore) throws SQLException {
        return end(logins);
    }

    @Override
    public int release(RoleName login) throws SQLException {
        return end(List.of(login));
    }

    private int end(Collection<RoleName> logins) throws SQLException {
        var ended = open(logins);
        try (var statement = administrator.createStatement()) {
            for (var session : ended) {
                kill(statement, session.id());
            }
            for (int look = 0; look < LOOKS && !ended.isEmpty(); look++) {
                if (open(logins).isEmpty()) {
                    return ended.size();
                }
                statement.execute("DO SLEEP(0.05)");
            }
        }
        if (!ended.isEmpty()) {
            throw Failure.error(Problem.of(open(logins).size() + " of " + ended.size() + " sessions of "
                            + logins.stream().map(RoleName::value).sorted().collect(Collectors.joining(", "))
                            + " have not ended yet")
                    .remedy("run agentroles reap in a moment"));
        }
        return 0;
    }

    private static void kill(java.sql.Statement statement, long id) throws SQLException {
        try {
            statement.execute("KILL CONNECTION %d".formatted(id));
        } catch (SQLException refused) {
            if (refused.getErrorCode() != ServerErrors.ER_NO_SUCH_THREAD) {
                throw refused;
            }
        }
    }

    @Override
    public List<PreparedTransaction> preparedTransactions() throws SQLException {
        return PreparedTransactions.read(administrator);
    }

    @Override
    public List<LeaseLogin> leaseLogins(String environment, String entry) throws SQLException {
        return marked(accounts(entry), environment, entry);
    }

    @Override
    public Leases leases(String environment, String entry) throws SQLException {
        var accounts = accounts(entry);
        var unmarked = accounts.unmarkedLeases(entry);
        if (!unmarked.isEmpty()) {
            // One that was made between the look at the marks and the look at the accounts has its mark by now.
            unmarked.retainAll(accounts(entry).unmarkedLeases(entry));
        }
        return new Leases(marked(accounts, environment, entry), unmarked);
    }

    private Accounts accounts(String entry) throws SQLException {
        return Accounts.read(administrator, dialect, Naming.prefix(entry));
    }

    private List<LeaseLogin> marked(Accounts accounts, String environment, String entry) throws SQLException {
        var guard = guarded() ? GuardLogins.read(administrator) : GuardLogins.NONE;
        return MySqlInspection.leaseLogins(accounts, guard, environment, entry);
    }
}
