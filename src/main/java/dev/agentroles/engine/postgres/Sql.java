package dev.agentroles.engine.postgres;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.SqlFiles;
import dev.agentroles.problem.Printable;
import java.util.stream.Collectors;

/// Names and texts as PostgreSQL reads them, and the catalog queries that stand beside this class.
final class Sql {
    private static final SqlFiles FILES = new SqlFiles(Sql.class);

    private Sql() {}

    /// A name in double quotes, always: what is quoted cannot be a keyword, and reads the same on every
    /// version.
    ///
    /// PostgreSQL manual, 4.1.1: a double quote inside is written twice; NUL cannot be part of a name. What
    /// would move a terminal's cursor, or not be seen, takes the U& form, so that a statement can be shown
    /// as it is executed.
    static String identifier(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a name is neither empty nor holds NUL");
        }
        var quoted = "\"" + name.replace("\"", "\"\"") + "\"";
        return isPrintable(name) ? quoted : "U&" + escaped(quoted, "\\%04X", "\\+%06X");
    }

    private static boolean isPrintable(String text) {
        return text.codePoints().allMatch(Printable::isPrintable);
    }

    /// @param basic the form of one character, by its code point of four digits
    /// @param beyond the form of one whose code point has more
    private static String escaped(String text, String basic, String beyond) {
        return text.replace("\\", "\\\\")
                .codePoints()
                .mapToObj(point -> Printable.isPrintable(point)
                        ? Character.toString(point)
                        : (Character.isBmpCodePoint(point) ? basic : beyond).formatted(point))
                .collect(Collectors.joining());
    }

    static String identifier(RoleName name) {
        return identifier(name.value());
    }

    /// A text in single quotes. With a backslash or what cannot be printed inside it takes the E form, which
    /// means the same whatever `standard_conforming_strings` says.
    static String literal(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a text literal cannot hold NUL");
        }
        var quoted = "'" + text.replace("'", "''") + "'";
        return isPrintable(text) && text.indexOf('\\') < 0 ? quoted : "E" + escaped(quoted, "\\u%04X", "\\U%08X");
    }

    /// What stands between ON and TO: the kind of object where SQL wants one, then the quoted name.
    static String on(Securable securable) {
        return kind(securable) + " " + name(securable);
    }

    /// A privilege as GRANT and REVOKE write it: of a column with the column's name.
    static String privilege(Privilege privilege, Securable on) {
        return on instanceof Securable.Column column
                ? privilege.sql() + " (" + identifier(column.name()) + ")"
                : privilege.sql();
    }

    /// The word of GRANT for this kind of object.
    static String kind(Securable securable) {
        return switch (securable) {
            case Securable.Database _ -> "DATABASE";
            case Securable.Schema _ -> "SCHEMA";
            case Securable.Relation _, Securable.Column _ -> "TABLE";
            case Securable.Sequence _ -> "SEQUENCE";
            case Securable.Routine _ -> "ROUTINE";
            case Securable.Type _ -> "TYPE";
            case Securable.Language _ -> "LANGUAGE";
            case Securable.LargeObject _ -> "LARGE OBJECT";
            case Securable.ForeignDataWrapper _ -> "FOREIGN DATA WRAPPER";
            case Securable.ForeignServer _ -> "FOREIGN SERVER";
            case Securable.Tablespace _ -> "TABLESPACE";
            case Securable.Parameter _ -> "PARAMETER";
        };
    }

    /// The object's name, quoted; of a column, its relation's.
    static String name(Securable securable) {
        return switch (securable) {
            case Securable.Database(var name) -> identifier(name);
            case Securable.Schema(var name) -> identifier(name);
            case Securable.Relation(var schema, var name) -> qualified(schema, name);
            case Securable.Column column -> qualified(column.schema(), column.relation());
            case Securable.Sequence(var schema, var name) -> qualified(schema, name);
            // The signature is printed by oidvectortypes, which quotes by itself.
            case Securable.Routine(var schema, var name, var signature) -> qualified(schema, name) + signature;
            case Securable.Type(var schema, var name) -> qualified(schema, name);
            case Securable.Language(var name) -> identifier(name);
            case Securable.LargeObject(var id) -> Long.toString(id);
            case Securable.ForeignDataWrapper(var name) -> identifier(name);
            case Securable.ForeignServer(var name) -> identifier(name);
            case Securable.Tablespace(var name) -> identifier(name);
            case Securable.Parameter(var name) -> parameter(name);
        };
    }

    static String qualified(String schema, String name) {
        return identifier(schema) + "." + identifier(name);
    }

    /// A parameter's name: `prefix.name` is two names with a dot between.
    static String parameter(String name) {
        var dot = name.indexOf('.');
        return dot < 0
                ? identifier(name)
                : identifier(name.substring(0, dot)) + "." + identifier(name.substring(dot + 1));
    }

    /// Takes from a role what it was given in this database. The administrator must have its power.
    static String disown(RoleName role) {
        return resource("disown.sql").strip().replace("{role}", inDollars(literal(role.value())));
    }

    /// The same literal where the text around it is in dollar quotes: none of its dollars can end them.
    private static String inDollars(String literal) {
        return literal.indexOf('$') < 0
                ? literal
                : (literal.startsWith("E") ? literal : "E" + literal).replace("$", "\\u0024");
    }

    /// The text of a `.sql` resource beside this class.
    static String resource(String name) {
        return FILES.text(name);
    }
}
