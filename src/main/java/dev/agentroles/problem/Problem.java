package dev.agentroles.problem;

import java.util.Optional;

/// One thing that is wrong: what, where if it is somewhere, and what to do about it.
///
/// @param what one sentence without a final full stop, fit for a search engine; never a secret
/// @param remedy what the reader can do, in the imperative; may hold a statement over several lines
public record Problem(Optional<Position> where, String what, Optional<String> remedy) {
    public static Problem of(String what) {
        return new Problem(Optional.empty(), what, Optional.empty());
    }

    public static Problem at(Position where, String what) {
        return new Problem(Optional.of(where), what, Optional.empty());
    }

    /// The same problem with what to do about it.
    public Problem remedy(String remedy) {
        return new Problem(where, what, Optional.of(remedy));
    }

    /// `file:line:column: what; remedy`, safe to print.
    @Override
    public String toString() {
        return where.map(position -> position + ": ").orElse("")
                + Printable.line(what)
                + remedy.map(text -> "; " + Printable.lines(text)).orElse("");
    }
}
