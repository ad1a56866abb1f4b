package dev.agentroles.profile;

/// Text from a profile as a message shows it: in double quotes, short, and unable to move the terminal's cursor.
final class Quoted {
    private static final int SHOWN = 80;

    private Quoted() {}

    static String of(String text) {
        var quoted = new StringBuilder("\"");
        text.codePoints().limit(SHOWN).forEach(point -> append(quoted, point));
        if (text.codePointCount(0, text.length()) > SHOWN) {
            quoted.append("...");
        }
        return quoted.append('"').toString();
    }

    /// The same without quotes, for words that are not the profile's own.
    static String plain(String text) {
        var quoted = of(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    private static void append(StringBuilder quoted, int point) {
        if (invisible(point)) {
            quoted.append("\\u{%x}".formatted(point));
        } else {
            quoted.appendCodePoint(point);
        }
    }

    /// Controls, and format characters such as those that change the direction of the text after them.
    private static boolean invisible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
