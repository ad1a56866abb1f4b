package dev.agentroles.engine.mysql;

import dev.agentroles.access.Grant;
import dev.agentroles.access.Mark;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.Rendering.MissingRight;
import dev.agentroles.plan.Change;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Stream;

/// What the administrator may not do of a plan, and the statement with which a database
/// administrator cures it. Asked of the catalog before anything is written.
final class Rights {
    /// Of the ledger's schema; what its migrations and statements need.
    static final List<String> ON_LEDGER =
            List.of("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "INDEX", "REFERENCES");

    private final Catalog catalog;
    private final AdministratorGrants administrator;
    private final SequencedSet<MissingRight> missing = new LinkedHashSet<>();
    /// Privileges by schema: one sentence for all its tables.
    private final Map<String, SequencedSet<String>> ungrantable = new LinkedHashMap<>();

    Rights(Catalog catalog) {
        this.catalog = catalog;
        this.administrator = catalog.administrator();
    }

    void check(Change change) {
        switch (change) {
            case Change.MigrateLedger _ -> ledger();
            case Change.CreateRole _, Change.DropRole _ -> global("CREATE USER", "make and drop accounts");
            case Change.AlterRole(var from, var _) ->
                alter(from.name(), !from.attributes().powers().isEmpty());
            case Change.IssueLease _ -> {
                for (var privilege : catalog.dialect().globalPrivileges()) {
                    global(privilege, "issue and end logins");
                }
                catalog.dialect().ownPrivileges().stream()
                        .filter(given -> given.endsWith(" ON mysql.*"))
                        .forEach(this::own);
            }
            case Change.EndLease _ -> {
                for (var privilege : catalog.dialect().globalPrivileges()) {
                    global(privilege, "end logins");
                }
            }
            case Change.AddMembership(var membership) -> giveRole(membership.group());
            case Change.RemoveMembership(var membership) -> giveRole(membership.group());
            case Change.Give(var grant) -> grant(grant);
            case Change.Revoke(var grant) -> grant(grant);
            case Change.Stamp _ -> {}
            // No profile of this family wants these.
            case Change.Withhold _,
                    Change.Harden _,
                    Change.AddDefault _,
                    Change.RemoveDefault _,
                    Change.PutSetting _,
                    Change.ResetSetting _ -> {}
            case Change.InstallGuardCore _, Change.UpgradeGuardCore _ ->
                missing.addAll(new GuardRights(catalog).core());
            case Change.RemoveGuardCore _ -> {
                missing.addAll(new GuardRights(catalog).core());
                missing.addAll(new GuardRights(catalog).places(catalog.guard().ownPlaces()));
            }
            case Change.AttachGuard(var table, var _) -> {
                missing.addAll(new GuardRights(catalog).views(table.on()));
                TierPrivileges.onTables(Tier.DDL_DENIED).forEach(privilege -> relation(privilege.sql(), table.on()));
            }
            case Change.DetachGuard(var table) -> missing.addAll(new GuardRights(catalog).views(table.on()));
            case Change.SetLimits _, Change.DropLimits _ -> {}
            case Change.PutExpiry _, Change.DropExpiry _ -> expiryEvent();
            case Change.PutDoor _, Change.DropDoor _ -> missing.addAll(new GuardRights(catalog).doorAnew());
        }
    }

    List<MissingRight> missing() {
        ungrantable.forEach((schema, privileges) -> missing.add(new MissingRight(
                administrator.account() + " may not grant " + String.join(", ", privileges) + " in schema " + schema,
                List.of("GRANT %s ON %s.* TO %s WITH GRANT OPTION"
                        .formatted(
                                String.join(", ", privileges),
                                Sql.identifier(catalog.guard().form().schemaInGrants(schema)),
                                administrator.quoted())))));
        ungrantable.clear();
        return List.copyOf(missing);
    }

    private void ledger() {
        var lacking = ON_LEDGER.stream()
                .filter(privilege -> !administrator.onSchema(privilege, "agentroles"))
                .toList();
        if (!lacking.isEmpty()) {
            missing.add(new MissingRight(
                    administrator.account() + " may not " + String.join(", ", lacking) + " in schema agentroles",
                    List.of("GRANT %s ON agentroles.* TO %s"
                            .formatted(String.join(", ", ON_LEDGER), administrator.quoted()))));
        }
    }

    /// MySQL lets nobody less than a superuser drop what a superuser has made or altered.
    private void expiryEvent() {
        catalog.expiry()
                .filter(event -> !event.definer().equals(administrator.account()))
                .ifPresent(event -> missing.add(new MissingRight(
                        "event " + ExpiryEvent.NAME + " is " + event.definer() + "'s: whoever made or altered it last",
                        ExpiryEvent.drop())));
        if (!administrator.onSchema("EVENT", "agentroles")) {
            missing.add(new MissingRight(
                    administrator.account() + " may not make events in schema agentroles",
                    List.of("GRANT EVENT ON agentroles.* TO %s".formatted(administrator.quoted()))));
        }
    }

    /// @param given on the server's own database, as GRANT has it between GRANT and TO
    private void own(String given) {
        var lacking = Arrays.stream(given.substring(0, given.indexOf(" ON ")).split(", "))
                .filter(privilege -> !administrator.onSchema(privilege, "mysql"))
                .toList();
        if (!lacking.isEmpty()) {
            missing.add(new MissingRight(
                    administrator.account() + " may not issue logins without " + String.join(", ", lacking)
                            + " in schema mysql",
                    List.of("GRANT %s TO %s".formatted(given, administrator.quoted()))));
        }
    }

    private void global(String privilege, String purpose) {
        if (!has(privilege)) {
            missing.add(new MissingRight(
                    administrator.account() + " may not " + purpose + " without " + privilege,
                    List.of("GRANT %s ON *.* TO %s".formatted(privilege, administrator.quoted()))));
        }
    }

    private boolean has(String privilege) {
        boolean bySuper = privilege.equals("ROLE_ADMIN") || privilege.startsWith("CONNECTION");
        return administrator.global(privilege) || (bySuper && administrator.global("SUPER"));
    }

    /// Where it is no global privilege, whoever made a role may give it to others; one that is still to be
    /// made will be.
    private void giveRole(RoleName group) {
        if (catalog.dialect().rolesNeedGlobalPrivilege()) {
            global("ROLE_ADMIN", "give role " + group);
        } else if (catalog.account(group).isPresent() && !mayGive(group)) {
            missing.add(new MissingRight(
                    administrator.account() + " may not give role " + group + " to others",
                    administrator.mayGive(group)));
        }
    }

    private boolean mayGive(RoleName group) {
        return administrator.global("SUPER")
                || catalog.memberships().keySet().stream()
                        .anyMatch(membership -> membership.group().equals(group)
                                && membership.member().value().equals(administrator.user())
                                && membership.admin());
    }

    /// The next lease of an agent needs its role, whether or not one is due now.
    ///
    /// @param dropped the roles that will not be there any more
    void nextLeases(Set<RoleName> dropped) {
        catalog.marks().forEach((name, mark) -> {
            if (mark.kind() instanceof Mark.Kind.AgentRole && !dropped.contains(name)) {
                giveRole(name);
            }
        });
    }

    private void alter(RoleName name, boolean powerful) {
        global("CREATE USER", "alter accounts");
        if (powerful && !administrator.global("SUPER")) {
            missing.add(new MissingRight(
                    administrator.account() + " may not take global privileges from " + name,
                    accounts(name)
                            .map("REVOKE ALL PRIVILEGES ON *.* FROM %s"::formatted)
                            .toList()));
        }
    }

    /// A login has one for each host that it may come from.
    private Stream<String> accounts(RoleName name) {
        return catalog.isLogin(name)
                ? catalog.account(name).orElseThrow().hosts().stream().map(host -> Sql.account(name, host))
                : Stream.of(catalog.dialect().role(name));
    }

    private void grant(Grant grant) {
        var privilege = grant.privilege().sql();
        switch (grant.on()) {
            case Securable.Relation relation -> relation(privilege, relation);
            case Securable.Column column -> relation(privilege, column.owner());
            case Securable.Routine(var schema, var _, var _) when schema.equals(GuardSql.SCHEMA) -> {}
            case Securable.Routine(var schema, var _, var _)
            when schema.equals(ChangeDoor.SCHEMA) -> missing.addAll(new GuardRights(catalog).door());
            default -> {
                if (!administrator.global("SUPER")) {
                    missing.add(new MissingRight(
                            "%s may not take %s on %s from %s"
                                    .formatted(
                                            administrator.account(),
                                            privilege,
                                            grant.on().display(),
                                            grant.grantee()),
                            List.of("REVOKE %s ON %s FROM %s"
                                    .formatted(
                                            privilege,
                                            Sql.on(grant.on()),
                                            Sql.literal(grant.grantee().toString())))));
                }
            }
        }
    }

    private void relation(String privilege, Securable.Relation relation) {
        if (!administrator.mayGrant(privilege, relation)) {
            ungrantable
                    .computeIfAbsent(relation.schema(), _ -> new LinkedHashSet<>())
                    .add(privilege);
        }
    }
}
