package dev.agentroles.engine.mysql;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.engine.AgentUrls;
import dev.agentroles.engine.Desired;
import dev.agentroles.engine.Inspection;
import dev.agentroles.engine.Inventory;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.engine.Rendering;
import dev.agentroles.plan.Step;
import dev.agentroles.profile.Profile;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One look at a server, for one entry of a profile.
record MySqlInspection(Catalog catalog, Profile profile, Profile.DatabaseEntry entry) implements Inspection {
    /// What is there of ours. The logins of agents that the profile no longer has are left out: they end as
    /// leases do, and take what they hold with them.
    @Override
    public AccessState access() {
        return catalog.access().without(LeaseLogin.retired(leaseLogins(), profile, entry.name()));
    }

    @Override
    public Desired resolve() {
        return new Resolver(catalog, profile, entry).resolve();
    }

    /// A guarded view shows what is visible of its table.
    @Override
    public Inventory inventory(AccessState wanted) {
        var relations = catalog.relations().stream()
                .map(Catalog.RelationRow::relation)
                .collect(Collectors.toCollection(HashSet::new));
        var columns = new HashMap<>(catalog.columns().byRelation());
        var standsFor = new HashMap<Securable.Relation, Securable.Relation>();
        for (var guarded : wanted.guard().tables()) {
            var view = GuardSql.viewOf(guarded.on());
            relations.add(view);
            standsFor.put(view, guarded.on());
            catalog.guard().tables().find(guarded.on()).ifPresent(table -> columns.put(view, table.visible()));
        }
        return new Inventory(relations, columns, standsFor);
    }

    /// Whoever has a guarded view of the URL's database begins among them, so that plain names lead to them.
    @Override
    public Function<RoleName, AgentUrls> agentUrls(AgentUrls urls, AccessState wanted) {
        var views = GuardSql.viewsOf(catalog.database());
        var writers = wanted.grants().stream()
                .filter(grant -> grant.on() instanceof Securable.Relation relation
                        && relation.schema().equals(views))
                .map(Grant::grantee)
                .collect(Collectors.toSet());
        var agents = wanted.memberships().stream()
                .filter(membership -> writers.contains(Grantee.role(membership.group())))
                .map(Membership::member)
                .collect(Collectors.toSet());
        var writing = urls.map(url -> MySqlUrl.in(url, views));
        return agent -> agents.contains(agent) ? writing : urls;
    }

    @Override
    public Rendering render(List<Step> steps) {
        return new Renderer(catalog).render(steps);
    }

    @Override
    public List<LeaseLogin> leaseLogins() {
        return leaseLogins(catalog.accounts(), catalog.guard().logins(), profile.environment(), entry.name());
    }

    @Override
    public Set<RoleName> namesakes() {
        return catalog.accounts().all().keySet().stream()
                .filter(name -> name.value().startsWith(Naming.prefix(entry.name())))
                .collect(Collectors.toSet());
    }

    static List<LeaseLogin> leaseLogins(Accounts accounts, GuardLogins guard, String environment, String database) {
        return Stream.concat(marked(accounts, environment, database), guard.remains(database).stream())
                .sorted((one, other) -> one.login().compareTo(other.login()))
                .toList();
    }

    private static Stream<LeaseLogin> marked(Accounts accounts, String environment, String database) {
        return accounts.all().values().stream()
                .<LeaseLogin>mapMulti((account, logins) -> account.mark(environment, database)
                        .map(Mark::kind)
                        .ifPresent(kind -> {
                            if (kind instanceof Mark.Kind.LeaseLogin(var agent, var lease)) {
                                logins.accept(new LeaseLogin(
                                        account.name(),
                                        agent,
                                        lease,
                                        account.attributes().login(),
                                        account.expiresAt(),
                                        account.connections(),
                                        Optional.of(new SessionBounds(
                                                Optional.empty(), account.statementTimeout(), Optional.empty()))));
                            }
                        }));
    }
}
