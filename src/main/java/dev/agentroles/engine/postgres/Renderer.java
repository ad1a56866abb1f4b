package dev.agentroles.engine.postgres;

import dev.agentroles.access.Attributes;
import dev.agentroles.access.DefaultGrant;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Role;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Steps as PostgreSQL statements. Ledger and lease steps have none here: they are carried out by their own
/// rooms.
final class Renderer {
    private static final List<String> POWERS =
            List.of("SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS");

    private final Catalog catalog;
    private final Rights rights;
    private final Map<Grant, List<Catalog.GrantRow>> grants;
    private final Map<Securable, List<OnColumn>> onColumns;
    private final Map<Securable.Relation, GuardCatalog.TableRow> guarded;
    private final List<Statement> statements = new ArrayList<>();
    private GrantBatch gives = new GrantBatch();
    private final Map<Optional<RoleName>, GrantBatch> takes = new LinkedHashMap<>();
    private final Revoked revoked = new Revoked();
    private final Map<Withheld, List<Step>> withheld = new LinkedHashMap<>();

    private final List<Statement> roleMarks = new ArrayList<>();
    private final Map<Join, Joining> joins = new LinkedHashMap<>();
    private final List<Step> limitSteps = new ArrayList<>();
    private final Set<Guard.Limits> limits;

    Renderer(Catalog catalog, Set<Catalog.TablePrivilege> ungrantable) {
        this.catalog = catalog;
        this.limits = new LinkedHashSet<>(catalog.guard().limits());
        this.rights = new Rights(catalog, ungrantable);
        this.grants = catalog.grants().stream()
                .collect(Collectors.groupingBy(Catalog.GrantRow::grant, LinkedHashMap::new, Collectors.toList()));
        this.onColumns = onColumns(grants.keySet());
        this.guarded = catalog.guard().byName();
    }

    /// @param steps in the order of a plan: what is taken away comes first
    /// @param agents the roles that logins are issued for, today or by a later rotation
    /// @param logins of leases, that end today or later
    Rendering render(List<Step> steps, List<RoleName> agents, List<RoleName> logins) {
        agents.forEach(rights::issue);
        rights.end(logins);
        steps.forEach(this::limits);
        Class<?> last = null;
        for (var step : steps) {
            var kind = step.change().getClass();
            if (!kind.equals(last)) {
                flush();
                last = kind;
            }
            render(step);
        }
        flush();
        steps.forEach(this::giveBack);
        flushGives();
        return new Rendering(statements, true, true, rights.missing());
    }

    private GuardCatalog.TableRow guarded(Guard.Table table) {
        return Objects.requireNonNull(guarded.get(table.on()), table.on()::display);
    }

    private void render(Step step) {
        rights.check(step);
        switch (step.change()) {
            case Change.InstallGuardCore _, Change.UpgradeGuardCore _ ->
                alone(step, GuardSql.core(catalog.guard(), limits, catalog.membershipOptions()));
            case Change.RemoveGuardCore _ -> removeGuard(step);
            case Change.AttachGuard(var table, var _) ->
                alone(step, GuardSql.attach(catalog.guard(), guarded(table), catalog.membershipOptions()));
            case Change.DetachGuard(var table) -> alone(step, GuardSql.detach(catalog.guard(), guarded(table)));
            case Change.SetLimits _, Change.DropLimits _ -> limitSteps.add(step);
            case Change.PutDoor _ -> {
                catalog.door().put().forEach(sql -> add(step, sql));
                catalog.grants().stream()
                        .map(Catalog.GrantRow::grant)
                        .filter(catalog.door()::loses)
                        .forEach(grant -> gives.add(grant, step));
            }
            case Change.DropDoor _ -> catalog.door().drop().forEach(sql -> add(step, sql));
            case Change.PutExpiry _, Change.DropExpiry _ ->
                throw new IllegalArgumentException(step.change() + " is wanted by no profile of PostgreSQL");
            case Change.MigrateLedger _, Change.Stamp _, Change.EndLease _, Change.IssueLease _ -> {}
            case Change.Harden harden -> {
                if (rights.mayHarden(harden)) {
                    statements(harden).forEach(sql -> add(step, sql));
                }
            }
            case Change.RemoveMembership(var membership) -> removeMembership(step, membership);
            case Change.Revoke(var grant) -> take(step, grant);
            case Change.Withhold(var grant) -> withhold(step, grant);
            case Change.RemoveDefault(var grant) -> add(step, defaultSql(grant, "REVOKE", "FROM"));
            case Change.ResetSetting(var setting) ->
                add(
                        step,
                        "ALTER ROLE %s%s RESET %s"
                                .formatted(
                                        Sql.identifier(setting.role()),
                                        setting.database()
                                                .map(Sql::identifier)
                                                .map(" IN DATABASE %s"::formatted)
                                                .orElse(""),
                                        Sql.parameter(setting.name())));
            case Change.DropRole(var role) -> alone(step, "DROP ROLE " + Sql.identifier(role.name()));
            case Change.CreateRole(var role) -> create(step, role);
            case Change.AlterRole(var from, var to) -> alter(step, from, to);
            case Change.AddMembership(var membership) -> {
                var join = joins.computeIfAbsent(
                        Join.of(membership), _ -> new Joining(new ArrayList<>(), new ArrayList<>()));
                join.members().add(membership.member());
                join.steps().add(step);
            }
            case Change.Give(var grant) -> gives.add(grant, step);
            case Change.AddDefault(var grant) -> add(step, defaultSql(grant, "GRANT", "TO"));
            case Change.PutSetting(var setting) ->
                add(
                        step,
                        "ALTER ROLE %s SET %s = %s"
                                .formatted(
                                        Sql.identifier(setting.role()),
                                        Sql.parameter(setting.name()),
                                        Sql.literal(setting.value())));
        }
    }

