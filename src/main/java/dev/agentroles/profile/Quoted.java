package dev.agentroles.profile;

import dev.agentroles.problem.Printable;
import java.util.Optional;

/// Text from a profile as a message shows it: in double quotes, short, and unable to move the terminal's
/// cursor.
final class Quoted {
    private static final int SHOWN = 80;
    private static final int SHOWN_OF_MESSAGES = 300;

    private Quoted() {}

    static String of(String text) {
        return '"' + visible(text, SHOWN) + '"';
    }

    /// As one writes it in a profile, so that YAML takes it for text; empty if it is too long to be repeated, or
    /// not printable.
    static Optional<String> asYaml(String text) {
        boolean plain = text.codePointCount(0, text.length()) <= SHOWN
                && text.codePoints().allMatch(Printable::isPrintable);
        return Optional.of(YamlText.quoted(text)).filter(_ -> plain);
    }

    /// The words of a library or of the operating system, which may repeat some of the profile's.
    static String plain(String text) {
        return visible(text, SHOWN_OF_MESSAGES);
    }

    private static String visible(String text, int most) {
        var visible = new StringBuilder();
        text.codePoints().limit(most).forEach(point -> append(visible, point));
        if (text.codePointCount(0, text.length()) > most) {
            visible.append("...");
        }
        return visible.toString();
    }

    private static void append(StringBuilder visible, int point) {
        if (Printable.isPrintable(point)) {
            visible.appendCodePoint(point);
        } else {
            visible.append("\\u{%x}".formatted(point));
        }
    }
}
