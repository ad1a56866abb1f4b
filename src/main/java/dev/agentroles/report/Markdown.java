package dev.agentroles.report;

import dev.agentroles.access.Securable;
import dev.agentroles.problem.Printable;

/// Names and texts of others in Markdown that a person or a model reads. Whoever makes a table chooses its name, and
/// a name must not end its code span or its table cell, or look like a tag that means something to the reader.
final class Markdown {
    private Markdown() {}

    /// A code span. What would end it, or a cell of a table, or looks like a tag stands there by its number: `\x60`,
    /// `\x7c`, `\x3c`; so does the backslash itself, and what [Printable#line] does not show.
    static String code(String text) {
        return "`" + escaped(text) + "`";
    }

    /// The name with its schema. A dot within a part stands there by its number.
    static String code(Securable.Relation name) {
        return "`" + part(name.schema()) + "." + part(name.name()) + "`";
    }

    /// A part of a name.
    static String name(String part) {
        return "`" + part(part) + "`";
    }

    private static String part(String text) {
        return escaped(text).replace(".", "\\x2e");
    }

    /// A code span loses the spaces at its ends (CommonMark, 6.1).
    private static String escaped(String text) {
        return Printable.line(text, point -> "`<>|\\".indexOf(point) >= 0)
                .replaceFirst("^ ", "\\\\x20")
                .replaceFirst(" $", "\\\\x20");
    }
}