    /// Says what was gathered from steps of one kind: fewer statements than steps.
    private void flush() {
        flushWithheld();
        flushTakes();
        flushRoleMarks();
        flushJoins();
        flushLimits();
        flushGives();
    }

    /// After all roles of a plan were made: since PostgreSQL 16 each new role makes the server work out
    /// anew, for the next comment, what the administrator is admin of.
    private void flushRoleMarks() {
        statements.addAll(roleMarks);
        roleMarks.clear();
    }

    private void flushJoins() {
        joins.forEach((join, joining) -> statements.add(new Statement(sql(join, joining.members()), joining.steps())));
        joins.clear();
    }

    private void limits(Step step) {
        switch (step.change()) {
            case Change.SetLimits(var wanted, var was) -> {
                was.ifPresent(limits::remove);
                limits.add(wanted);
            }
            case Change.DropLimits(var dropped) -> limits.remove(dropped);
            default -> {}
        }
    }

    /// One statement for all limits: together they are one function.
    private void flushLimits() {
        if (!limitSteps.isEmpty()) {
            statements.add(new Statement(GuardLimits.define(limits), limitSteps));
            limitSteps.clear();
        }
    }

    private void removeGuard(Step step) {
        var guard = catalog.guard();
        alone(step, GuardSql.remove(guard, catalog.membershipOptions()));
        if (guard.standing()) {
            alone(step, "DROP ROLE " + guard.role().identifier());
        }
    }

    private void alone(Step step, String sql) {
        statements.add(new Statement(sql, List.of(step), true));
    }

    private void add(Step step, String sql) {
        statements.add(new Statement(sql, List.of(step)));
    }

    /// The grants that keep others working come first.
    static List<String> statements(Change.Harden harden) {
        var on = harden.privilege().sql() + " ON "
                + Sql.kind(harden.objects().getFirst()) + " "
                + harden.objects().stream().map(Sql::name).collect(Collectors.joining(", "));
        var revoke = "REVOKE " + on + " FROM PUBLIC";
        return harden.keepers().isEmpty()
                ? List.of(revoke)
                : List.of(
                        "GRANT " + on + " TO "
                                + harden.keepers().stream().map(Sql::identifier).collect(Collectors.joining(", ")),
                        revoke);
    }

    private void create(Step step, Role role) {
        // Everything said aloud: the defaults are the server's to change.
        add(
                step,
                "CREATE ROLE %s NOLOGIN INHERIT NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS"
                        .formatted(Sql.identifier(role.name())));
        roleMarks.add(new Statement(mark(role), List.of(step)));
    }

    private static String mark(Role role) {
        return "COMMENT ON ROLE %s IS %s"
                .formatted(Sql.identifier(role.name()), Sql.literal(role.mark().text()));
    }

    private void alter(Step step, Role from, Role to) {
        var words = new ArrayList<String>();
        difference(from.attributes(), to.attributes(), words);
        if (!words.isEmpty()) {
            add(step, "ALTER ROLE " + Sql.identifier(to.name()) + " " + String.join(" ", words));
        }
        if (!from.mark().equals(to.mark())) {
            add(step, mark(to));
        }
    }

    private static void difference(Attributes from, Attributes to, List<String> words) {
        if (from.login() != to.login()) {
            words.add(to.login() ? "LOGIN" : "NOLOGIN");
        }
        if (from.inherit() != to.inherit()) {
            words.add(to.inherit() ? "INHERIT" : "NOINHERIT");
        }
        for (var power : POWERS) {
            if (from.powers().contains(power) != to.powers().contains(power)) {
                words.add((to.powers().contains(power) ? "" : "NO") + power);
            }
        }
    }

