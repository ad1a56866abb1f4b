package dev.agentroles.engine.postgres;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.GrantedWords;
import java.util.Locale;

/// The words by which the queries beside this class name kinds of objects and privileges.
final class CatalogWords {
    private CatalogWords() {}

    /// @param sub a column's name, or a routine's signature; of other kinds it does not count
    static Securable securable(String kind, String schema, String name, String sub) {
        return switch (kind) {
            case "relation" -> new Securable.Relation(schema, name);
            case "column" -> new Securable.Column(schema, name, sub);
            case "sequence" -> new Securable.Sequence(schema, name);
            case "schema" -> new Securable.Schema(name);
            case "database" -> new Securable.Database(name);
            case "routine" -> new Securable.Routine(schema, name, sub);
            case "type" -> new Securable.Type(schema, name);
            case "language" -> new Securable.Language(name);
            case "large object" -> new Securable.LargeObject(Long.parseLong(name));
            case "foreign-data wrapper" -> new Securable.ForeignDataWrapper(name);
            case "foreign server" -> new Securable.ForeignServer(name);
            case "tablespace" -> new Securable.Tablespace(name);
            case "parameter" -> new Securable.Parameter(name);
            default -> throw new IllegalStateException("unknown kind of object: " + kind);
        };
    }

    /// A column, or the relation itself where none is named.
    static Securable part(String schema, String relation, String column) {
        var whole = new Securable.Relation(schema, relation);
        return column.isEmpty() ? whole : whole.column(column);
    }

    /// By the name that `aclexplode` gives it: `ALTER SYSTEM`.
    static Privilege privilege(String word, Securable on) {
        return privilege(word, on.display());
    }

    /// On what is still to be made.
    ///
    /// @param kind of the objects in the plural: `TABLES`
    static Privilege privilegeLater(String word, String kind) {
        return privilege(word, kind.toLowerCase(Locale.ROOT) + " to come");
    }

    private static Privilege privilege(String word, String on) {
        return GrantedWords.privilege(word.toUpperCase(Locale.ROOT), on);
    }
}
