package dev.agentroles.engine.postgres;

import dev.agentroles.access.DefaultGrant;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Rendering.MissingRight;
import dev.agentroles.engine.postgres.Catalog.GrantRow;
import dev.agentroles.engine.postgres.Catalog.TablePrivilege;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Reason;
import dev.agentroles.plan.Step;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the administrator may not do of a plan, and the statement with which a database administrator cures
/// it. Asked of the catalog before anything is written, so that a plan either can be carried out whole or
/// says why not.
final class Rights {
    private static final int NAMES_SHOWN = 5;

    private final Catalog catalog;
    private final Catalog.Administrator administrator;
    private final Map<Securable.Relation, Catalog.RelationRow> relations;
    private final Map<Securable.Relation, GuardCatalog.TableRow> guardable;
    private final Map<Securable.Sequence, List<Catalog.SequenceRow>> sequences;
    private final SequencedSet<MissingRight> missing = new LinkedHashSet<>();
    /// Tables by owner and privilege: one sentence for all of them.
    private final Map<RoleName, Map<Privilege, SequencedSet<Securable.Relation>>> ungrantable = new LinkedHashMap<>();

    private final Map<RoleName, SequencedMap<Securable.Relation, Reason>> unguardable = new LinkedHashMap<>();

    private final Set<TablePrivilege> ungrantableTables;

    /// @param ungrantable what the administrator may not grant of all that the plan gives on tables
    Rights(Catalog catalog, Set<TablePrivilege> ungrantable) {
        this.catalog = catalog;
        this.ungrantableTables = ungrantable;
        this.administrator = catalog.administrator();
        this.relations = catalog.relations().stream()
                .collect(Collectors.toMap(Catalog.RelationRow::relation, Function.identity()));
        this.guardable = catalog.guard().byName();
        this.sequences = catalog.sequences().stream().collect(Collectors.groupingBy(Catalog.SequenceRow::sequence));
    }

    void check(Step step) {
        if (administrator.superuser()) {
            return;
        }
        switch (step.change()) {
            case Change.Stamp _, Change.EndLease _ -> {}
            case Change.IssueLease _ -> createRole();
            case Change.MigrateLedger migration -> ledger(migration.fromVersion());
            case Change.Harden harden -> {
                if (!mayHarden(harden)) {
                    missing.add(unhardened(harden));
                }
            }
            case Change.RemoveMembership(var membership) -> removeMembership(membership);
            // Whom a grant must be taken back as is asked when it is rendered.
            case Change.Revoke _ -> {}
            case Change.RemoveDefault(var grant) -> defaults(grant);
            case Change.AddDefault(var grant) -> defaults(grant);
            case Change.ResetSetting(var setting) -> administer(setting.role());
            case Change.PutSetting(var setting) -> administer(setting.role());
            case Change.CreateRole _ -> createRole();
            case Change.DropRole(var role) -> administer(role.name());
            case Change.AlterRole(var from, var to) -> alter(from, to);
            case Change.AddMembership(var membership) -> administer(membership.group());
            case Change.Give(var grant) -> give(grant);
            case Change.Withhold(var grant) -> give(grant);
            case Change.InstallGuardCore _ -> {
                schema("the guard");
                administer(catalog.guard().role().name());
            }
            case Change.UpgradeGuardCore _, Change.RemoveGuardCore _ -> {
                guardCore();
                administer(catalog.guard().role().name());
            }
            case Change.SetLimits _, Change.DropLimits _ -> guardCore();
            case Change.AttachGuard(var table, var _) -> guard(table.on(), step.reason());
            case Change.DetachGuard(var table) -> guard(table.on(), step.reason());
            case Change.PutDoor(var _, var was) -> {
                if (was.isEmpty()) {
                    schema("change requests");
                }
                door();
            }
            case Change.DropDoor _ -> door();
            // No profile of PostgreSQL wants these.
            case Change.PutExpiry _, Change.DropExpiry _ -> {}
        }
    }

    /// Logins are issued whenever a lease comes to its end, also where a plan changes nothing.
    void issue(RoleName agent) {
        if (!administrator.superuser()) {
            administer(agent);
        }
    }

