package dev.agentroles.engine;

import dev.agentroles.engine.StatementForm.Effect;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// By which words a server family's statements are told apart: how one begins, and which kind of object it is about.
/// All of them in upper case, with one blank between two.
public final class StatementVocabulary {
    private final List<Elsewhere> elsewhere;
    private final Map<String, Effect> kinds;
    private final List<String> kindWords;
    private final List<String> serverKinds;

    /// Statements that are no change of a schema.
    ///
    /// @param why a clause
    /// @param beginnings one of which such a statement has
    public record Elsewhere(String why, List<String> beginnings) {
        public Elsewhere {
            beginnings = List.copyOf(beginnings);
        }

        /// @param beginnings with commas between them
        public static Elsewhere of(String why, String beginnings) {
            return new Elsewhere(why, List.of(beginnings.split(", ")));
        }
    }

    /// @param elsewhere the first that fits says why
    /// @param kinds of objects that a change may be about, and what making one does
    /// @param serverKinds kinds of objects that no change makes, alters or drops
    public StatementVocabulary(List<Elsewhere> elsewhere, Map<String, Effect> kinds, List<String> serverKinds) {
        this.elsewhere = List.copyOf(elsewhere);
        this.kinds = Map.copyOf(kinds);
        // MATERIALIZED VIEW before VIEW.
        this.kindWords = kinds.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .toList();
        this.serverKinds = List.copyOf(serverKinds);
    }

    /// Says of a statement that is no change of a schema why it is none.
    ///
    /// @param tokens at least one
    /// @return whether it did
    public boolean refuses(SqlTokens tokens, StatementVerdict verdict) {
        var why = elsewhere(tokens);
        why.ifPresent(clause -> verdict.is(tokens.list().getFirst().value().toUpperCase(Locale.ROOT), "")
                .effect(Effect.CHANGES)
                .unfit(clause));
        return why.isPresent();
    }

    private Optional<String> elsewhere(SqlTokens tokens) {
        if (tokens.at('(')) {
            return Optional.of(StatementJudge.ROWS);
        }
        return elsewhere.stream()
                .filter(statements -> statements.beginnings().stream().anyMatch(tokens::atPhrase))
                .map(Elsewhere::why)
                .findFirst();
    }

    /// Passes the kind of object that comes next.
    ///
    /// @param verb what the statement does to one
    /// @return empty where no change is about such, and the verdict says so
    public Optional<String> takeKind(String verb, SqlTokens tokens, StatementVerdict verdict) {
        // OPERATOR CLASS before OPERATOR.
        var server = serverKinds.stream().filter(tokens::atPhrase).findFirst();
        if (server.isPresent()) {
            verdict.is(verb, server.get()).effect(Effect.CHANGES).unfit(StatementJudge.SERVERS);
            return Optional.empty();
        }
        var kind = tokens.takeOneOf(kindWords);
        if (kind.isEmpty()) {
            verdict.is(verb, "").effect(Effect.CHANGES).unfit(StatementJudge.UNKNOWN_KIND);
            return Optional.empty();
        }
        verdict.is(verb, kind);
        return Optional.of(kind);
    }

    /// What making an object does.
    ///
    /// @param kind that [#takeKind] passed
    public Effect making(String kind) {
        return Objects.requireNonNull(kinds.get(kind), kind);
    }
}