    /// What is taken away in one transaction.
    private record Withheld(Grantee from, Securable on) {}

    /// What members that join by one statement have in common.
    private record Join(RoleName group, boolean inherits, boolean settable) {
        static Join of(Membership membership) {
            return new Join(membership.group(), membership.inherits(), membership.settable());
        }
    }

    private record Joining(List<RoleName> members, List<Step> steps) {}

    private String sql(Join join, List<RoleName> members) {
        var sql = "GRANT " + Sql.identifier(join.group()) + " TO "
                + members.stream().map(Sql::identifier).collect(Collectors.joining(", "));
        return catalog.membershipOptions()
                ? sql + " WITH INHERIT " + word(join.inherits()) + ", SET " + word(join.settable())
                : sql;
    }

    private static String word(boolean option) {
        return option ? "TRUE" : "FALSE";
    }

    private void removeMembership(Step step, Membership membership) {
        for (var row : catalog.memberships()) {
            if (row.membership().equals(membership)) {
                // From 16 on one role may be granted several times, by several roles; each must be named.
                var by = catalog.membershipOptions() ? " GRANTED BY " + Sql.identifier(row.grantor()) : "";
                add(
                        step,
                        "REVOKE " + Sql.identifier(membership.group()) + " FROM " + Sql.identifier(membership.member())
                                + by);
            }
        }
    }

    private void take(Step step, Grant grant) {
        for (var row : grants.getOrDefault(grant, List.of())) {
            takes.computeIfAbsent(rights.actingFor(row), _ -> new GrantBatch()).add(grant, step);
        }
        revoked.add(grant, step);
    }

    private void withhold(Step step, Grant grant) {
        withheld.computeIfAbsent(new Withheld(grant.grantee(), grant.on().whole()), _ -> new ArrayList<>())
                .add(step);
    }

    /// Not by itself: with all else that is given.
    private void giveBack(Step step) {
        if (step.change() instanceof Change.Withhold(var grant)) {
            gives.add(grant, step);
        }
    }

    /// In a transaction of its own each: whoever holds one table keeps no other open.
    private void flushWithheld() {
        withheld.values().forEach(steps -> {
            var before = statements.size();
            steps.forEach(step -> take(step, ((Change.Withhold) step.change()).grant()));
            flushTakes();
            var parts = statements.subList(before, statements.size());
            var sql = parts.stream().map(Statement::sql).collect(Collectors.joining(";\n"));
            parts.clear();
            statements.add(new Statement(sql, steps, true));
        });
        withheld.clear();
    }

    private void flushGives() {
        statements.addAll(gives.statements(GrantVerb.GIVE));
        gives = new GrantBatch();
    }

    private void flushTakes() {
        if (revoked.isEmpty()) {
            return;
        }
        takes.forEach((as, batch) -> {
            as.ifPresent(role -> statements.add(new Statement("SET LOCAL ROLE " + Sql.identifier(role), List.of())));
            statements.addAll(batch.statements(GrantVerb.TAKE));
            as.ifPresent(_ -> statements.add(new Statement("RESET ROLE", List.of())));
        });
        takes.clear();
        regrantColumns();
        revoked.clear();
    }

    /// A grant on a column.
    ///
    /// @param place among all that there are
    private record OnColumn(int place, Grant grant) {}

    private static Map<Securable, List<OnColumn>> onColumns(Set<Grant> grants) {
        var byTable = new HashMap<Securable, List<OnColumn>>();
        int place = 0;
        for (var grant : grants) {
            if (grant.on() instanceof Securable.Column column) {
                byTable.computeIfAbsent(column.owner(), _ -> new ArrayList<>()).add(new OnColumn(place++, grant));
            }
        }
        return byTable;
    }

    /// Columns that lost with their table what is to stay get it again.
    private void regrantColumns() {
        var again = new GrantBatch();
        revoked.objects().stream()
                .flatMap(on -> onColumns.getOrDefault(on, List.of()).stream())
                .sorted(Comparator.comparingInt(OnColumn::place))
                .map(OnColumn::grant)
                .forEach(grant -> revoked.alsoTakes(grant).ifPresent(step -> again.add(grant, step)));
        statements.addAll(again.statements(GrantVerb.GIVE));
    }

    private static String defaultSql(DefaultGrant grant, String verb, String preposition) {
        return "ALTER DEFAULT PRIVILEGES FOR ROLE %s%s %s %s ON %s %s %s"
                .formatted(
                        Sql.identifier(grant.creator()),
                        grant.schema()
                                .map(Sql::identifier)
                                .map(" IN SCHEMA %s"::formatted)
                                .orElse(""),
                        verb,
                        grant.privilege().sql(),
                        grant.kind(),
                        preposition,
                        GrantBatch.grantee(grant.grantee()));
    }
}