    /// Logins end when their time comes or when somebody stops them, also where a plan changes nothing. From 16 on
    /// only their administrator may end them: who made them, and nobody where they were made before an upgrade.
    void end(List<RoleName> logins) {
        var others = logins.stream().filter(login -> !mayAdminister(login)).toList();
        if (!administrator.superuser() && !others.isEmpty()) {
            missing.add(new MissingRight(
                    "%s may not end %d login%s of agents, %s%s"
                            .formatted(
                                    administrator.name(),
                                    others.size(),
                                    others.size() == 1 ? "" : "s",
                                    others.getFirst(),
                                    others.size() == 1 ? "" : " among them"),
                    List.of(administration(Roles.list(others)))));
        }
    }

    List<MissingRight> missing() {
        ungrantable.forEach((owner, privileges) ->
                privileges.forEach((privilege, tables) -> missing.add(tables(owner, privilege, tables))));
        ungrantable.clear();
        unguardable.forEach((owner, tables) -> missing.add(notOurs(owner, tables)));
        unguardable.clear();
        return List.copyOf(missing);
    }

    /// Whom the administrator must act as to take a grant back, as only the grantor's own entry goes away.
    /// The server takes the first of the administrator and the roles it inherits from that may grant all
    /// that a statement names (`select_best_grantor`), so where there is a choice it is made here, by SET
    /// ROLE. Empty: as itself.
    Optional<RoleName> actingFor(GrantRow row) {
        boolean asItself =
                administrator.superuser() ? row.byOwner() : row.grantor().equals(administrator.name());
        if (!asItself && mayBecome(row.grantor())) {
            reach(row.grant().on(), row.grantor(), row.grantorReaches());
            return Optional.of(row.grantor());
        }
        reach(row.grant().on(), administrator.name(), row.reached());
        if (asItself) {
            return Optional.empty();
        }
        if (!(row.byOwner() && row.owned())) {
            missing.add(new MissingRight(
                    row.grant().privilege().sql() + " on " + row.grant().on().display() + " was granted to "
                            + row.grant().grantee() + " by " + row.grantor() + ", whom " + administrator.name()
                            + " cannot act as",
                    takeBack(row)));
        }
        return Optional.empty();
    }

    /// Who may grant on an object and not use its schema cannot name it.
    private void reach(Securable on, RoleName who, boolean reached) {
        if (!reached) {
            on.home()
                    .ifPresent(schema -> missing.add(new MissingRight(
                            who + " has no USAGE on schema " + schema.name() + ", and cannot name what is in it",
                            List.of(Grantor.usage(schema, who)))));
        }
    }

    private static List<String> takeBack(GrantRow row) {
        var grant = row.grant();
        var revoke = "REVOKE " + Sql.privilege(grant.privilege(), grant.on()) + " ON " + Sql.on(grant.on()) + " FROM "
                + GrantBatch.grantee(grant.grantee());
        var grantor = row.byOwner()
                ? Optional.<Grantor>empty()
                : Optional.of(new Grantor(row.grantor(), row.grantorReaches()));
        return Grantor.revoke(grantor, grant.on(), revoke);
    }

    private void createRole() {
        if (!administrator.createRole()) {
            missing.add(new MissingRight(
                    administrator.name() + " may not create roles",
                    List.of("ALTER ROLE " + Sql.identifier(administrator.name()) + " CREATEROLE")));
        }
    }

    private void ledger(int fromVersion) {
        if (fromVersion == 0 && !administrator.hasLedger()) {
            schema("the ledger");
        }
    }

    private void schema(String whose) {
        if (!administrator.mayCreateSchema()) {
            missing.add(new MissingRight(
                    administrator.name() + " may not create the schema of " + whose + " in database "
                            + administrator.database(),
                    List.of("GRANT CREATE ON DATABASE %s TO %s"
                            .formatted(
                                    Sql.identifier(administrator.database()), Sql.identifier(administrator.name())))));
        }
    }

    private void guardCore() {
        catalog.guard()
                .owner()
                .filter(owner -> !actsAs(owner))
                .ifPresent(owner -> missing.add(new MissingRight(
                        administrator.name() + " may not change the guard, which belongs to " + owner,
                        List.of(membership(owner)))));
        if (!catalog.guard().claims().isEmpty()) {
            missing.add(new MissingRight(
                    administrator.name() + " may not mend what somebody else has done to the guard",
                    catalog.guard().claims()));
        }
    }

