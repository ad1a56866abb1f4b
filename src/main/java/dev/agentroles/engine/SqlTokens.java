package dev.agentroles.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The tokens of a statement, read from the left.
public final class SqlTokens {
    private final List<SqlToken> tokens;
    private int at;

    public SqlTokens(List<SqlToken> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    /// Whether there is nothing more.
    public boolean ended() {
        return at == tokens.size();
    }

    /// What comes next.
    ///
    /// @return false at the end, too
    public boolean at(String... keywords) {
        if (at + keywords.length > tokens.size()) {
            return false;
        }
        for (int i = 0; i < keywords.length; i++) {
            if (!tokens.get(at + i).is(keywords[i])) {
                return false;
            }
        }
        return true;
    }

    /// The same of keywords with blanks between them.
    public boolean atPhrase(String phrase) {
        return at(phrase.split(" "));
    }

    public boolean at(char symbol) {
        return !ended() && tokens.get(at).is(symbol);
    }

    /// Passes these keywords if they come next.
    ///
    /// @return whether they did
    public boolean take(String... keywords) {
        boolean there = at(keywords);
        at += there ? keywords.length : 0;
        return there;
    }

    public boolean take(char symbol) {
        boolean there = at(symbol);
        at += there ? 1 : 0;
        return there;
    }

    /// Passes the first of these that comes next; each is one or more keywords with blanks between them.
    ///
    /// @return that one; "" if none does
    public String takeOneOf(List<String> phrases) {
        return phrases.stream()
                .filter(phrase -> take(phrase.split(" ")))
                .findFirst()
                .orElse("");
    }

    /// Passes a name, `a.b.c`.
    ///
    /// @return its parts; empty where none comes next
    public List<SqlToken> takeName() {
        var parts = new ArrayList<SqlToken>();
        while (!ended() && tokens.get(at).isName()) {
            parts.add(tokens.get(at++));
            if (!at('.')) {
                break;
            }
            at++;
        }
        return List.copyOf(parts);
    }

    /// Passes one token, or all that stands in the parentheses that begin with it.
    public void skip() {
        int depth = 0;
        do {
            var token = tokens.get(at++);
            depth += token.is('(') ? 1 : token.is(')') ? -1 : 0;
        } while (depth > 0 && !ended());
    }

    /// What has not been read.
    public SqlTokens rest() {
        return new SqlTokens(tokens.subList(at, tokens.size()));
    }

    public List<SqlToken> list() {
        return tokens.subList(at, tokens.size());
    }

    /// Whether these keywords stand somewhere from here on, one behind the other and in no parentheses.
    public boolean has(String... keywords) {
        var look = rest();
        while (!look.ended()) {
            if (look.at(keywords)) {
                return true;
            }
            look.skip();
        }
        return false;
    }

    /// The same, in parentheses or not.
    public boolean hasAnywhere(String... keywords) {
        var look = rest();
        while (!look.ended()) {
            if (look.at(keywords)) {
                return true;
            }
            look.at++;
        }
        return false;
    }

    /// What stands between the commas that are in no parentheses.
    public List<SqlTokens> parts() {
        var parts = new ArrayList<SqlTokens>();
        var look = rest();
        int from = 0;
        while (!look.ended()) {
            if (look.at(',')) {
                parts.add(new SqlTokens(look.tokens.subList(from, look.at)));
                from = look.at + 1;
            }
            look.skip();
        }
        parts.add(new SqlTokens(look.tokens.subList(Math.min(from, look.at), look.at)));
        return List.copyOf(parts);
    }

    /// Whether a function is called that is none of these.
    ///
    /// @param harmless in lower case
    public boolean callsOtherThan(Set<String> harmless) {
        var words = list();
        for (int i = 0; i + 1 < words.size(); i++) {
            var word = words.get(i);
            if (word.isName() && words.get(i + 1).is('(') && harmless.stream().noneMatch(name -> word.is(name))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return String.join(" ", list().stream().map(SqlToken::value).toList());
    }
}
