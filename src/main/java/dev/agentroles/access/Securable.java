package dev.agentroles.access;

import java.util.Locale;
import java.util.Optional;

/// Something a privilege can be held on. Names are as the catalog holds them: data, never SQL.
public sealed interface Securable {
    /// A database of the server.
    record Database(String name) implements Securable {}

    record Schema(String name) implements Securable {}

    /// A table, partitioned table, view, materialised view or foreign table.
    record Relation(String schema, String name) implements Securable {
        public Column column(String column) {
            return new Column(schema, name, column);
        }
    }

    record Column(String schema, String relation, String name) implements Securable {
        public Relation owner() {
            return new Relation(schema, relation);
        }
    }

    record Sequence(String schema, String name) implements Securable {}

    /// @param signature the argument types between parentheses, as the engine prints them:
    /// `(integer, text)`; where names are not overloaded, the kind in its place: `FUNCTION`
    record Routine(String schema, String name, String signature) implements Securable {}

    record Type(String schema, String name) implements Securable {}

    record Language(String name) implements Securable {}

    record LargeObject(long id) implements Securable {}

    record ForeignDataWrapper(String name) implements Securable {}

    record ForeignServer(String name) implements Securable {}

    record Tablespace(String name) implements Securable {}

    /// A configuration parameter of the server.
    record Parameter(String name) implements Securable {}

    /// Itself, and for a column the table around it.
    default Securable whole() {
        return this instanceof Column column ? column.owner() : this;
    }

    /// The schema that it is in, if it is in one.
    default Optional<Schema> home() {
        return switch (this) {
            case Relation(var schema, var _) -> Optional.of(new Schema(schema));
            case Column(var schema, var _, var _) -> Optional.of(new Schema(schema));
            case Sequence(var schema, var _) -> Optional.of(new Schema(schema));
            case Routine(var schema, var _, var _) -> Optional.of(new Schema(schema));
            case Type(var schema, var _) -> Optional.of(new Schema(schema));
            case Database _, Schema _, Language _, LargeObject _ -> Optional.empty();
            case ForeignDataWrapper _, ForeignServer _, Tablespace _, Parameter _ -> Optional.empty();
        };
    }

    /// For people: the kind in a word, then the name with dots. Not SQL.
    default String display() {
        return switch (this) {
            case Database(var name) -> "database " + name;
            case Schema(var name) -> "schema " + name;
            case Relation(var schema, var name) -> schema + "." + name;
            case Column(var schema, var relation, var name) -> schema + "." + relation + "." + name;
            case Sequence(var schema, var name) -> "sequence " + schema + "." + name;
            case Routine(var schema, var name, var signature) ->
                signature.startsWith("(")
                        ? "routine " + schema + "." + name + signature
                        : signature.toLowerCase(Locale.ROOT) + " " + schema + "." + name;
            case Type(var schema, var name) -> "type " + schema + "." + name;
            case Language(var name) -> "language " + name;
            case LargeObject(var id) -> "large object " + id;
            case ForeignDataWrapper(var name) -> "foreign-data wrapper " + name;
            case ForeignServer(var name) -> "foreign server " + name;
            case Tablespace(var name) -> "tablespace " + name;
            case Parameter(var name) -> "parameter " + name;
        };
    }
}
