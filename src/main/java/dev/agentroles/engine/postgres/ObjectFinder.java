package dev.agentroles.engine.postgres;

import dev.agentroles.access.Securable;
import dev.agentroles.engine.NamedObject;
import dev.agentroles.engine.ObjectName;
import dev.agentroles.engine.ObjectName.Kind;
import dev.agentroles.engine.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Looks up in the catalogs what a person named. Names and types are parameters, never a part of a statement.
record ObjectFinder(Connection connection) {
    /// What a name without a word for its kind can be: the first of these that there is.
    private static final List<List<Kind>> PRESUMED =
            List.of(List.of(Kind.RELATION, Kind.SEQUENCE, Kind.COLUMN), List.of(Kind.ROUTINE), List.of(Kind.TYPE));

    /// What cannot be read as a type: its syntax (an error before 16), an invalid name, more than two parts.
    private static final Set<String> UNREADABLE = Set.of(
            SqlStates.SYNTAX_ERROR,
            SqlStates.INVALID_NAME,
            SqlStates.INVALID_TEXT_REPRESENTATION,
            SqlStates.FEATURE_NOT_SUPPORTED);

    private record Row(long oid, Securable on, boolean matches) {}

    List<NamedObject> find(ObjectName name) throws SQLException {
        for (var kinds : kinds(name)) {
            var rows = rows(kinds, name, true).stream().filter(Row::matches).toList();
            if (!rows.isEmpty()) {
                return objects(rows);
            }
        }
        return List.of();
    }

    List<String> names(ObjectName name) throws SQLException {
        var kinds = kinds(name).getFirst();
        // Of a function that is there the other argument types are nearer than other functions.
        var overloads = kinds.contains(Kind.ROUTINE) ? rows(kinds, name, true) : List.<Row>of();
        return (overloads.isEmpty() ? rows(kinds, name, false) : overloads)
                .stream().map(row -> row.on().display()).toList();
    }

    private static List<List<Kind>> kinds(ObjectName name) {
        return name.kind().map(kind -> List.of(List.of(kind))).orElse(PRESUMED);
    }

    private List<NamedObject> objects(List<Row> rows) throws SQLException {
        var objects = Stream.<NamedObject>builder();
        for (var row : rows) {
            objects.add(
                    row.on() instanceof Securable.Relation || row.on() instanceof Securable.Column
                            ? new NamedObject(row.on(), parents(row.oid()))
                            : NamedObject.of(row.on()));
        }
        return objects.build().toList();
    }

    private List<NamedObject.Parent> parents(long oid) throws SQLException {
        return Rows.read(
                connection,
                Sql.resource("named-parents.sql"),
                query -> query.setLong(1, oid),
                row -> new NamedObject.Parent(
                        new Securable.Relation(row.getString("schema"), row.getString("name")),
                        row.getBoolean("partition")));
    }

    private List<Row> rows(List<Kind> kinds, ObjectName name, boolean named) throws SQLException {
        var parts = name.is(Kind.PARAMETER) ? List.of(String.join(".", name.parts())) : name.parts();
        try {
            return Rows.read(
                    connection,
                    Sql.resource("named-objects.sql"),
                    query -> {
                        query.setArray(1, connection.createArrayOf("text", words(kinds)));
                        query.setArray(2, named ? connection.createArrayOf("text", parts.toArray()) : null);
                        query.setString(3, named ? name.arguments().orElse(null) : null);
                        query.setString(4, named && name.is(Kind.TYPE) ? String.join(".", parts) : null);
                    },
                    row -> new Row(
                            row.getLong("oid"),
                            CatalogWords.securable(
                                    row.getString("kind"),
                                    row.getString("schema"),
                                    row.getString("name"),
                                    row.getString("sub")),
                            row.getBoolean("matches")));
        } catch (SQLException said) {
            if (UNREADABLE.contains(String.valueOf(said.getSQLState()))) {
                return List.of();
            }
            throw said;
        }
    }

    private static String[] words(List<Kind> kinds) {
        return kinds.stream()
                .map(kind -> kind == Kind.FOREIGN_DATA_WRAPPER
                        ? "foreign-data wrapper"
                        : kind.name().replace('_', ' ').toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
    }
}
