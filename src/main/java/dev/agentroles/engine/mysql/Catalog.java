package dev.agentroles.engine.mysql;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Columns;
import dev.agentroles.engine.ScopeResolver;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What one look at the server found. Everything planned afterwards is computed from this.
///
/// @param marks the accounts that carry our mark for this environment and database
/// @param histograms columns of which the server keeps one
/// @param memberships of ours, with the hosts of the member
/// @param grants to ours, with the hosts of the grantee
/// @param expiry the event that ends leases, if there is one
/// @param door what agents ask for schema changes by
record Catalog(
        Dialect dialect,
        Variables variables,
        AdministratorGrants administrator,
        String database,
        Accounts accounts,
        Map<RoleName, Mark> marks,
        Map<Membership, List<String>> memberships,
        List<String> schemas,
        List<RelationRow> relations,
        Columns columns,
        Set<Securable.Column> histograms,
        Map<Grant, List<String>> grants,
        GuardCatalog guard,
        Optional<ExpiryEvent.Found> expiry,
        ChangeDoor door)
        implements ScopeResolver.Ground<Catalog.RelationRow> {
    /// @param view whether it is a view
    /// @param definer whether it reads with its definer's rights
    record RelationRow(Securable.Relation relation, boolean view, boolean definer) implements ScopeResolver.Row {}

    @Override
    public Map<Securable.Relation, Set<Securable.Relation>> ancestors() {
        return Map.of();
    }

    /// What a view reads is only told to whoever may read that, too: so every view with its definer's
    /// rights counts.
    @Override
    public Optional<String> window(RelationRow row, Set<Securable> inside) {
        return row.definer()
                ? Optional.of("it is a view that reads with the rights of whoever defined it")
                : Optional.empty();
    }

    Optional<Mark> mark(RoleName name) {
        return Optional.ofNullable(marks.get(name));
    }

    Optional<Accounts.Account> account(RoleName name) {
        return Optional.ofNullable(accounts.all().get(name));
    }

    /// Whether a role of ours logs in.
    boolean isLogin(RoleName name) {
        return mark(name)
                .filter(mark -> mark.kind() instanceof Mark.Kind.LeaseLogin)
                .isPresent();
    }

    /// The facts about our roles and logins.
    AccessState access() {
        var roles = new HashSet<Role>();
        marks.forEach((name, mark) ->
                roles.add(new Role(name, mark, account(name).orElseThrow().attributes())));
        return new AccessState(
                roles,
                memberships.keySet().stream()
                        .filter(membership -> marks.containsKey(membership.member()))
                        .collect(Collectors.toSet()),
                grants.keySet(),
                Set.of(),
                Set.of(),
                guard.guard(),
                expiry.map(ExpiryEvent.Found::fingerprint),
                door.fingerprint());
    }
}
