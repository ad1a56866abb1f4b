package dev.agentroles.engine.postgres;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Attributes;
import dev.agentroles.access.DefaultGrant;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Setting;
import dev.agentroles.engine.Columns;
import dev.agentroles.engine.ScopeResolver;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// What one look at the catalogs found, as records of its rows. Everything planned afterwards is computed
/// from this.
///
/// @param roles by name: of a thousand agents each is looked up
/// @param marks the roles that carry our mark for this environment and database
/// @param ancestors of each table that is a partition or inherits, where the profile excludes some
record Catalog(
        Administrator administrator,
        boolean membershipOptions,
        Map<RoleName, RoleRow> roles,
        Map<RoleName, Mark> marks,
        List<MembershipRow> memberships,
        List<SchemaRow> schemaRows,
        List<RelationRow> relations,
        Columns columns,
        List<SequenceRow> sequences,
        Map<Securable.Relation, Set<Securable.Relation>> ancestors,
        Map<Securable.Relation, ViewReads> views,
        List<GrantRow> grants,
        List<DefaultGrant> defaults,
        List<Setting> settings,
        List<PublicRow> publics,
        GuardCatalog guard,
        ChangeDoor door)
        implements ScopeResolver.Ground<Catalog.RelationRow> {
    record Administrator(
            RoleName name,
            boolean superuser,
            boolean createRole,
            String database,
            RoleName databaseOwner,
            boolean ownsDatabase,
            boolean mayGrantConnect,
            boolean mayCreateSchema,
            boolean hasLedger,
            boolean hasGuard,
            boolean hasDoor) {}

    /// @param connections how many sessions it may have at once; empty: any number
    /// @param owns how many objects in all databases, if it carries a mark of agentroles
    /// @param mayBecome whether the administrator may SET ROLE to it
    record RoleRow(
            long oid,
            RoleName name,
            Attributes attributes,
            Optional<Instant> validUntil,
            OptionalInt connections,
            Optional<String> comment,
            int owns,
            boolean mayBecome,
            boolean mayAdminister) {}

    record MembershipRow(Membership membership, RoleName grantor, boolean mayRevoke) {}

    /// @param usable whether the administrator may name what is in it
    record SchemaRow(String name, RoleName owner, boolean mayGrant, boolean usable) {}

    record RelationRow(Securable.Relation relation, char kind, RoleName owner) implements ScopeResolver.Row {
        boolean table() {
            return kind == 'r' || kind == 'p';
        }

        boolean view() {
            return kind == 'v' || kind == 'm';
        }

        boolean foreign() {
            return kind == 'f';
        }
    }

    /// What a view reads: relations, and columns where the profile excludes some.
    ///
    /// @param invoker with the rights of whoever reads the view, and not with its owner's
    record ViewReads(boolean invoker, Set<Securable> read) {
        static final ViewReads NOTHING = new ViewReads(false, Set.of());
    }

    /// A privilege on a table as a whole.
    record TablePrivilege(Securable.Relation table, Privilege privilege) {}

    record SequenceRow(Securable.Relation table, Securable.Sequence sequence, RoleName owner, boolean mayGrant) {}

    /// @param owned whether the administrator acts as the object's owner in GRANT and REVOKE
    /// @param reached whether the administrator may name the object: its schema must be usable
    /// @param grantorReaches the same of the grantor
    record GrantRow(
            Grant grant, RoleName grantor, boolean byOwner, boolean owned, boolean reached, boolean grantorReaches) {}

    record PublicRow(String word, Grant grant, RoleName owner, boolean owned, List<RoleName> keepers) {}

    @Override
    public List<String> schemas() {
        return schemaRows.stream().map(SchemaRow::name).toList();
    }

    /// A view that reads beyond the scope, and a foreign table. With its reader's rights a view shows no more
    /// than the reader has, but fails where he has less.
    @Override
    public Optional<String> window(RelationRow row, Set<Securable> inside) {
        if (row.foreign()) {
            return Optional.of("it is a foreign table");
        }
        var view = views.getOrDefault(row.relation(), ViewReads.NOTHING);
        var beyond = view.read().stream()
                .filter(read -> !inside.contains(read)
                        && !(read instanceof Securable.Column column && inside.contains(column.owner())))
                .map(Securable::display)
                .collect(Collectors.joining(", "));
        return beyond.isEmpty()
                ? Optional.empty()
                : Optional.of("it reads " + beyond + " beyond the scope with "
                        + (view.invoker() ? "the reader's" : "its owner's") + " rights");
    }

    /// Whether the administrator can take a grant away and give it again.
    boolean isAtHand(GrantRow row) {
        boolean asItself =
                administrator.superuser() ? row.byOwner() : row.grantor().equals(administrator.name());
        return row.reached() && (asItself || (row.byOwner() && row.owned() && row.grantorReaches()));
    }

    Optional<RoleRow> role(RoleName name) {
        return Optional.ofNullable(roles.get(name));
    }

    /// The facts about our roles. Logins count as far as their attributes, memberships and grants go; that
    /// they come and go is the ledger's business.
    AccessState access() {
        var ours = roles.values().stream()
                .flatMap(row -> mark(row.name()).stream().map(mark -> new Role(row.name(), mark, row.attributes())))
                .collect(Collectors.toSet());
        return new AccessState(
                ours,
                memberships.stream().map(MembershipRow::membership).collect(Collectors.toSet()),
                grants.stream().map(GrantRow::grant).collect(Collectors.toSet()),
                new HashSet<>(defaults),
                new HashSet<>(settings),
                guard.guard(),
                Optional.empty(),
                door.fingerprint());
    }

    /// What a role of ours is; empty for every other role.
    Optional<Mark> mark(RoleName name) {
        return Optional.ofNullable(marks.get(name));
    }
}
