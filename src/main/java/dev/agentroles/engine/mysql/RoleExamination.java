package dev.agentroles.engine.mysql;

import dev.agentroles.access.Finding;
import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.mysql.EffectivePrivileges.Reached;
import dev.agentroles.engine.mysql.GrantTables.Account;
import dev.agentroles.engine.mysql.GrantTables.Edge;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Roles that a subject has and should not have, or should have and has not; and who else acts as it.
final class RoleExamination {
    private static final Set<Rule> TAKEOVER = Set.of(Rule.SUPERUSER, Rule.CREATEROLE, Rule.REPLICATION);

    private final Examined examined;
    private final Accounts accounts;
    private final String administrator;
    private final List<Finding> findings = new ArrayList<>();

    /// @param accounts of the subject's name and those that begin like it, with their marks
    /// @param administrator who looks; MariaDB makes whoever makes a role its member
    RoleExamination(Examined examined, Accounts accounts, String administrator) {
        this.examined = examined;
        this.accounts = accounts;
        this.administrator = administrator;
    }

    List<Finding> findings() {
        examined.strangers().forEach(this::stranger);
        options();
        missing();
        members();
        proxies();
        return findings;
    }

    private void stranger(Reached reached) {
        var held = examined.tables().held(reached.account());
        findings.add(finding(
                        Rule.MEMBERSHIP,
                        "%s %s %s"
                                .formatted(
                                        who(reached),
                                        reached.atOnce() ? "has all that" : "can become by SET ROLE",
                                        reached.account().display() + (reached.atOnce() ? " may do" : "")),
                        reached.path(),
                        reached.account().display() + " holds something on " + held.size() + " objects"
                                + (reached.everybody() ? "; mandatory_roles names it, or PUBLIC has it" : ""),
                        revoke(reached))
                .about(held.stream().flatMap(examined.tables()::objects)));
        held.stream()
                .filter(one -> one.on().isEmpty())
                .flatMap(one ->
                        one.words().stream().map(word -> Map.entry(PrivilegeExamination.onEverything(one, word), word)))
                .filter(entry -> TAKEOVER.contains(entry.getKey()))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toSet())))
                .forEach((rule, words) -> add(
                        rule,
                        "%s can act as %s, which has %s on everything (*.*)"
                                .formatted(
                                        examined.subject().agent(),
                                        reached.account().display(),
                                        words.stream().sorted().collect(Collectors.joining(", "))),
                        reached.path(),
                        "mysql.user or mysql.global_grants",
                        revoke(reached)));
    }

    /// What a tier role has, each of its agents has alike: it is told of the role, once.
    private String who(Reached reached) {
        return departure(reached)
                .filter(this::isGranted)
                .map(hop -> hop.member())
                .filter(member -> !isOwn(member))
                .map(tier -> examined.isPublic(tier) ? "everybody" : "whoever has " + tier.display())
                .orElse(examined.subject().agent());
    }

    private boolean isOwn(Account account) {
        return account.user().equals(examined.subject().role().value())
                || (examined.subject() instanceof Subject.Login login
                        && account.user().equals(login.agentRole().value()));
    }

    private record Hop(Account member, Account role) {}

    /// The first membership on the way that nobody declared. MariaDB's PUBLIC is everybody's, and no membership.
    private Optional<Hop> departure(Reached reached) {
        var via = reached.via();
        for (int i = 1; i < via.size(); i++) {
            if (!examined.wanted(via.get(i)) && !examined.isPublic(via.get(i))) {
                return Optional.of(new Hop(via.get(i - 1), via.get(i)));
            }
        }
        return Optional.empty();
    }

    private boolean isGranted(Hop hop) {
        return examined.tables().edges().stream()
                .anyMatch(
                        edge -> edge.role().equals(hop.role()) && edge.member().equals(hop.member()));
    }

    private List<String> revoke(Reached reached) {
        return departure(reached).map(this::revoke).orElse(List.of());
    }

    private List<String> revoke(Hop hop) {
        return isGranted(hop)
                ? List.of("REVOKE " + examined.tables().sql(hop.role()) + " FROM "
                        + examined.tables().sql(hop.member()))
                : List.of("SET PERSIST mandatory_roles = "
                        + Sql.literal(examined.tables().mandatory().stream()
                                .filter(other -> !other.equals(hop.role()))
                                .map(other -> examined.tables().sql(other))
                                .collect(Collectors.joining(","))));
    }

    private void options() {
        for (var edge : examined.tables().edges()) {
            if (edge.admin() && examined.wanted(edge.role()) && examined.wanted(edge.member())) {
                add(
                        Rule.MEMBERSHIP_ADMIN,
                        "%s has %s with the ADMIN option"
                                .formatted(edge.member().display(), edge.role().display()),
                        List.of(edge.member().display(), edge.role().display()),
                        "mysql.role_edges or mysql.roles_mapping",
                        revokeOption(edge));
            }
        }
    }

    /// MySQL takes the option away only with the role.
    private List<String> revokeOption(Edge edge) {
        var role = examined.tables().sql(edge.role());
        var member = examined.tables().sql(edge.member());
        if (examined.tables().mariadb()) {
            return List.of("REVOKE ADMIN OPTION FOR " + role + " FROM " + member);
        }
        var statements = new ArrayList<>(List.of(revoke(edge), "GRANT " + role + " TO " + member));
        if (edge.acts()) {
            statements.add("SET DEFAULT ROLE " + role + " TO " + member);
        }
        return statements;
    }

    private String revoke(Edge edge) {
        return "REVOKE " + examined.tables().sql(edge.role()) + " FROM "
                + examined.tables().sql(edge.member());
    }

    private void missing() {
        var now = examined.privileges().closure().values().stream()
                .filter(Reached::atOnce)
                .map(reached -> reached.account().user())
                .collect(Collectors.toSet());
        for (var membership : examined.intended().memberships()) {
            if (now.contains(membership.member().value())
                    && !now.contains(membership.group().value())
                    && !examined.isAbsent(membership.group())) {
                add(
                        Rule.MEMBERSHIP_MISSING,
                        "%s does not have the power of %s from the beginning"
                                .formatted(membership.member(), membership.group()),
                        List.of(membership.member().value()),
                        "no row gives it, or it is no default role",
                        List.of());
            }
        }
    }

    /// Leases of the agent have its role, and so has the administrator who made it on MariaDB; nobody else
    /// does.
    private void members() {
        for (var edge : examined.tables().edges()) {
            var member = edge.member();
            var name = member.user() + "@" + member.host();
            if (edge.role().user().equals(examined.subject().role().value())
                    && !name.equals(administrator)
                    && !lease(member)) {
                add(
                        Rule.IMPERSONATOR,
                        "%s has %s and can act as the agent"
                                .formatted(member.display(), edge.role().display()),
                        List.of(member.display(), edge.role().display()),
                        "mysql.role_edges or mysql.roles_mapping",
                        List.of(revoke(edge)));
            }
        }
    }

    private boolean lease(Account member) {
        var account = member.anonymous() ? null : accounts.all().get(new RoleName(member.user()));
        return account != null
                && examined.intended()
                        .mark()
                        .filter(agent -> agent.isOfAgentWithLease(account.mark(), account.name()))
                        .isPresent();
    }

    /// Whoever may act as somebody else has all that this one holds, if the way of logging in allows it.
    /// What the server gives its own root from the beginning is left aside.
    private void proxies() {
        for (var proxy : examined.tables().proxies()) {
            var account = proxy.account();
            if (account.anonymous() || examined.wanted(account)) {
                add(
                        Rule.MEMBERSHIP,
                        "%s may act as %s by PROXY"
                                .formatted(
                                        account.anonymous() ? "everybody" : account.display(),
                                        proxy.as().display()),
                        List.of(account.display(), proxy.as().display()),
                        "mysql.proxies_priv",
                        List.of("REVOKE PROXY ON %s FROM %s"
                                .formatted(
                                        examined.tables().sql(proxy.as()),
                                        examined.tables().sql(account))));
            } else if (examined.wanted(proxy.as())) {
                add(
                        Rule.IMPERSONATOR,
                        "%s may act as %s by PROXY"
                                .formatted(account.display(), proxy.as().display()),
                        List.of(account.display(), proxy.as().display()),
                        "mysql.proxies_priv",
                        List.of("REVOKE PROXY ON %s FROM %s"
                                .formatted(
                                        examined.tables().sql(proxy.as()),
                                        examined.tables().sql(account))));
            }
        }
    }

    private void add(Rule rule, String what, List<String> path, String evidence, List<String> mend) {
        findings.add(finding(rule, what, path, evidence, mend));
    }

    private Finding finding(Rule rule, String what, List<String> path, String evidence, List<String> mend) {
        return rule.finding(examined.agent(), what, path, evidence, mend, List.of());
    }
}
