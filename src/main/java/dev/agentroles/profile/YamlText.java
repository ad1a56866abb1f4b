package dev.agentroles.profile;

import dev.agentroles.problem.Printable;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Text as one writes it in a profile, so that YAML takes it for that text and for nothing else.
public final class YamlText {
    /// Names, perhaps with dots between them: no number, no date, and no sign of YAML's.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");

    /// Words that some version of YAML takes for something else.
    private static final Set<String> WORDS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private YamlText() {}

    /// Without quotes where none are needed, as in `app.orders`.
    public static String of(String text) {
        boolean plain = PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
        return plain ? text : quoted(text);
    }

    /// Stays in its line, whatever is in it.
    public static String quoted(String text) {
        if (!text.codePoints().allMatch(Printable::isPrintable)) {
            // What stands for a hidden character there stands for it in YAML, too.
            return '"' + Printable.line(escaped(text)) + '"';
        }
        boolean escapes = text.contains("\"") || text.contains("\\");
        return escapes ? "'" + text.replace("'", "''") + "'" : '"' + text + '"';
    }

    /// As it stands between double quotes.
    static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