    private void door() {
        var door = catalog.door();
        if (!door.claims().isEmpty()) {
            missing.add(new MissingRight(
                    administrator.name() + " may not mend what somebody else has done to schema " + ChangeDoor.SCHEMA,
                    door.claims()));
        }
    }

    private boolean mayBecome(RoleName role) {
        return catalog.role(role).map(Catalog.RoleRow::mayBecome).orElse(false);
    }

    private boolean actsAs(RoleName owner) {
        return owner.equals(administrator.name()) || mayBecome(owner);
    }

    /// The TRIGGER privilege is enough to make a trigger, and not to enable it ALWAYS.
    private void guard(Securable.Relation table, Reason reason) {
        var row = guardable.get(table);
        if (row == null) {
            return;
        }
        if (!row.owned()) {
            unguardable.computeIfAbsent(row.owner(), _ -> new LinkedHashMap<>()).put(table, reason);
        }
        if (!row.reached()) {
            usage(table.schema());
        }
    }

    private void usage(String schema) {
        catalog.schemaRows().stream()
                .filter(row -> row.name().equals(schema) && !row.mayGrant())
                .forEach(row -> option(Privilege.USAGE, new Securable.Schema(schema), row.owner()));
    }

    private MissingRight notOurs(RoleName owner, SequencedMap<Securable.Relation, Reason> tables) {
        return new MissingRight(
                tables.firstEntry().getValue().where(),
                administrator.name() + " may not guard " + names(tables.sequencedKeySet()) + ", owned by " + owner
                        + ": only an owner enables a trigger ALWAYS",
                List.of(membership(owner)));
    }

    private static String names(SequencedSet<Securable.Relation> tables) {
        var names = tables.stream().limit(NAMES_SHOWN).map(Securable::display).collect(Collectors.joining(", "));
        return names + (tables.size() > NAMES_SHOWN ? " and " + (tables.size() - NAMES_SHOWN) + " more" : "");
    }

    private void administer(RoleName role) {
        createRole();
        if (!mayAdminister(role)) {
            missing.add(new MissingRight(
                    administrator.name() + " may not administer role " + role,
                    List.of(administration(Sql.identifier(role)))));
        }
    }

    /// On 15 CREATEROLE is enough for every role that is no superuser.
    private boolean mayAdminister(RoleName role) {
        return !catalog.membershipOptions()
                || catalog.role(role).map(Catalog.RoleRow::mayAdminister).orElse(true);
    }

    /// With which the administrator may act as a role.
    private String membership(RoleName role) {
        return "GRANT %s TO %s".formatted(Sql.identifier(role), Sql.identifier(administrator.name()));
    }

    private String administration(String roles) {
        return "GRANT %s TO %s WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"
                .formatted(roles, Sql.identifier(administrator.name()));
    }

    private void alter(Role from, Role to) {
        administer(to.name());
        var own = catalog.role(administrator.name())
                .map(row -> row.attributes().powers())
                .orElseThrow();
        for (var power : from.attributes().powers()) {
            boolean may = power.equals("CREATEROLE")
                    || (catalog.membershipOptions() ? own.contains(power) : power.equals("CREATEDB"));
            if (!to.attributes().powers().contains(power) && !may) {
                missing.add(new MissingRight(
                        administrator.name() + " may not take " + power + " from role " + to.name(),
                        List.of("ALTER ROLE " + Sql.identifier(to.name()) + " NO" + power)));
            }
        }
    }

    private void removeMembership(Membership membership) {
        for (var row : catalog.memberships()) {
            if (!row.membership().equals(membership)) {
                continue;
            }
            boolean grantorAct = !catalog.membershipOptions()
                    || row.grantor().equals(administrator.name())
                    || mayBecome(row.grantor());
            if ((!row.mayRevoke() && catalog.membershipOptions()) || !grantorAct) {
                missing.add(new MissingRight(
                        administrator.name() + " may not take membership in " + membership.group() + " from "
                                + membership.member() + ", granted by " + row.grantor(),
                        List.of("REVOKE %s FROM %s%s"
                                .formatted(
                                        Sql.identifier(membership.group()),
                                        Sql.identifier(membership.member()),
                                        catalog.membershipOptions()
                                                ? " GRANTED BY %s".formatted(Sql.identifier(row.grantor()))
                                                : ""))));
            }
        }
    }

