package dev.agentroles.engine.mysql;

import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Naming;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.Columns;
import dev.agentroles.engine.GrantedWords;
import dev.agentroles.engine.Rows;
import dev.agentroles.engine.Survey;
import dev.agentroles.profile.Pattern;
import dev.agentroles.profile.Profile;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads a [Catalog]: one query for each kind of row, whatever the number of objects.
record CatalogReader(Connection connection, Dialect dialect, Variables variables, String database) {
    Catalog read(Profile profile, Profile.DatabaseEntry entry) throws SQLException {
        var scopes = profile.scopes().values().stream()
                .filter(scope -> scope.database().equals(entry.name()))
                .toList();
        var includes =
                scopes.stream().flatMap(scope -> scope.include().stream()).toList();
        var columnExcludes = scopes.stream()
                .flatMap(scope -> scope.exclude().stream())
                .filter(pattern -> pattern.column().isPresent())
                .toList();
        var like = Like.escape(Naming.prefix(entry.name())) + "%";
        var accounts = Accounts.read(connection, dialect, Naming.prefix(entry.name()));
        var marks = marks(accounts, profile.environment(), entry.name());
        var schemas = schemas();
        return new Catalog(
                dialect,
                variables,
                AdministratorGrants.read(connection, variables),
                database,
                accounts,
                marks,
                memberships(like, marks),
                schemas,
                relations(schemas, includes),
                columns(columnExcludes),
                columnExcludes.isEmpty() ? Set.of() : histograms(),
                grants(like, marks.keySet()),
                new GuardReader(connection, dialect.guard().on(variables)).read(writes(profile, entry)),
                ExpiryEvent.read(connection, dialect),
                ChangeDoor.read(connection, dialect));
    }

    /// Everything that a pattern could name.
    Survey survey() throws SQLException {
        var schemas = schemas();
        return new Survey(
                relations(schemas).stream()
                        .map(row -> new Survey.Table(row.relation(), !row.view()))
                        .sorted(Comparator.comparing(
                                        (Survey.Table table) -> table.name().schema())
                                .thenComparing(table -> table.name().name()))
                        .toList(),
                schemas.isEmpty() ? Columns.NONE : columns("TABLE_SCHEMA IN (" + places(schemas) + ")", schemas),
                Map.of(),
                Map.of(),
                List.of(),
                false,
                dialect.hidesColumns(),
                false);
    }

    private List<String> schemas() throws SQLException {
        return many(Sql.resource("schemas.sql"), List.of(), row -> row.getString("name"));
    }

    private static boolean writes(Profile profile, Profile.DatabaseEntry entry) {
        return profile.agentsOf(entry.name()).stream()
                .flatMap(agent -> agent.access().stream())
                .anyMatch(access -> access.tier() == Tier.WRITER
                        && profile.scopeOf(access).database().equals(entry.name()));
    }

    private static Map<RoleName, Mark> marks(Accounts accounts, String environment, String database) {
        var marks = new LinkedHashMap<RoleName, Mark>();
        accounts.all()
                .forEach((name, account) ->
                        account.mark(environment, database).ifPresent(mark -> marks.put(name, mark)));
        return marks;
    }

    /// One for a member, whatever the number of its accounts. What a role has acts with it; what a
    /// login has acts only if it does from everywhere.
    private Map<Membership, List<String>> memberships(String like, Map<RoleName, Mark> marks) throws SQLException {
        record Key(RoleName group, RoleName member) {}
        record Row(Membership membership, List<String> hosts) {
            Row and(Row other) {
                var all = new ArrayList<>(hosts);
                all.addAll(other.hosts());
                return new Row(
                        new Membership(
                                membership.group(),
                                membership.member(),
                                membership.inherits() && other.membership().inherits(),
                                false,
                                membership.admin() || other.membership().admin()),
                        all);
            }
        }
        var found = new LinkedHashMap<Key, Row>();
        many(
                        dialect.query("memberships"),
                        List.of(like),
                        row -> new Row(
                                new Membership(
                                        new RoleName(row.getString("role")),
                                        new RoleName(row.getString("member")),
                                        row.getBoolean("acts")
                                                || !isLogin(marks.get(new RoleName(row.getString("member")))),
                                        false,
                                        row.getBoolean("admin")),
                                List.of(row.getString("host"))))
                .forEach(row -> found.merge(
                        new Key(row.membership().group(), row.membership().member()), row, Row::and));
        var memberships = new LinkedHashMap<Membership, List<String>>();
        found.values().forEach(row -> memberships.put(row.membership(), row.hosts()));
        return memberships;
    }

    private static boolean isLogin(@Nullable Mark mark) {
        return mark != null && mark.kind() instanceof Mark.Kind.LeaseLogin;
    }

    private List<Catalog.RelationRow> relations(List<String> schemas, List<Pattern> includes) throws SQLException {
        var wanted = schemas.stream()
                .filter(schema ->
                        includes.stream().anyMatch(pattern -> pattern.schema().matches(schema)))
                .toList();
        return relations(wanted);
    }

    private List<Catalog.RelationRow> relations(List<String> wanted) throws SQLException {
        if (wanted.isEmpty()) {
            return List.of();
        }
        record Found(Securable.Relation name, boolean view) {}
        var found = many(
                Sql.resource("relations.sql").formatted(places(wanted)),
                wanted,
                row -> new Found(relation(row), row.getBoolean("is_view")));
        var invokers = invokers(
                found.stream().filter(Found::view).map(one -> one.name().name()).toList());
        return found.stream()
                .map(one ->
                        new Catalog.RelationRow(one.name(), one.view(), one.view() && !invokers.contains(one.name())))
                .toList();
    }

