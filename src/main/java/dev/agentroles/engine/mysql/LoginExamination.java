package dev.agentroles.engine.mysql;

import dev.agentroles.access.Finding;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.mysql.GrantTables.Account;
import dev.agentroles.engine.mysql.GrantTables.State;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Who gets in: the bounds of a login, ways into it beside its password, and accounts that take logins over.
final class LoginExamination {
    private final Examined examined;
    private final Collection<String> hosts;
    private final Instant now;
    private final List<Finding> findings = new ArrayList<>();

    /// @param hosts from where the profile lets logins come
    /// @param now by the server's clock
    LoginExamination(Examined examined, Collection<String> hosts, Instant now) {
        this.examined = examined;
        this.hosts = hosts;
        this.now = now;
    }

    List<Finding> findings() {
        switch (examined.subject()) {
            case Subject.Login login -> login(login);
            case Subject.AgentRole _ -> hosts.forEach(this::anonymous);
        }
        examined.privileges().closure().keySet().stream()
                .filter(account -> examined.wanted(account) && !isSubjectsLogin(account))
                .filter(account -> !state(account).locked())
                .forEach(this::groupLogin);
        return findings;
    }

    private boolean isSubjectsLogin(Account account) {
        return examined.subject() instanceof Subject.Login login
                && login.role().value().equals(account.user());
    }

    /// Where there is no account there is no way in.
    private State state(Account account) {
        return examined.tables().accounts().getOrDefault(account, new State(true, 0, "", ""));
    }

    private void groupLogin(Account account) {
        add(
                Rule.GROUP_LOGIN,
                account.display() + " only holds grants and can log in",
                account,
                "mysql.user: account_locked is N",
                List.of(alter(account, "ACCOUNT LOCK")));
    }

    private void login(Subject.Login login) {
        var accounts = examined.tables().accounts().keySet().stream()
                .filter(account -> account.user().equals(login.role().value()))
                .sorted(Comparator.comparing(Account::host))
                .toList();
        boolean gone = examined.isAbsent(login.agentRole());
        var ours = accounts.stream()
                .filter(account -> gone || hasRole(account, login.agentRole()))
                .toList();
        accounts.stream()
                .filter(account -> !ours.contains(account))
                .forEach(account -> shadow(
                        account,
                        "does not have the agent's role",
                        "DROP USER " + examined.tables().sql(account)));
        if (ours.stream()
                        .map(account -> state(account).authentication())
                        .distinct()
                        .count()
                > 1) {
            ours.forEach(account -> shadow(
                    account, "has not the password of the login's other accounts", alter(account, "ACCOUNT LOCK")));
        }
        for (var account : ours) {
            bounds(login, account, state(account), ours.size() > 1);
            ways(account, state(account));
        }
    }

    private boolean hasRole(Account account, RoleName role) {
        return examined.tables().edges().stream()
                .anyMatch(edge ->
                        edge.member().equals(account) && edge.role().user().equals(role.value()));
    }

    private void shadow(Account account, String how, String mend) {
        add(
                Rule.ACCOUNT_SHADOW,
                "account %s@%s, which takes over the agent's logins from there, %s"
                        .formatted(account.user(), account.host(), how),
                account,
                "mysql.user",
                List.of(mend));
    }

    /// @param several whether the login would be left with another account
    private void bounds(Subject.Login login, Account account, State state, boolean several) {
        if (state.locked()) {
            drift(account, "cannot log in", List.of(alter(account, "ACCOUNT UNLOCK")));
        } else if (!now.isBefore(login.expiresAt())) {
            extended(login, account);
        }
        if (state.connections() != login.connections()) {
            drift(
                    account,
                    "may have %s sessions at once, declared were %d"
                            .formatted(
                                    state.connections() == 0 ? "any number of" : state.connections() + "",
                                    login.connections()),
                    List.of(alter(account, "WITH MAX_USER_CONNECTIONS " + login.connections())));
        }
        if (!hosts.contains(account.host())) {
            drift(
                    account,
                    "may come from %s, and the profile names %s".formatted(account.host(), String.join(", ", hosts)),
                    several ? List.of("DROP USER " + examined.tables().sql(account)) : List.of());
        }
    }

    /// The server knows no end of a login.
    private void extended(Subject.Login login, Account account) {
        boolean soon = now.isBefore(login.expiresAt().plus(LeaseLogin.REAPED_WITHIN));
        findings.add(Rule.LEASE_EXTENDED.finding(
                soon ? Severity.INFO : Rule.LEASE_EXTENDED.severity(),
                examined.agent(),
                "login %s can still log in, and its lease ended %s"
                        .formatted(account.display(), login.expiresAt().truncatedTo(ChronoUnit.SECONDS)),
                List.of(account.display()),
                "mysql.user: account_locked is N",
                List.of(alter(account, "ACCOUNT LOCK")),
                List.of()));
    }

    private void ways(Account account, State state) {
        if (!state.ways().isEmpty()) {
            add(
                    Rule.SECOND_PASSWORD,
                    "login %s lets in by %s".formatted(account.display(), state.ways()),
                    account,
                    "mysql.user, mysql.global_priv",
                    List.of(alter(
                            account,
                            state.ways().equals("a second password") ? "DISCARD OLD PASSWORD" : "ACCOUNT LOCK")));
        }
    }

    /// An account without a name takes over what comes from its host, whatever name is given.
    private void anonymous(String host) {
        examined.tables().accounts().keySet().stream()
                .filter(account -> account.anonymous() && Hosts.takesOver(account.host(), host))
                .forEach(account -> add(
                        Rule.ACCOUNT_SHADOW,
                        "whoever comes from %s to an account at %s logs in as the account without a name there"
                                .formatted(account.host(), host),
                        account,
                        "mysql.user",
                        List.of("DROP USER " + examined.tables().sql(account))));
    }

    private void drift(Account account, String what, List<String> mend) {
        add(Rule.LEASE_DRIFT, "login %s %s".formatted(account.display(), what), account, "mysql.user", mend);
    }

    private String alter(Account account, String how) {
        return "ALTER USER " + examined.tables().sql(account) + " " + how;
    }

    private void add(Rule rule, String what, Account account, String evidence, List<String> mend) {
        findings.add(rule.finding(examined.agent(), what, List.of(account.display()), evidence, mend, List.of()));
    }
}
