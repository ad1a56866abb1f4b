package dev.agentroles.engine.postgres;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Desired;
import dev.agentroles.engine.Inspection;
import dev.agentroles.engine.Inventory;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.engine.Rendering;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Step;
import dev.agentroles.profile.Profile;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One look at a PostgreSQL database, for one entry of a profile.
record PostgresInspection(CatalogReader reader, Catalog catalog, Profile profile, Profile.DatabaseEntry entry)
        implements Inspection {
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

    @Override
    public Inventory inventory(AccessState wanted) {
        return new Inventory(
                catalog.relations().stream().map(Catalog.RelationRow::relation).collect(Collectors.toSet()),
                catalog.columns().byRelation(),
                Map.of());
    }

    @Override
    public Rendering render(List<Step> steps) throws SQLException {
        var given = steps.stream().flatMap(PostgresInspection::given).collect(Collectors.toSet());
        var agents = profile.agentsOf(entry.name()).stream()
                .map(agent -> Naming.agentRole(entry.name(), agent.name()))
                .toList();
        var logins = leaseLogins().stream().map(LeaseLogin::login).toList();
        return new Renderer(catalog, reader.ungrantable(given)).render(steps, agents, logins);
    }

    private static Stream<Catalog.TablePrivilege> given(Step step) {
        return switch (step.change()) {
            case Change.Give(var grant) -> given(grant);
            case Change.Withhold(var grant) -> given(grant);
            default -> Stream.empty();
        };
    }

    private static Stream<Catalog.TablePrivilege> given(Grant grant) {
        return switch (grant.on()) {
            case Securable.Relation table -> Stream.of(new Catalog.TablePrivilege(table, grant.privilege()));
            case Securable.Column column -> Stream.of(new Catalog.TablePrivilege(column.owner(), grant.privilege()));
            default -> Stream.empty();
        };
    }

    @Override
    public List<LeaseLogin> leaseLogins() {
        return catalog.roles().values().stream()
                .flatMap(row -> catalog.mark(row.name()).stream().flatMap(mark -> login(row, mark)))
                .toList();
    }

    @Override
    public Set<RoleName> namesakes() {
        return catalog.roles().keySet().stream()
                .filter(name -> name.value().startsWith(Naming.prefix(entry.name())))
                .collect(Collectors.toSet());
    }

    private static Stream<LeaseLogin> login(Catalog.RoleRow row, Mark mark) {
        return switch (mark.kind()) {
            case Mark.Kind.LeaseLogin(var agent, var lease) ->
                Stream.of(new LeaseLogin(
                        row.name(), agent, lease, row.attributes().login(), row.validUntil(), row.connections()));
            case Mark.Kind.TierRole _, Mark.Kind.AgentRole _, Mark.Kind.GuardRole _ -> Stream.empty();
        };
    }
}
