package dev.agentroles.engine.mysql;

import dev.agentroles.access.Attributes;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.GrantVerb;
import dev.agentroles.engine.Rendering;
import dev.agentroles.engine.Revoked;
import dev.agentroles.engine.Statement;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Steps as statements of the family, each of which the server carries out wholly or not at all, and by
/// itself. Where a run ends in the middle, the next one's plan is what is left.
final class Renderer {
    private final Catalog catalog;
    private final Dialect dialect;
    private final Rights rights;
    private final GuardSql guard;
    private final Set<String> viewSchemas;
    private final List<Statement> statements = new ArrayList<>();
    private GrantBatch gives = new GrantBatch();
    private GrantBatch takes = new GrantBatch();
    private final Revoked revoked = new Revoked();
    private final Set<Grant> takenAway = new HashSet<>();

    Renderer(Catalog catalog) {
        this.catalog = catalog;
        this.dialect = catalog.dialect();
        this.rights = new Rights(catalog);
        this.guard = new GuardSql(catalog.guard().form());
        this.viewSchemas = catalog.guard().views().keySet().stream()
                .map(Securable.Relation::schema)
                .collect(Collectors.toSet());
    }

    /// What is taken away comes first, before the guard: that waits for whoever uses a table. Memberships are
    /// given last, to roles that are complete: MariaDB works out at each grant to a role what every member
    /// has by it, which takes longer than the grant. After them only goes what they, or other grants, stand in
    /// for, and the guard of tables that nobody writes to any more.
    ///
    /// @param steps in the order of a plan
    Rendering render(List<Step> steps) {
        steps.forEach(step -> {
            if (step.change() instanceof Change.Revoke(var grant)) {
                takenAway.add(grant);
            }
        });
        var superseded = new Superseded(steps, catalog.marks());
        var ordered = steps.stream()
                .sorted(Comparator.comparing(step -> turn(step.change(), superseded)))
                .toList();
        var needs = new GuardNeeds(steps);
        for (var step : ordered) {
            if (!(step.change() instanceof Change.Revoke)) {
                flushTakes();
            }
            if (!(step.change() instanceof Change.Give)) {
                flushGives();
            }
            render(step);
        }
        flushTakes();
        flushGives();
        rights.nextLeases(steps.stream()
                .<RoleName>mapMulti((step, roles) -> {
                    if (step.change() instanceof Change.DropRole(var role)) {
                        roles.accept(role.name());
                    }
                })
                .collect(Collectors.toSet()));
        statements.addAll(EmptiedSchemas.drop(steps, catalog.guard()));
        return new Rendering(
                statements.stream()
                        .map(statement ->
                                statement.after().isEmpty() ? statement.after(needs.of(statement.steps())) : statement)
                        .toList(),
                false,
                false,
                rights.missing());
    }

    private enum Turn {
        TAKE,
        GIVE,
        JOIN,
        TAKE_SUPERSEDED,
        DETACH
    }

    private static Turn turn(Change change, Superseded superseded) {
        if (superseded.contains(change)) {
            return Turn.TAKE_SUPERSEDED;
        }
        return switch (change) {
            case Change.Revoke _, Change.RemoveMembership _, Change.AlterRole _ -> Turn.TAKE;
            case Change.AddMembership _ -> Turn.JOIN;
            case Change.DetachGuard _, Change.RemoveGuardCore _, Change.DropDoor _ -> Turn.DETACH;
            default -> Turn.GIVE;
        };
    }

    private void render(Step step) {
        rights.check(step.change());
        switch (step.change()) {
            case Change.CreateRole(var role) ->
                add(step, dialect.createRole(role.name(), role.mark().text()));
            case Change.AlterRole(var from, var to) -> alter(step, to.name(), from.attributes(), to.attributes());
            case Change.DropRole(var role) -> add(step, dialect.dropRole(role.name()));
            case Change.AddMembership(var membership) -> addMembership(step, membership);
            case Change.RemoveMembership(var membership) -> removeMembership(step, membership);
            case Change.Give(var grant) -> gives.add(grant, dialect.role(grantee(grant)), step);
            case Change.Revoke(var grant) -> take(step, grant);
            case Change.MigrateLedger _, Change.Stamp _, Change.EndLease _, Change.IssueLease _ -> {}
            case Change.InstallGuardCore _, Change.UpgradeGuardCore _ -> {
                add(step, guard.core(catalog.guard().account() != GuardCatalog.Account.ABSENT));
                logins().forEach(login -> add(step, List.of(login)));
            }
            case Change.RemoveGuardCore _ ->
                add(step, guard.remove(catalog.guard().ownPlaces()));
            case Change.AttachGuard(var table, var _) ->
                add(
                        step,
                        guard.attach(
                                guarded(table), viewSchemas, catalog.guard().rightsOn(table.on())));
            case Change.DetachGuard(var table) -> add(step, guard.detach(table.on(), catalog.guard()::rightsOn));
            case Change.SetLimits(var limits, var _) -> add(step, List.of(GuardSql.limits(limits)));
            case Change.DropLimits(var limits) -> add(step, List.of(GuardSql.dropLimits(limits)));
            case Change.PutExpiry _ -> add(step, ExpiryEvent.put(dialect));
            case Change.DropExpiry _ -> add(step, ExpiryEvent.drop());
            case Change.PutDoor _ -> putDoor(step);
            case Change.DropDoor _ -> add(step, ChangeDoor.drop());
            case Change.AddDefault _,
                    Change.RemoveDefault _,
                    Change.PutSetting _,
                    Change.ResetSetting _,
                    Change.Withhold _,
                    Change.Harden _ ->
                throw new IllegalArgumentException(step.change() + " is wanted by no profile of " + dialect.product());
        }
    }

