package dev.agentroles.problem;

import java.util.function.IntPredicate;

/// Text of others made safe for a terminal and a log. A name in a database may hold any character: one that
/// moves the cursor, ends the line or turns the direction of writing could hide what is said, or forge it.
public final class Printable {
    private Printable() {}

    /// Stays in its line: `\n`, `\x1b`, `\u202e` stand for what would not.
    public static String line(String text) {
        return escaped(text, Printable::moves);
    }

    /// The same for what has several lines by right.
    public static String lines(String text) {
        return escaped(text, point -> point != '\n' && moves(point));
    }

    /// Whether the character stands where it is written and moves nothing else.
    public static boolean isPrintable(int point) {
        return !moves(point);
    }

    private static String escaped(String text, IntPredicate refused) {
        if (text.codePoints().noneMatch(refused)) {
            return text;
        }
        var safe = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (refused.test(point)) {
                safe.append(escape(point));
            } else {
                safe.appendCodePoint(point);
            }
        });
        return safe.toString();
    }

    /// Control characters (C0, DEL, C1), line and paragraph separators, and what the Unicode bidirectional
    /// algorithm (UAX 9) takes for an embedding, override or isolate.
    private static boolean moves(int point) {
        return Character.isISOControl(point)
                || (point >= 0x2028 && point <= 0x202E)
                || (point >= 0x2066 && point <= 0x2069);
    }

    private static String escape(int point) {
        return switch (point) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> (point < 0x100 ? "\\x%02x" : "\\u%04x").formatted(point);
        };
    }
}