    /// Views that read with the rights of whoever asks. Not joined with the tables: MariaDB looks into the
    /// file of each table for whether it is a view, except where its name alone says that it is not wanted.
    private Set<Securable.Relation> invokers(List<String> views) throws SQLException {
        var names = views.stream().distinct().toList();
        if (names.isEmpty()) {
            return Set.of();
        }
        return Set.copyOf(many(Sql.resource("invokers.sql").formatted(places(names)), names, CatalogReader::relation));
    }

    private static String places(List<String> parameters) {
        return String.join(", ", Collections.nCopies(parameters.size(), "?"));
    }

    private static Securable.Relation relation(ResultSet row) throws SQLException {
        return new Securable.Relation(row.getString("schema_name"), row.getString("name"));
    }

    private Columns columns(List<Pattern> excludes) throws SQLException {
        if (excludes.isEmpty()) {
            return Columns.NONE;
        }
        var likes = new ArrayList<String>();
        for (var pattern : excludes) {
            likes.add(Like.of(pattern.schema()));
            likes.add(Like.of(pattern.relation()));
        }
        var condition = String.join(
                " OR ", Collections.nCopies(excludes.size(), "(TABLE_SCHEMA LIKE ? AND TABLE_NAME LIKE ?)"));
        return columns(condition, likes);
    }

    /// @param condition with a place for each parameter
    private Columns columns(String condition, List<String> parameters) throws SQLException {
        record Found(Securable.Column column, String expression) {}
        var found = many(
                Sql.resource("columns.sql").formatted(condition),
                parameters,
                row -> new Found(
                        new Securable.Column(
                                row.getString("schema_name"), row.getString("relation"), row.getString("name")),
                        row.getString("expression")));
        var names = found.stream()
                .map(Found::column)
                .collect(Collectors.groupingBy(
                        Securable.Column::owner, Collectors.mapping(Securable.Column::name, Collectors.toList())));
        return new Columns(found.stream()
                .map(one -> new Columns.Row(
                        one.column(),
                        ExpressionText.reads(
                                one.expression(),
                                !variables.mariadb(),
                                names.getOrDefault(one.column().owner(), List.of()))))
                .toList());
    }

    private Set<Securable.Column> histograms() throws SQLException {
        return dialect.hidesColumns()
                ? Set.copyOf(many(
                        Sql.resource("histograms.sql"),
                        List.of(),
                        row -> new Securable.Column(
                                row.getString("schema_name"), row.getString("relation"), row.getString("name"))))
                : Set.of();
    }

    private Map<Grant, List<String>> grants(String like, Set<RoleName> ours) throws SQLException {
        var grants = new LinkedHashMap<Grant, List<String>>();
        var known = new HashMap<String, Words>();
        for (var held : many(Sql.resource("grants.sql"), List.of(like, like, like, like), row -> held(row, known))) {
            if (ours.contains(held.grantee())) {
                for (var grant : held.grants()) {
                    grants.computeIfAbsent(grant, _ -> new ArrayList<>()).add(held.host());
                }
            }
        }
        return grants;
    }

    /// All that one account holds on one object.
    private record Held(RoleName grantee, String host, Securable on, Words words) {
        /// The right to pass on covers whatever else is held there; alone it is a grant by itself.
        List<Grant> grants() {
            if (words.privileges().isEmpty() && words.grantable()) {
                return List.of(new Grant(Grantee.role(grantee), Privilege.GRANT_OPTION, on, true));
            }
            var grants = new ArrayList<Grant>();
            for (var privilege : words.privileges()) {
                grants.add(new Grant(Grantee.role(grantee), privilege, on, words.grantable()));
            }
            return grants;
        }
    }

    /// Of one text, which is the same for most tables.
    private record Words(List<Privilege> privileges, boolean grantable) {
        static Words of(String text, Securable on) {
            var words = Accounts.words(text).stream()
                    .map(word -> word.toUpperCase(Locale.ROOT))
                    .toList();
            return new Words(
                    words.stream()
                            .filter(word -> !word.startsWith("GRANT"))
                            .map(word -> privilege(word, on))
                            .toList(),
                    words.contains("GRANT OPTION") || words.contains("GRANT"));
        }
    }

    private static Held held(ResultSet row, Map<String, Words> known) throws SQLException {
        var on = securable(row);
        return new Held(
                new RoleName(row.getString("grantee")),
                row.getString("host"),
                on,
                known.computeIfAbsent(row.getString("privileges"), text -> Words.of(text, on)));
    }

    private static Privilege privilege(String word, Securable on) {
        return word.equals("DELETE VERSIONING ROWS")
                ? Privilege.DELETE_HISTORY
                : GrantedWords.privilege(word, on.display());
    }

    private static Securable securable(ResultSet row) throws SQLException {
        var schema = row.getString("schema_name");
        var name = row.getString("name");
        var sub = row.getString("sub");
        var kind = row.getString("kind");
        return switch (kind) {
            case "relation" -> new Securable.Relation(schema, name);
            case "column" -> new Securable.Column(schema, name, sub);
            case "routine" -> new Securable.Routine(schema, name, sub);
            case "schema" -> new Securable.Schema(schema);
            default -> throw new IllegalStateException("unknown kind of object: " + kind);
        };
    }

    private <T> List<T> many(String query, List<String> parameters, Rows.Reader<T> reader) throws SQLException {
        return Rows.read(
                connection,
                query,
                statement -> {
                    for (int i = 0; i < parameters.size(); i++) {
                        statement.setString(i + 1, parameters.get(i));
                    }
                },
                reader);
    }
}