    /// What agents had on the procedures before, and are to keep, is given again.
    private void putDoor(Step step) {
        add(step, catalog.door().put());
        var again = new GrantBatch();
        catalog.grants().keySet().stream()
                .filter(grant -> ChangeDoor.isPart(grant.on()) && !takenAway.contains(grant))
                .forEach(grant -> accounts(grantee(grant)).forEach(account -> again.add(grant, account, step)));
        statements.addAll(again.statements(GrantVerb.GIVE));
    }

    private GuardedTable guarded(Guard.Table table) {
        var tables = catalog.guard().tables();
        return tables.guarded(tables.find(table.on()).orElseThrow(), GuardDefinition.tiers(table.definition()));
    }

    /// The guard is told of logins that were issued before there was one.
    private List<String> logins() {
        return catalog.marks().entrySet().stream()
                .<String>mapMulti((entry, statements) -> {
                    if (entry.getValue().kind() instanceof Mark.Kind.LeaseLogin(var agent, var _)) {
                        catalog.account(entry.getKey())
                                .flatMap(Accounts.Account::expiresAt)
                                .ifPresent(expiresAt -> statements.accept(GuardSql.account(
                                        entry.getKey(),
                                        Naming.agentRole(entry.getValue().database(), agent),
                                        expiresAt)));
                    }
                })
                .sorted()
                .toList();
    }

    private void alter(Step step, RoleName name, Attributes from, Attributes to) {
        for (var account : accounts(name)) {
            if (from.login() && !to.login()) {
                add(step, List.of("ALTER USER %s ACCOUNT LOCK".formatted(account)));
            }
            if (!from.powers().isEmpty()) {
                add(step, List.of("REVOKE ALL PRIVILEGES ON *.* FROM %s".formatted(account)));
            }
            if (from.powers().contains("GRANT OPTION")) {
                add(step, List.of("REVOKE GRANT OPTION ON *.* FROM %s".formatted(account)));
            }
        }
    }

    /// A role of ours as a grantee, or the accounts of a login.
    private List<String> accounts(RoleName name) {
        return catalog.isLogin(name)
                ? catalog.account(name).map(Accounts.Account::hosts).orElse(List.of()).stream()
                        .map(host -> Sql.account(name, host))
                        .toList()
                : List.of(dialect.role(name));
    }

    private void addMembership(Step step, Membership membership) {
        for (var account : accounts(membership.member())) {
            add(step, List.of("GRANT %s TO %s".formatted(dialect.role(membership.group()), account)));
            if (catalog.isLogin(membership.member())) {
                add(step, List.of(dialect.actAtLogin(membership.group(), account)));
            }
        }
    }

    private void removeMembership(Step step, Membership membership) {
        for (var host : catalog.memberships().getOrDefault(membership, List.of())) {
            var member = catalog.isLogin(membership.member())
                    ? Sql.account(membership.member(), host)
                    : dialect.role(membership.member());
            add(step, List.of("REVOKE %s FROM %s".formatted(dialect.role(membership.group()), member)));
        }
    }

    private void take(Step step, Grant grant) {
        var name = grantee(grant);
        for (var host : catalog.grants().getOrDefault(grant, List.of())) {
            takes.add(grant, catalog.isLogin(name) ? Sql.account(name, host) : dialect.role(name), step);
        }
        revoked.add(grant, step);
    }

    private static RoleName grantee(Grant grant) {
        return switch (grant.grantee()) {
            case Grantee.Role(var name) -> name;
            case Grantee.Public() -> throw new IllegalArgumentException("nothing is granted to everybody here");
        };
    }

    private void flushGives() {
        statements.addAll(gives.statements(GrantVerb.GIVE));
        gives = new GrantBatch();
    }

    private void flushTakes() {
        if (revoked.isEmpty()) {
            return;
        }
        statements.addAll(takes.statements(GrantVerb.TAKE));
        takes = new GrantBatch();
        regrantColumns();
        revoked.clear();
    }

    /// Columns that lost with their table what is to stay get it again.
    private void regrantColumns() {
        var again = new GrantBatch();
        catalog.grants()
                .keySet()
                .forEach(grant -> revoked.alsoTakes(grant)
                        .ifPresent(
                                step -> accounts(grantee(grant)).forEach(account -> again.add(grant, account, step))));
        statements.addAll(again.statements(GrantVerb.GIVE));
    }

    private void add(Step step, List<String> sql) {
        sql.forEach(one -> statements.add(new Statement(one, List.of(step))));
    }
}
