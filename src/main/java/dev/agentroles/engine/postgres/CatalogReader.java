package dev.agentroles.engine.postgres;

import dev.agentroles.access.Attributes;
import dev.agentroles.access.DefaultGrant;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Setting;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.Columns;
import dev.agentroles.engine.Rows;
import dev.agentroles.engine.Survey;
import dev.agentroles.engine.postgres.Catalog.RoleRow;
import dev.agentroles.engine.postgres.Catalog.TablePrivilege;
import dev.agentroles.profile.Pattern;
import dev.agentroles.profile.Profile;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/// Reads a [Catalog]: one query for each kind of row, whatever the number of objects.
final class CatalogReader {
    private final Connection connection;
    private final boolean membershipOptions;

    /// @param membershipOptions whether memberships carry INHERIT and SET options of their own
    CatalogReader(Connection connection, boolean membershipOptions) {
        this.connection = connection;
        this.membershipOptions = membershipOptions;
    }

    Catalog read(Profile profile, Profile.DatabaseEntry entry) throws SQLException {
        var scopes = profile.scopes().values().stream()
                .filter(scope -> scope.database().equals(entry.name()))
                .toList();
        var schemas = scopes.stream()
                .flatMap(scope -> scope.include().stream())
                .map(pattern -> like(pattern.schema()))
                .distinct()
                .toArray(String[]::new);
        var columnExcludes = scopes.stream()
                .flatMap(scope -> scope.exclude().stream())
                .filter(pattern -> pattern.column().isPresent())
                .toList();
        boolean excludes = scopes.stream().anyMatch(scope -> !scope.exclude().isEmpty());
        var roles = roles();
        var marks = marks(roles, profile.environment(), entry.name());
        var ours = oids(roles, marks);
        var administrator = many("administrator.sql", Rows.Parameters.NONE, CatalogReader::administrator)
                .getFirst();
        var guardRole = GuardRole.of(profile.environment(), entry.name());
        return new Catalog(
                administrator,
                membershipOptions,
                byName(roles),
                marks,
                memberships(ours, lasting(roles, marks)),
                many("schemas.sql", Rows.Parameters.NONE, CatalogReader::schema),
                many("relations.sql", texts(schemas), CatalogReader::relation),
                columns(columnExcludes),
                many("sequences.sql", texts(schemas), CatalogReader::sequence),
                excludes ? ancestors() : Map.of(),
                views(schemas, !columnExcludes.isEmpty()),
                held("grants.sql", ours, CatalogReader::grant),
                held("defaults.sql", ours, CatalogReader::defaultGrant),
                held("settings.sql", ours, CatalogReader::setting),
                publics(entry, roles, schemas),
                new GuardReader(connection, guardRole, roles.stream().anyMatch(guardRole::is))
                        .read(administrator.hasGuard(), hasWriter(profile, entry)),
                administrator.hasDoor() ? ChangeDoor.read(connection) : ChangeDoor.NONE);
    }

    /// Everything that a pattern could name, and all that PUBLIC has of what a hardening takes away.
    Survey survey() throws SQLException {
        var anything = new String[] {"%"};
        var sequences = new LinkedHashMap<Securable.Sequence, Securable.Relation>();
        many("sequences.sql", texts(anything), CatalogReader::sequence)
                .forEach(row -> sequences.put(row.sequence(), row.table()));
        return new Survey(
                many("relations.sql", texts(anything), CatalogReader::relation).stream()
                        .map(row -> new Survey.Table(row.relation(), row.table()))
                        .toList(),
                columns(anything, anything),
                ancestors(),
                sequences,
                publics(connection, PostgresTerms.TERMS.hardening().toArray(String[]::new), roles(), anything).stream()
                        .map(row -> new Survey.Everybody(
                                row.word(), row.grant().privilege(), row.grant().on(), row.keepers()))
                        .toList(),
                true,
                true,
                true);
    }

