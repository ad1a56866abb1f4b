package dev.agentroles.engine.postgres;

import dev.agentroles.engine.Lexed;
import dev.agentroles.engine.SqlToken;
import dev.agentroles.engine.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Cuts a statement as the server does (manual, 4.1; `src/backend/parser/scan.l`), with
/// `standard_conforming_strings` on.
final class SqlLexer {
    private final String text;
    private final List<SqlToken> tokens = new ArrayList<>();
    private int at;

    private SqlLexer(String text) {
        this.text = text;
    }

    static Lexed cut(String text) {
        var lexer = new SqlLexer(text);
        try {
            lexer.run();
            return new Lexed(lexer.tokens, Optional.empty());
        } catch (Unreadable unreadable) {
            return new Lexed(lexer.tokens, Optional.of(unreadable.clause));
        }
    }

    /// Leaves the lexer where it stands.
    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        private final String clause;

        Unreadable(String clause) {
            super(clause, null, false, false);
            this.clause = clause;
        }
    }

    private void run() throws Unreadable {
        while (at < text.length()) {
            char next = text.charAt(at);
            if (" \t\n\r\f".indexOf(next) >= 0) {
                at++;
            } else if (text.startsWith("--", at)) {
                at = endOfLine(at);
            } else if (text.startsWith("/*", at)) {
                comment();
            } else if (next == '\'') {
                text(at, at, false);
            } else if (next == '"') {
                name(at);
            } else if (next == '$') {
                dollar();
            } else if (isOfAWord(next) && !isDigit(next)) {
                word();
            } else if (isDigit(next)) {
                number();
            } else if (next == '\\') {
                throw new Unreadable("it holds a backslash outside of a string, which the server does not read");
            } else {
                add(Kind.SYMBOL, at, at + 1);
            }
        }
    }

    private int endOfLine(int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    /// Comments nest.
    private void comment() throws Unreadable {
        int depth = 0;
        do {
            if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else if (at++ >= text.length()) {
                throw new Unreadable("a comment in it has no end");
            }
        } while (depth > 0);
    }

    /// @param start of the token, with what stands before the quote
    /// @param quote where that stands
    /// @param escapes whether a backslash takes the next character at its word
    private void text(int start, int quote, boolean escapes) throws Unreadable {
        var value = new StringBuilder();
        at = quote + 1;
        while (true) {
            if (at >= text.length()) {
                throw new Unreadable("a string in it has no end");
            }
            char next = text.charAt(at);
            if (escapes && next == '\\') {
                value.append(text, at, Math.min(at + 2, text.length()));
                at += 2;
            } else if (next != '\'') {
                value.append(next);
                at++;
            } else if (text.startsWith("''", at)) {
                value.append('\'');
                at += 2;
            } else if (continuation(at + 1) >= 0) {
                at = continuation(at + 1) + 1;
            } else {
                tokens.add(new SqlToken(Kind.TEXT, value.toString(), start, ++at));
                return;
            }
        }
    }

    /// Manual, 4.1.2.1: constants with nothing but blanks and at least one line end between them are one.
    ///
    /// @return where the next part's quote stands; -1 if there is none
    private int continuation(int from) {
        boolean newLine = false;
        int look = from;
        while (look < text.length()) {
            char next = text.charAt(look);
            if (next == '\n' || next == '\r') {
                newLine = true;
                look++;
            } else if (next == ' ' || next == '\t' || next == '\f') {
                look++;
            } else if (text.startsWith("--", look)) {
                look = endOfLine(look);
            } else {
                return newLine && next == '\'' ? look : -1;
            }
        }
        return -1;
    }

    private void name(int start) throws Unreadable {
        int quote = text.indexOf('"', start + 1);
        while (quote >= 0 && text.startsWith("\"\"", quote)) {
            quote = text.indexOf('"', quote + 2);
        }
        if (quote < 0) {
            throw new Unreadable("a name in it has no closing quote");
        }
        at = quote + 1;
        tokens.add(new SqlToken(Kind.NAME, text.substring(start + 1, quote).replace("\"\"", "\""), start, at));
    }

    /// `$$ ... $$` and `$tag$ ... $tag$`; `$1` is a parameter's number.
    private void dollar() throws Unreadable {
        int end = at + 1;
        if (end < text.length() && isDigit(text.charAt(end))) {
            number();
            return;
        }
        while (end < text.length() && isOfAWord(text.charAt(end))) {
            end++;
        }
        if (end >= text.length() || text.charAt(end) != '$') {
            throw new Unreadable("it holds a $ that begins nothing that the server reads");
        }
        var tag = text.substring(at, end + 1);
        int close = text.indexOf(tag, end + 1);
        if (close < 0) {
            throw new Unreadable("a string in it has no end: " + tag);
        }
        tokens.add(new SqlToken(Kind.TEXT, text.substring(end + 1, close), at, close + tag.length()));
        at = close + tag.length();
    }

    /// A word, or what begins with one: `E'...'`, `B'...'`, `X'...'`, `N'...'`, `U&'...'`, `U&"..."`.
    private void word() throws Unreadable {
        int start = at;
        int end = start;
        while (end < text.length() && (isOfAWord(text.charAt(end)) || text.charAt(end) == '$')) {
            end++;
        }
        var word = text.substring(start, end);
        if (text.startsWith("'", end) && word.length() == 1 && "eEbBxXnN".contains(word)) {
            text(start, end, word.equalsIgnoreCase("e"));
        } else if (word.equalsIgnoreCase("u") && text.startsWith("&'", end)) {
            text(start, end + 1, false);
        } else if (word.equalsIgnoreCase("u") && text.startsWith("&\"", end)) {
            throw new Unreadable("a name in it is written in escapes, U&\"...\": write it as it is");
        } else {
            add(Kind.WORD, start, end);
        }
    }

    /// What follows a number without a blank belongs to it, or the server refuses it (from 15 on).
    private void number() {
        int end = at + 1;
        while (end < text.length() && isOfAWord(text.charAt(end))) {
            end++;
        }
        add(Kind.NUMBER, at, end);
    }

    private void add(Kind kind, int start, int end) {
        tokens.add(new SqlToken(kind, text.substring(start, end), start, end));
        at = end;
    }

    private static boolean isDigit(char letter) {
        return letter >= '0' && letter <= '9';
    }

    /// Every character that is not ASCII is a letter to the server.
    private static boolean isOfAWord(char letter) {
        return letter == '_'
                || letter >= 0x80
                || isDigit(letter)
                || (letter >= 'a' && letter <= 'z')
                || (letter >= 'A' && letter <= 'Z');
    }
}
