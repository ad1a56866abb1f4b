package dev.agentroles.guard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// A second reading of SQL, written apart from the guard's: whether each UPDATE and DELETE of a text has a
/// WHERE of its own, and each MERGE a name in its ON. Knows nothing of the guard's way to do it.
final class Scanner {
    /// @param level which pair of parentheses it stands in, or which statement of the text
    /// @param label whether it stands after a dot or AS
    private record Word(String text, int level, boolean label) {}

    private final String sql;
    private final boolean backslashes;
    private final List<Word> words = new ArrayList<>();
    private final Deque<Integer> levels = new ArrayDeque<>(List.of(0));
    private int at;
    private int level;
    private String before = "";

    /// In the reading that is not the statement's own, a bracket of a string may stand outside of it.
    private boolean unbalanced;

    private Scanner(String sql, boolean backslashes) {
        this.sql = sql;
        this.backslashes = backslashes;
    }

    /// @param backslashes whether they escape in plain strings: `standard_conforming_strings` is off
    static boolean hasWhere(String sql, boolean backslashes) {
        var scanner = new Scanner(sql, backslashes);
        scanner.scan();
        if (scanner.unbalanced) {
            return false;
        }
        for (int verb = 0; verb < scanner.words.size(); verb++) {
            if (!scanner.filtered(verb)) {
                return false;
            }
        }
        return true;
    }

    private boolean filtered(int verb) {
        var word = words.get(verb);
        var last = verb == 0 ? "" : words.get(verb - 1).text();
        if (last.equals("then") || last.equals("do")) {
            return true;
        }
        return switch (word.text()) {
            case "update", "delete" ->
                words.stream()
                        .skip(verb)
                        .anyMatch(other ->
                                other.text().equals("where") && other.level() == word.level() && !other.label());
            case "merge" -> {
                var condition = words.stream()
                        .skip(verb)
                        .dropWhile(other -> !other.text().equals("on"))
                        .skip(1)
                        .takeWhile(other -> !other.text().equals("when"));
                yield condition.anyMatch(other -> !other.text().equals("true"));
            }
            default -> true;
        };
    }

    private void scan() {
        while (at < sql.length()) {
            char character = sql.charAt(at);
            if (sql.startsWith("--", at)) {
                while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
                    at++;
                }
            } else if (sql.startsWith("/*", at)) {
                comment();
            } else if (character == '\'') {
                string(backslashes && !before.equals("b") && !before.equals("x"));
            } else if (character == '"') {
                at = sql.indexOf('"', at + 1) + 1;
                before = "\"";
            } else if (character == '$' && dollar()) {
                before = "$";
            } else if (letter(character)) {
                word();
            } else {
                step(character);
                if (!Character.isWhitespace(character)) {
                    before = Character.toString(character);
                }
                at++;
            }
        }
    }

    private void step(char character) {
        switch (character) {
            case '(', '[' -> levels.push(++level);
            case ')', ']' -> {
                if (levels.size() > 1) {
                    levels.pop();
                } else {
                    unbalanced = true;
                }
            }
            case ';' -> {
                levels.clear();
                levels.push(++level);
            }
            default -> {}
        }
    }

    private void comment() {
        int level = 0;
        do {
            if (sql.startsWith("/*", at)) {
                level++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                level--;
                at += 2;
            } else {
                at++;
            }
        } while (level > 0 && at < sql.length());
    }

    private void string(boolean escapes) {
        at++;
        while (at < sql.length()) {
            if (escapes && sql.charAt(at) == '\\') {
                at += 2;
            } else if (sql.charAt(at) == '\'' && at + 1 < sql.length() && sql.charAt(at + 1) == '\'') {
                at += 2;
            } else if (sql.charAt(at) == '\'') {
                at++;
                int next = at;
                boolean line = false;
                while (next < sql.length() && Character.isWhitespace(sql.charAt(next))) {
                    line |= sql.charAt(next) == '\n';
                    next++;
                }
                if (!line || next >= sql.length() || sql.charAt(next) != '\'') {
                    break;
                }
                at = next + 1;
            } else {
                at++;
            }
        }
        before = "'";
    }

    /// Whether a dollar string began here; if so it has been passed.
    private boolean dollar() {
        int end = sql.indexOf('$', at + 1);
        if (end < 0) {
            return false;
        }
        var tag = sql.substring(at, end + 1);
        if (!tag.matches("\\$([A-Za-z_\\x{80}-\\x{10FFFF}][\\w\\x{80}-\\x{10FFFF}]*)?\\$")) {
            return false;
        }
        int close = sql.indexOf(tag, end + 1);
        at = close < 0 ? sql.length() : close + tag.length();
        return true;
    }

    private void word() {
        int start = at;
        while (at < sql.length()
                && (letter(sql.charAt(at)) || Character.isDigit(sql.charAt(at)) || sql.charAt(at) == '$')) {
            at++;
        }
        var text = sql.substring(start, at).toLowerCase(Locale.ROOT);
        if (at < sql.length()
                && sql.charAt(at) == '\''
                && List.of("e", "b", "x", "n").contains(text)) {
            before = text;
            string(text.equals("e") || (text.equals("n") && backslashes));
            return;
        }
        words.add(new Word(text, levels.element(), before.equals(".") || label(text)));
        before = text;
    }

    /// AS makes a name of what follows, but not in PREPARE ... AS UPDATE.
    private boolean label(String text) {
        return before.equals("as") && text.equals("where");
    }

    private static boolean letter(char character) {
        return character == '_' || character > 127 || ((character | 32) >= 'a' && (character | 32) <= 'z');
    }
}
