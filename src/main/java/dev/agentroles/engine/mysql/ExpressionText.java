package dev.agentroles.engine.mysql;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// What a column is computed from, as `information_schema.COLUMNS` tells it: a text, and nowhere the columns that it
/// reads. MariaDB writes each name in backticks. MySQL keeps what the session wrote that made the column: with
/// `sql_quote_show_create = 0` only names that are words of its own language are in backticks. So each word that may be
/// a name counts as one, and a text that cannot be read counts as reading everything.
final class ExpressionText {
    /// Words of the language that stand in expressions where a name could. None of them is a column: that would
    /// be in backticks.
    private static final Set<String> WORDS = Set.of(
            "date", "datetime", "time", "year", "month", "week", "day", "hour", "minute", "second", "char", "json");

    private final String text;
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> words = new LinkedHashSet<>();
    private int at;
    private boolean readable = true;

    private ExpressionText(String text) {
        this.text = text;
    }

    /// The columns that a text reads; perhaps more, never fewer. Columns are the same in whatever case.
    ///
    /// @param escaped whether quotes and backslashes of the text are escaped once more, as MySQL does
    /// @param columns all of the table
    static Set<String> reads(String text, boolean escaped, Collection<String> columns) {
        var read = new ExpressionText(escaped ? text.replaceAll("(?s)\\\\(.)", "$1") : text);
        read.read();
        var known = columns.stream().map(ExpressionText::fold).collect(Collectors.toSet());
        return columns.stream()
                .filter(column -> !read.readable
                        || !known.containsAll(read.names)
                        || read.names.contains(fold(column))
                        || read.words.contains(fold(column)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private void read() {
        while (at < text.length()) {
            char next = text.charAt(at);
            if (next == '\'') {
                quoted('\'');
            } else if (next == '`') {
                names.add(fold(quoted('`')));
            } else if (isOfAName(next)) {
                word();
            } else {
                at++;
            }
        }
    }

    /// @return what is between the quotes
    private String quoted(char quote) {
        var inside = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char next = text.charAt(at);
            if (next == '\\' && quote == '\'') {
                at++;
            } else if (next != quote) {
                inside.append(next);
            } else if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
                inside.append(next);
                at++;
            } else {
                at++;
                return inside.toString();
            }
        }
        readable = false;
        return "";
    }

    /// What an argument list follows is a function.
    private void word() {
        int from = at;
        while (at < text.length() && isOfAName(text.charAt(at))) {
            at++;
        }
        var word = fold(text.substring(from, at));
        if (!WORDS.contains(word) && !(at < text.length() && text.charAt(at) == '(')) {
            words.add(word);
        }
    }

    /// Manual, "Schema Object Names": what a name may have without quotes.
    private static boolean isOfAName(char letter) {
        return letter == '$' || letter == '_' || letter >= 0x80 || Character.isLetterOrDigit(letter);
    }

    /// Letter by letter, as the server does: there is one letter that is two in lower case.
    private static String fold(String name) {
        return name.codePoints()
                .map(letter -> Character.toLowerCase(Character.toUpperCase(letter)))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
