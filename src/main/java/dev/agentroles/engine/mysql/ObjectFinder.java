package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;
import dev.agentroles.engine.NamedObject;
import dev.agentroles.engine.ObjectName;
import dev.agentroles.engine.ObjectName.Kind;
import dev.agentroles.engine.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Looks up what a person named among what the administrator is shown. A database is a schema here.
record ObjectFinder(Connection connection, GrantTables tables) {
    List<NamedObject> find(ObjectName name) throws SQLException {
        var parts = name.parts();
        if (parts.size() == 3 && (name.kind().isEmpty() || name.is(Kind.COLUMN))) {
            return columns(parts);
        }
        return objects(name)
                .filter(on -> switch (on) {
                    case Securable.Schema(var schema) -> parts.equals(List.of(schema));
                    case Securable.Relation(var schema, var relation) -> parts.equals(List.of(schema, relation));
                    case Securable.Routine(var schema, var routine, var _) -> parts.equals(List.of(schema, routine));
                    default -> false;
                })
                .map(NamedObject::of)
                .toList();
    }

    List<String> names(ObjectName name) throws SQLException {
        return objects(name).map(Securable::display).toList();
    }

    private Stream<? extends Securable> objects(ObjectName name) throws SQLException {
        return switch (name.kind().orElse(Kind.RELATION)) {
            case SCHEMA, DATABASE -> schemas().stream();
            case RELATION -> tables.relations().stream().map(GrantTables.Relation::name);
            case ROUTINE ->
                tables.routines().keySet().stream()
                        .filter(routine -> !List.of("function", "procedure").contains(name.word())
                                || routine.signature().toLowerCase(Locale.ROOT).equals(name.word()));
            default -> Stream.empty();
        };
    }

    private List<Securable.Schema> schemas() throws SQLException {
        return Rows.read(
                connection, Sql.resource("named-schemas.sql"), row -> new Securable.Schema(row.getString("name")));
    }

    private List<NamedObject> columns(List<String> parts) throws SQLException {
        return Rows.read(
                connection,
                Sql.resource("named-columns.sql"),
                query -> {
                    for (int i = 0; i < parts.size(); i++) {
                        query.setString(i + 1, parts.get(i));
                    }
                },
                row -> NamedObject.of(new Securable.Column(
                        row.getString("schema_name"), row.getString("relation"), row.getString("name"))));
    }
}
