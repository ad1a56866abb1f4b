package dev.agentroles.profile;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A value that YAML takes for something else than text, because it is not in quotes: `*.*` for an alias,
/// `reads: all` for a mapping.
///
/// @param value as it stands in the file; empty where a secret may stand there
record Unquoted(String why, Optional<String> value) {
    private static final String INDICATORS = "*&!%@`";

    private static final Pattern KEY = Pattern.compile("([A-Za-z_][A-Za-z0-9_-]*)\\s*:(?=\\s)");

    private static final Pattern IN_FLOW = Pattern.compile("[^,\\]}]*");

    private static final Pattern IN_BLOCK = Pattern.compile("(?:(?! #).)*");

    private static final Pattern HOLDS_A_MAPPING =
            Pattern.compile("(\\s*(?:- +)?[A-Za-z_][A-Za-z0-9_-]*: +)([^\"'\\[{|>].*: .*)");

    /// Keys of which no value is ever repeated.
    private static final Set<String> SECRET =
            Set.of("password", "token", "role_id", "secret_id", "identity", "url", "env", "file", "vault");

    /// @param line from 0, as the parser counts, and so is the column: where the value begins, if it is one
    static Optional<Unquoted> at(String text, int line, int column) {
        var lines = text.lines().toList();
        if (line >= lines.size() || column >= lines.get(line).length()) {
            return Optional.empty();
        }
        var own = lines.get(line);
        char first = own.charAt(column);
        if (INDICATORS.indexOf(first) < 0) {
            return mapping(own, column);
        }
        var end = (isFlow(own.substring(0, column)) ? IN_FLOW : IN_BLOCK).matcher(own.substring(column));
        var value = end.lookingAt() ? end.group().strip() : "";
        return Optional.of(new Unquoted(
                "a value that begins with " + first + " is no text to YAML",
                Optional.of(value).filter(_ -> mayBeShown(lines.subList(0, line), own.substring(0, column)))));
    }

    /// Whether what stands behind the key before this place is no secret.
    static boolean mayBeShown(String text, int line, int column) {
        var lines = text.lines().toList();
        return line < lines.size()
                && mayBeShown(
                        lines.subList(0, line),
                        lines.get(line)
                                .substring(0, Math.min(column, lines.get(line).length())));
    }

    private static Optional<Unquoted> mapping(String own, int column) {
        var found = HOLDS_A_MAPPING.matcher(own);
        if (!found.matches() || column < found.end(1)) {
            return Optional.empty();
        }
        return Optional.of(new Unquoted(
                "a value with a colon and a space in it is no text to YAML",
                Optional.of(found.group(2).strip()).filter(_ -> mayBeShown(List.of(), found.group(1)))));
    }

    /// A line without a key of its own, and no entry of a list, goes on with brackets of a line before it.
    private static boolean isFlow(String before) {
        boolean open =
                before.lastIndexOf('[') > before.lastIndexOf(']') || before.lastIndexOf('{') > before.lastIndexOf('}');
        return open || (!KEY.matcher(before).find() && !before.strip().startsWith("-"));
    }

    private static boolean mayBeShown(List<String> before, String own) {
        var key = lastKey(own);
        for (int i = before.size() - 1; key.isEmpty() && i >= 0; i--) {
            key = lastKey(before.get(i));
        }
        return key.isPresent() && !SECRET.contains(key.get());
    }

    private static Optional<String> lastKey(String line) {
        return KEY.matcher(line + " ").results().map(found -> found.group(1)).reduce((_, last) -> last);
    }

    /// What to do about it.
    String remedy() {
        return "put it in quotes"
                + value.flatMap(Quoted::asYaml).map(": "::concat).orElse("");
    }
}
