package dev.agentroles.engine.mysql;

import dev.agentroles.engine.Lexed;
import dev.agentroles.engine.SqlToken;
import dev.agentroles.engine.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Cuts a statement as both servers do (MySQL manual, 11.1, 11.2 and 11.7), in the `sql_mode` of [Session]: a backslash
/// escapes in a string, and double quotes are around strings. What they would read differently is unreadable.
final class SqlLexer {
    private final String text;
    private final List<SqlToken> tokens = new ArrayList<>();
    private int at;

    /// Whether what is executed in a comment is read.
    private final boolean own;

    private SqlLexer(String text, boolean own) {
        this.text = text;
        this.own = own;
    }

    /// What somebody wrote.
    static Lexed cut(String text) {
        var lexer = new SqlLexer(text, false);
        return new Lexed(lexer.tokens, lexer.run());
    }

    /// What the server wrote itself: it executes each of its comments.
    static Lexed cutOwn(String text) {
        var lexer = new SqlLexer(text, true);
        return new Lexed(lexer.tokens, lexer.run());
    }

    private Optional<String> run() {
        Optional<String> unreadable = Optional.empty();
        while (at < text.length() && unreadable.isEmpty()) {
            unreadable = step(text.charAt(at));
        }
        return unreadable;
    }

    private Optional<String> step(char next) {
        if (isBlank(next)) {
            at++;
        } else if (next == '#' || startsLineComment()) {
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end + 1;
        } else if (own && text.startsWith("/*!", at)) {
            at += 3;
            while (at < text.length() && Character.isDigit(text.charAt(at))) {
                at++;
            }
        } else if (own && text.startsWith("*/", at)) {
            at += 2;
        } else if (text.startsWith("/*", at)) {
            return comment();
        } else if (next == '\'' || next == '"') {
            return quoted(at, at, next, Kind.TEXT, "a string");
        } else if (next == '`') {
            return quoted(at, at, next, Kind.NAME, "a name");
        } else if (isOfAWord(next)) {
            return word();
        } else {
            add(Kind.SYMBOL, at + 1);
        }
        return Optional.empty();
    }

    private static boolean isBlank(char letter) {
        return letter == ' ' || (letter >= '\t' && letter <= '\r');
    }

    /// Two dashes are two minus signs unless a blank or the end follows.
    private boolean startsLineComment() {
        return text.startsWith("--", at) && (at + 2 == text.length() || text.charAt(at + 2) <= ' ');
    }

    /// Comments do not nest. What is executed in one depends on the server.
    private Optional<String> comment() {
        if (text.startsWith("/*!", at) || text.startsWith("/*M!", at) || text.startsWith("/*m!", at)) {
            return Optional.of("it holds a comment that some servers execute: /*! ... */ says something else to another"
                    + " server");
        }
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
            return Optional.of("a comment in it has no end");
        }
        if (text.substring(at + 2, end).contains("/*")) {
            return Optional.of("it holds a comment in a comment, which not every server reads in the same way");
        }
        at = end + 2;
        return Optional.empty();
    }

    /// @param start of the token, with what stands before the quote
    private Optional<String> quoted(int start, int open, char quote, Kind kind, String what) {
        var value = new StringBuilder();
        for (int i = open + 1; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '\\' && kind == Kind.TEXT && i + 1 < text.length()) {
                value.append(next).append(text.charAt(++i));
            } else if (next != quote) {
                value.append(next);
            } else if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                value.append(next);
                i++;
            } else {
                tokens.add(new SqlToken(kind, value.toString(), start, i + 1));
                at = i + 1;
                return Optional.empty();
            }
        }
        return Optional.of(what + " in it has no end");
    }

    /// A word or number, or what begins with one: `N'...'`, `x'...'`, `b'...'`. A name may begin with a digit. MySQL
    /// 9 takes `$$` for the begin of a string.
    private Optional<String> word() {
        if (text.charAt(at) == '$') {
            return Optional.of("it holds a $ that begins a name to one server and a string to another: quote the name");
        }
        int end = at;
        while (end < text.length() && isOfAWord(text.charAt(end))) {
            end++;
        }
        boolean prefix = end - at == 1 && "nNxXbB".indexOf(text.charAt(at)) >= 0;
        if (prefix && end < text.length() && text.charAt(end) == '\'') {
            return quoted(at, end, '\'', Kind.TEXT, "a string");
        }
        add(
                text.substring(at, end).chars().allMatch(letter -> letter >= '0' && letter <= '9')
                        ? Kind.NUMBER
                        : Kind.WORD,
                end);
        return Optional.empty();
    }

    private void add(Kind kind, int end) {
        tokens.add(new SqlToken(kind, text.substring(at, end), at, end));
        at = end;
    }

    private static boolean isOfAWord(char letter) {
        return letter == '_'
                || letter == '$'
                || letter >= 0x80
                || (letter >= '0' && letter <= '9')
                || (letter >= 'a' && letter <= 'z')
                || (letter >= 'A' && letter <= 'Z');
    }
}