    private void defaults(DefaultGrant grant) {
        if (!mayBecome(grant.creator())) {
            missing.add(new MissingRight(
                    administrator.name() + " may not set default privileges for " + grant.creator(),
                    List.of(membership(grant.creator()))));
        }
    }

    /// Whether it is the administrator's to take that from PUBLIC.
    boolean mayHarden(Change.Harden harden) {
        return administrator.superuser() || hardened(harden).owned();
    }

    private Catalog.PublicRow hardened(Change.Harden harden) {
        return catalog.publics().stream()
                .filter(one -> one.word().equals(harden.word())
                        && harden.objects().contains(one.grant().on()))
                .findFirst()
                .orElseThrow();
    }

    /// Any user can make what PUBLIC may use, a database for one. That must not keep a plan from what it takes away,
    /// nor an agent from its login.
    private MissingRight unhardened(Change.Harden harden) {
        return new MissingRight(
                Optional.empty(),
                harden.word() + ": " + administrator.name() + " may not take "
                        + harden.privilege().sql() + " on "
                        + harden.objects().stream().map(Securable::display).collect(Collectors.joining(", "))
                        + " from PUBLIC; owner is " + hardened(harden).owner(),
                Renderer.statements(harden),
                false);
    }

    private void give(Grant grant) {
        grant.on()
                .home()
                .flatMap(schema -> catalog.schemaRows().stream()
                        .filter(row -> row.name().equals(schema.name()))
                        .findFirst())
                .ifPresent(row -> reach(grant.on(), administrator.name(), row.usable()));
        switch (grant.on()) {
            case Securable.Database _ -> {
                if (!administrator.ownsDatabase() && !administrator.mayGrantConnect()) {
                    option(grant.privilege(), grant.on(), administrator.databaseOwner());
                }
            }
            // The tiers give nothing else on a schema.
            case Securable.Schema(var name) -> usage(name);
            case Securable.Sequence sequence ->
                sequences.getOrDefault(sequence, List.of()).stream()
                        .filter(row -> !row.mayGrant())
                        .forEach(row -> option(grant.privilege(), grant.on(), row.owner()));
            case Securable.Relation relation -> relation(grant.privilege(), relation);
            case Securable.Column column -> relation(grant.privilege(), column.owner());
            // The tiers give nothing on other kinds of object.
            case Securable.Routine _, Securable.Type _, Securable.Language _, Securable.LargeObject _ -> {}
            case Securable.ForeignDataWrapper _,
                    Securable.ForeignServer _,
                    Securable.Tablespace _,
                    Securable.Parameter _ -> {}
        }
    }

    private void relation(Privilege privilege, Securable.Relation relation) {
        var row = relations.get(relation);
        if (row != null && ungrantableTables.contains(new TablePrivilege(relation, privilege))) {
            ungrantable
                    .computeIfAbsent(row.owner(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(privilege, _ -> new LinkedHashSet<>())
                    .add(relation);
        }
    }

    private MissingRight tables(RoleName owner, Privilege privilege, SequencedSet<Securable.Relation> tables) {
        return new MissingRight(
                administrator.name() + " may not grant " + privilege.sql() + " on " + names(tables) + ", owned by "
                        + owner,
                List.of("GRANT %s ON TABLE %s TO %s WITH GRANT OPTION"
                        .formatted(
                                privilege.sql(),
                                tables.stream().map(Sql::name).collect(Collectors.joining(", ")),
                                Sql.identifier(administrator.name()))));
    }

    private void option(Privilege privilege, Securable on, RoleName owner) {
        missing.add(new MissingRight(
                administrator.name() + " may not grant " + privilege.sql() + " on " + on.display() + ", owned by "
                        + owner,
                List.of("GRANT %s ON %s TO %s WITH GRANT OPTION"
                        .formatted(privilege.sql(), Sql.on(on), Sql.identifier(administrator.name())))));
    }
}
