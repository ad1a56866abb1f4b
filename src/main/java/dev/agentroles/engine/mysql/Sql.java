package dev.agentroles.engine.mysql;

import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.SqlFiles;

/// Names and texts as the family reads them in a session of ours, and the queries that stand beside this
/// class.
final class Sql {
    private static final SqlFiles FILES = new SqlFiles(Sql.class);

    private Sql() {}

    /// A name in back-ticks, always: what is quoted cannot be a keyword, and reads the same in every
    /// `sql_mode`.
    ///
    /// MySQL manual, 11.2: a back-tick inside is written twice; NUL cannot be part of a name.
    static String identifier(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a name is neither empty nor holds NUL");
        }
        return "`" + name.replace("`", "``") + "`";
    }

    static String identifier(RoleName name) {
        return identifier(name.value());
    }

    /// A text in single quotes. A backslash escapes in our sessions, whatever the server's `sql_mode`:
    /// [Session] says so.
    static String literal(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a text literal cannot hold NUL");
        }
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /// An account that logs in.
    static String account(RoleName name, String host) {
        return literal(name.value()) + "@" + literal(host);
    }

    static String qualified(String schema, String name) {
        return identifier(schema) + "." + identifier(name);
    }

    /// What stands between ON and TO. The name of a schema is written as the server keeps it, wildcards and
    /// all.
    static String on(Securable securable) {
        return switch (securable) {
            case Securable.Schema(var name) -> identifier(name) + ".*";
            case Securable.Relation(var schema, var name) -> "TABLE " + qualified(schema, name);
            case Securable.Column column -> "TABLE " + qualified(column.schema(), column.relation());
            case Securable.Routine(var schema, var name, var kind) -> kind + " " + qualified(schema, name);
            case Securable.Database _,
                    Securable.Sequence _,
                    Securable.Type _,
                    Securable.Language _,
                    Securable.LargeObject _,
                    Securable.ForeignDataWrapper _,
                    Securable.ForeignServer _,
                    Securable.Tablespace _,
                    Securable.Parameter _ ->
                throw new IllegalArgumentException("nothing is granted on " + securable.display() + " here");
        };
    }

    /// The text of a `.sql` resource beside this class.
    static String resource(String name) {
        return FILES.text(name);
    }
}
