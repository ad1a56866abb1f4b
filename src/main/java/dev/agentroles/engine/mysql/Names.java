package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;

/// Names and texts as SQL: data in, never SQL.
final class Names {
    private Names() {}

    /// In back-ticks, always, whatever `sql_mode` says. Both manuals, "Schema object names": a back-tick inside is
    /// written twice; NUL cannot be part of a name.
    static String identifier(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a name is neither empty nor holds NUL");
        }
        return "`" + name.replace("`", "``") + "`";
    }

    static String name(Securable.Relation relation) {
        return identifier(relation.schema()) + "." + identifier(relation.name());
    }

    /// A text in single quotes. With a backslash inside it is written in hexadecimal, which means the same whatever
    /// `sql_mode` says of backslashes.
    static String literal(String text) {
        return text.indexOf('\\') < 0
                ? "'" + text.replace("'", "''") + "'"
                : "_utf8mb4 0x"
                        + java.util.HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
