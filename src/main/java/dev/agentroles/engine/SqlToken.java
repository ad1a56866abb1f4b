package dev.agentroles.engine;

import java.util.stream.IntStream;

/// One token of a statement, as the lexer of its server cuts it.
///
/// @param value of a word or number as it is written; of a quoted name or a text what stands between the
/// quotes, escapes undone as far as they could end it; of a symbol its one character
/// @param start where it begins in the statement
/// @param end behind its last character
public record SqlToken(Kind kind, String value, int start, int end) {
    /// What a token can be.
    public enum Kind {
        /// A keyword, or a name without quotes.
        WORD,
        /// A name in quotes.
        NAME,
        /// A string constant of whatever form.
        TEXT,
        NUMBER,
        SYMBOL
    }

    /// Whether it is this keyword. Keywords are ASCII, in whatever case: no other letter folds to one.
    public boolean is(String keyword) {
        return kind == Kind.WORD && sameInAscii(value, keyword);
    }

    public boolean is(char symbol) {
        return kind == Kind.SYMBOL && value.charAt(0) == symbol;
    }

    /// Whether it could be the name of something.
    public boolean isName() {
        return kind == Kind.WORD || kind == Kind.NAME;
    }

    private static boolean sameInAscii(String one, String other) {
        return one.length() == other.length()
                && IntStream.range(0, one.length()).allMatch(i -> upper(one.charAt(i)) == upper(other.charAt(i)));
    }

    private static char upper(char letter) {
        return letter >= 'a' && letter <= 'z' ? (char) (letter - 'a' + 'A') : letter;
    }
}