    /// Which of these the administrator may not grant. Asked of what a plan grants and not of every table,
    /// as the server walks a table's whole access list for each answer.
    Set<TablePrivilege> ungrantable(Collection<TablePrivilege> wanted) throws SQLException {
        return Set.copyOf(many(
                "ungrantable.sql",
                statement -> {
                    statement.setArray(1, array(wanted, one -> one.table().schema()));
                    statement.setArray(2, array(wanted, one -> one.table().name()));
                    statement.setArray(3, array(wanted, one -> one.privilege().sql()));
                },
                CatalogReader::tablePrivilege));
    }

    private static TablePrivilege tablePrivilege(ResultSet row) throws SQLException {
        var table = new Securable.Relation(row.getString("schema"), row.getString("name"));
        return new TablePrivilege(table, privilege(row, table));
    }

    private <T> Array array(Collection<T> of, Function<T, String> text) throws SQLException {
        return connection.createArrayOf("text", of.stream().map(text).toArray(String[]::new));
    }

    private static boolean hasWriter(Profile profile, Profile.DatabaseEntry entry) {
        return profile.agentsOf(entry.name()).stream()
                .flatMap(agent -> agent.access().stream())
                .anyMatch(access -> access.tier() == Tier.WRITER
                        && profile.scopeOf(access).database().equals(entry.name()));
    }

    private List<RoleRow> roles() throws SQLException {
        return roles(connection);
    }

