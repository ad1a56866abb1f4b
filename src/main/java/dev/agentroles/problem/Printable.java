package dev.agentroles.problem;

import java.util.Set;
import java.util.function.IntPredicate;

/// Text of others made safe for a terminal and a log. A name in a database may hold any character: one that
/// moves the cursor, ends the line or turns the direction of writing could hide what is said, or forge it, and
/// one that is not seen makes two names look like one.
public final class Printable {
    /// The combining grapheme joiner, fillers of Hangul and Khmer, and the pattern of Braille that has no dot.
    private static final Set<Integer> IGNORABLE =
            Set.of(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0);

    private Printable() {}

    /// Stays in its line: `\n`, `\x1b`, `\u202e` stand for what would not, or is not seen.
    public static String line(String text) {
        return escaped(text, Printable::isHidden);
    }

    /// The same, where some more characters are not to be there as they are.
    public static String line(String text, IntPredicate others) {
        return escaped(text, point -> isHidden(point) || others.test(point));
    }

    /// The same for what has several lines by right.
    public static String lines(String text) {
        return escaped(text, point -> point != '\n' && isHidden(point));
    }

    /// Whether the character is seen as what it is, and moves nothing.
    public static boolean isPrintable(int point) {
        return !isHidden(point);
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

    /// Controls, what formats the text after it (directions, joiners, tags), separators but for the space, what is
    /// no character and no YAML (U+FFFE, U+FFFF), and the letters and marks that Unicode wants shown as nothing
    /// (Default_Ignorable_Code_Point).
    private static boolean isHidden(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            case Character.SPACE_SEPARATOR -> point != ' ';
            default ->
                IGNORABLE.contains(point)
                        || (point & 0xFFFE) == 0xFFFE
                        || (point >= 0xFE00 && point <= 0xFE0F)
                        || (point >= 0xE0000 && point <= 0xE0FFF);
        };
    }

    private static String escape(int point) {
        return switch (point) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> (point < 0x100 ? "\\x%02x" : point < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(point);
        };
    }
}
