package dev.agentroles.engine.mysql;

import dev.agentroles.profile.Pattern;

/// Patterns as LIKE reads them, and names as patterns of the server's own tables mean them.
final class Like {
    private Like() {}

    /// A text that stands for itself.
    static String escape(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    static String of(Pattern.Part part) {
        var escaped = escape(part.text());
        return part.exact() ? escaped : escaped.replace('*', '%').replace('?', '_');
    }

    /// Whether a name fits a pattern of `%` and `_`, where a backslash takes either at its word.
    static boolean matches(String pattern, String name) {
        var regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char at = pattern.charAt(i);
            if (at == '\\' && i + 1 < pattern.length()) {
                i++;
                regex.append(java.util.regex.Pattern.quote(pattern.substring(i, i + 1)));
            } else if (at == '%') {
                regex.append(".*");
            } else if (at == '_') {
                regex.append('.');
            } else {
                regex.append(java.util.regex.Pattern.quote(Character.toString(at)));
            }
        }
        return java.util.regex.Pattern.compile(regex.toString(), java.util.regex.Pattern.DOTALL)
                .matcher(name)
                .matches();
    }
}