    static List<RoleRow> roles(Connection connection) throws SQLException {
        return Rows.read(
                connection,
                Sql.resource("roles.sql"),
                Rows.Parameters.NONE,
                row -> new RoleRow(
                        row.getLong("oid"),
                        new RoleName(row.getString("name")),
                        new Attributes(
                                row.getBoolean("login"), row.getBoolean("inherit"), new TreeSet<>(List.of((String[])
                                        row.getArray("powers").getArray()))),
                        Optional.ofNullable(row.getObject("valid_until", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant),
                        Rows.number(row, "connections"),
                        Optional.ofNullable(row.getString("comment")),
                        row.getInt("owns"),
                        row.getBoolean("may_become"),
                        row.getBoolean("may_administer")));
    }

    /// In the order of the rows.
    private static Map<RoleName, RoleRow> byName(List<RoleRow> roles) {
        var byName = new LinkedHashMap<RoleName, RoleRow>();
        roles.forEach(row -> byName.put(row.name(), row));
        return byName;
    }

    /// The guard's role is made, compared and dropped with the guard.
    private static Map<RoleName, Mark> marks(List<RoleRow> roles, String environment, String database) {
        var marks = new LinkedHashMap<RoleName, Mark>();
        for (var row : roles) {
            row.comment()
                    .flatMap(Mark::parse)
                    .filter(mark -> mark.environment().equals(environment)
                            && mark.database().equals(database)
                            && !(mark.kind() instanceof Mark.Kind.GuardRole))
                    .ifPresent(mark -> marks.put(row.name(), mark));
        }
        return marks;
    }

    private static Long[] oids(List<RoleRow> roles, Map<RoleName, Mark> marks) {
        return roles.stream()
                .filter(row -> marks.containsKey(row.name()))
                .map(RoleRow::oid)
                .toArray(Long[]::new);
    }

    /// Those of logins come and go, and so does, for a moment, the administrator's membership in one.
    private static Long[] lasting(List<RoleRow> roles, Map<RoleName, Mark> marks) {
        return roles.stream()
                .filter(row -> marks.containsKey(row.name())
                        && !(marks.get(row.name()).kind() instanceof Mark.Kind.LeaseLogin))
                .map(RoleRow::oid)
                .toArray(Long[]::new);
    }

    private List<Catalog.MembershipRow> memberships(Long[] ours, Long[] lasting) throws SQLException {
        return ours.length == 0
                ? List.of()
                : many(
                        "memberships.sql",
                        statement -> {
                            statement.setArray(1, connection.createArrayOf("oid", ours));
                            statement.setArray(2, connection.createArrayOf("oid", lasting));
                        },
                        CatalogReader::membership);
    }

    /// What the roles of ours hold; before the first apply there are none to ask for.
    private <T> List<T> held(String resource, Long[] ours, Rows.Reader<T> reader) throws SQLException {
        return ours.length == 0
                ? List.of()
                : many(resource, statement -> statement.setArray(1, connection.createArrayOf("oid", ours)), reader);
    }

    private Columns columns(List<Pattern> excludes) throws SQLException {
        if (excludes.isEmpty()) {
            return Columns.NONE;
        }
        var schemas = excludes.stream().map(pattern -> like(pattern.schema())).toArray(String[]::new);
        var relations =
                excludes.stream().map(pattern -> like(pattern.relation())).toArray(String[]::new);
        return columns(schemas, relations);
    }

    /// @param schemas patterns of LIKE, each with the one of `relations` at the same place
    private Columns columns(String[] schemas, String[] relations) throws SQLException {
        return new Columns(many(
                "columns.sql",
                statement -> {
                    statement.setArray(1, connection.createArrayOf("text", schemas));
                    statement.setArray(2, connection.createArrayOf("text", relations));
                },
                row -> new Columns.Row(
                        new Securable.Column(row.getString("schema"), row.getString("relation"), row.getString("name")),
                        Set.copyOf(
                                List.of((String[]) row.getArray("computed_from").getArray())))));
    }

    private Map<Securable.Relation, Set<Securable.Relation>> ancestors() throws SQLException {
        var ancestors = new LinkedHashMap<Securable.Relation, Set<Securable.Relation>>();
        record Row(Securable.Relation relation, Securable.Relation ancestor) {}
        for (var row : many(
                "ancestors.sql",
                Rows.Parameters.NONE,
                row -> new Row(
                        new Securable.Relation(row.getString("schema"), row.getString("name")),
                        new Securable.Relation(row.getString("ancestor_schema"), row.getString("ancestor"))))) {
            ancestors
                    .computeIfAbsent(row.relation(), _ -> new LinkedHashSet<>())
                    .add(row.ancestor());
        }
        return ancestors;
    }

    private Map<Securable.Relation, Catalog.ViewReads> views(String[] schemas, boolean byColumn) throws SQLException {
        var views = new LinkedHashMap<Securable.Relation, Catalog.ViewReads>();
        record Row(Securable.Relation view, boolean invoker, Securable reads) {}
        for (var row : many(
                "views.sql",
                statement -> {
                    statement.setBoolean(1, byColumn);
                    statement.setArray(2, connection.createArrayOf("text", schemas));
                },
                row -> new Row(
                        new Securable.Relation(row.getString("view_schema"), row.getString("view_name")),
                        row.getBoolean("invoker"),
                        CatalogWords.part(
                                row.getString("schema"), row.getString("name"), row.getString("column_name"))))) {
            views.computeIfAbsent(row.view(), _ -> new Catalog.ViewReads(row.invoker(), new LinkedHashSet<>()))
                    .read()
                    .add(row.reads());
        }
        return views;
    }

    private List<Catalog.PublicRow> publics(Profile.DatabaseEntry entry, List<RoleRow> roles, String[] schemas)
            throws SQLException {
        if (entry.harden().isEmpty()) {
            return List.of();
        }
        var words = entry.harden().stream().map(Profile.Hardening::word).toArray(String[]::new);
        return publics(connection, words, roles, schemas);
    }

    /// What PUBLIC holds of that which words of `harden` take away. What agentroles made, for whichever
    /// environment and database of the server, keeps none of it.
    ///
    /// @param schemas patterns of LIKE
    static List<Catalog.PublicRow> publics(Connection connection, String[] words, List<RoleRow> roles, String[] schemas)
            throws SQLException {
        var agents = roles.stream()
                .filter(row -> row.comment().flatMap(Mark::parse).isPresent())
                .map(RoleRow::oid)
                .toArray(Long[]::new);
        return Rows.read(
                connection,
                Sql.resource("public.sql"),
                statement -> {
                    statement.setArray(1, connection.createArrayOf("text", words));
                    statement.setArray(2, connection.createArrayOf("oid", agents));
                    statement.setArray(3, connection.createArrayOf("text", schemas));
                },
                row -> new Catalog.PublicRow(
                        row.getString("word"),
                        grant(Grantee.everybody(), row, false),
                        new RoleName(row.getString("owner")),
                        row.getBoolean("owned"),
                        Stream.of((String[]) row.getArray("keepers").getArray())
                                .map(RoleName::new)
                                .toList()));
    }

    private static Catalog.Administrator administrator(ResultSet row) throws SQLException {
        return new Catalog.Administrator(
                new RoleName(row.getString("administrator")),
                row.getBoolean("superuser"),
                row.getBoolean("create_role"),
                row.getString("database"),
                new RoleName(row.getString("database_owner")),
                row.getBoolean("owns_database"),
                row.getBoolean("may_grant_connect"),
                row.getBoolean("may_create_schema"),
                row.getBoolean("has_ledger"),
                row.getBoolean("has_guard"),
                row.getBoolean("has_door"));
    }

    private static Catalog.MembershipRow membership(ResultSet row) throws SQLException {
        return new Catalog.MembershipRow(
                new Membership(
                        new RoleName(row.getString("role")),
                        new RoleName(row.getString("member")),
                        row.getBoolean("inherits"),
                        row.getBoolean("settable"),
                        row.getBoolean("admin")),
                new RoleName(row.getString("grantor")),
                row.getBoolean("may_revoke"));
    }

    private static Catalog.SchemaRow schema(ResultSet row) throws SQLException {
        return new Catalog.SchemaRow(
                row.getString("name"),
                new RoleName(row.getString("owner")),
                row.getBoolean("may_grant"),
                row.getBoolean("usable"));
    }

    private static Catalog.RelationRow relation(ResultSet row) throws SQLException {
        return new Catalog.RelationRow(
                new Securable.Relation(row.getString("schema"), row.getString("name")),
                row.getString("kind").charAt(0),
                new RoleName(row.getString("owner")));
    }

    private static Catalog.SequenceRow sequence(ResultSet row) throws SQLException {
        return new Catalog.SequenceRow(
                new Securable.Relation(row.getString("table_schema"), row.getString("table_name")),
                new Securable.Sequence(row.getString("schema"), row.getString("name")),
                new RoleName(row.getString("owner")),
                row.getBoolean("may_grant"));
    }

    private static Grant grant(Grantee grantee, ResultSet row, boolean grantable) throws SQLException {
        var on = securable(row);
        return new Grant(grantee, privilege(row, on), on, grantable);
    }

    private static Catalog.GrantRow grant(ResultSet row) throws SQLException {
        return new Catalog.GrantRow(
                grant(Grantee.role(new RoleName(row.getString("grantee"))), row, row.getBoolean("grantable")),
                new RoleName(row.getString("grantor")),
                row.getBoolean("by_owner"),
                row.getBoolean("owned"),
                row.getBoolean("reached"),
                row.getBoolean("grantor_reaches"));
    }

    private static DefaultGrant defaultGrant(ResultSet row) throws SQLException {
        return new DefaultGrant(
                new RoleName(row.getString("creator")),
                Optional.ofNullable(row.getString("schema")),
                row.getString("kind"),
                CatalogWords.privilegeLater(row.getString("privilege"), row.getString("kind")),
                Grantee.role(new RoleName(row.getString("grantee"))),
                row.getBoolean("grantable"));
    }

    private static Setting setting(ResultSet row) throws SQLException {
        return new Setting(
                new RoleName(row.getString("role")),
                Optional.ofNullable(row.getString("database")),
                row.getString("name"),
                row.getString("value"));
    }

    private static Privilege privilege(ResultSet row, Securable on) throws SQLException {
        return CatalogWords.privilege(row.getString("privilege"), on);
    }

    private static Securable securable(ResultSet row) throws SQLException {
        return CatalogWords.securable(
                row.getString("kind"), row.getString("schema"), row.getString("name"), row.getString("sub"));
    }

    /// A part of a pattern as LIKE reads it: what is literal is escaped.
    private static String like(Pattern.Part part) {
        var escaped = part.text().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
        return part.exact() ? escaped : escaped.replace('*', '%').replace('?', '_');
    }

    private Rows.Parameters texts(String[] values) {
        return query -> query.setArray(1, connection.createArrayOf("text", values));
    }

    private <T> List<T> many(String resource, Rows.Parameters parameters, Rows.Reader<T> reader) throws SQLException {
        return Rows.read(connection, Sql.resource(resource), parameters, reader);
    }
}
