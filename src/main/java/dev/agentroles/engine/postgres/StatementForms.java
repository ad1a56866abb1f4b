package dev.agentroles.engine.postgres;

import dev.agentroles.engine.SqlToken;
import dev.agentroles.engine.SqlTokens;
import dev.agentroles.engine.StatementForm.Effect;
import dev.agentroles.engine.StatementJudge;
import dev.agentroles.engine.StatementVerdict;
import dev.agentroles.engine.StatementVocabulary;
import dev.agentroles.engine.StatementVocabulary.Elsewhere;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Judges a statement of PostgreSQL by its form. What is not known to be a change of a schema is none.
final class StatementForms {
    private static final List<Elsewhere> ELSEWHERE = List.of(
            Elsewhere.of(
                    StatementJudge.RIGHTS,
                    "GRANT, REVOKE, ALTER DEFAULT PRIVILEGES, REASSIGN, DROP OWNED, SECURITY LABEL"),
            Elsewhere.of(
                    StatementJudge.RIGHTS,
                    "CREATE ROLE, CREATE USER, CREATE GROUP, ALTER ROLE, ALTER USER, ALTER GROUP, "
                            + "DROP ROLE, DROP USER, DROP GROUP"),
            Elsewhere.of(StatementJudge.ROWS, "SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES, TABLE, WITH"),
            Elsewhere.of(
                    "a change is a transaction by itself: ask for the statement alone",
                    "BEGIN, START, COMMIT, END, ROLLBACK, ABORT, SAVEPOINT, RELEASE, PREPARE"),
            Elsewhere.of(
                    StatementJudge.SESSIONS,
                    "SET, RESET, SHOW, DISCARD, LOCK, LISTEN, NOTIFY, UNLISTEN, DEALLOCATE, DECLARE, FETCH, "
                            + "MOVE, CLOSE, EXECUTE, LOAD"),
            Elsewhere.of(StatementJudge.UNTOLD, "COPY, DO, CALL, EXPLAIN"),
            Elsewhere.of(StatementJudge.UPKEEP, "VACUUM, ANALYZE, ANALYSE, REINDEX, CLUSTER, CHECKPOINT, REFRESH"));

    /// Kinds of objects that no change makes, alters or drops.
    private static final List<String> SERVER_KINDS = List.of(
            "EXTENSION",
            "TRUSTED",
            "PROCEDURAL",
            "LANGUAGE",
            "FOREIGN",
            "SERVER",
            "SUBSCRIPTION",
            "PUBLICATION",
            "EVENT TRIGGER",
            "DATABASE",
            "TABLESPACE",
            "SYSTEM",
            "CAST",
            "CONVERSION",
            "TRANSFORM",
            "ACCESS METHOD",
            // Only a superuser makes them, as the server could crash on a wrong one.
            "OPERATOR CLASS",
            "OPERATOR FAMILY",
            "LARGE OBJECT",
            "ROLE");

    /// Kinds of objects that a change may be about, and what making one does.
    private static final Map<String, Effect> KINDS = Map.ofEntries(
            Map.entry("MATERIALIZED VIEW", Effect.ADDS),
            Map.entry("TEXT SEARCH CONFIGURATION", Effect.ADDS),
            Map.entry("TEXT SEARCH DICTIONARY", Effect.ADDS),
            Map.entry("CONSTRAINT TRIGGER", Effect.BRINGS_CODE),
            Map.entry("RECURSIVE VIEW", Effect.ADDS),
            Map.entry("UNIQUE INDEX", Effect.ADDS),
            Map.entry("UNLOGGED TABLE", Effect.ADDS),
            Map.entry("UNLOGGED SEQUENCE", Effect.ADDS),
            Map.entry("TABLE", Effect.ADDS),
            Map.entry("INDEX", Effect.ADDS),
            Map.entry("VIEW", Effect.ADDS),
            Map.entry("SEQUENCE", Effect.ADDS),
            Map.entry("SCHEMA", Effect.ADDS),
            Map.entry("TYPE", Effect.ADDS),
            Map.entry("DOMAIN", Effect.ADDS),
            Map.entry("COLLATION", Effect.ADDS),
            Map.entry("STATISTICS", Effect.ADDS),
            Map.entry("FUNCTION", Effect.BRINGS_CODE),
            Map.entry("PROCEDURE", Effect.BRINGS_CODE),
            Map.entry("ROUTINE", Effect.BRINGS_CODE),
            Map.entry("AGGREGATE", Effect.BRINGS_CODE),
            Map.entry("OPERATOR", Effect.BRINGS_CODE),
            Map.entry("TRIGGER", Effect.BRINGS_CODE),
            Map.entry("RULE", Effect.BRINGS_CODE),
            Map.entry("POLICY", Effect.CHANGES));

    private static final StatementVocabulary VOCABULARY = new StatementVocabulary(ELSEWHERE, KINDS, SERVER_KINDS);

    /// What has a comment of its own and is made with something else.
    private static final List<String> PARTS = List.of("COLUMN", "CONSTRAINT");

    private static final Set<String> ROUTINES = Set.of("FUNCTION", "PROCEDURE", "ROUTINE");

    /// Objects of a table, which are named `name ON table`.
    private static final Set<String> OF_A_TABLE =
            Set.of("TRIGGER", "CONSTRAINT TRIGGER", "RULE", "POLICY", "CONSTRAINT");

    /// Functions whose work no rollback takes back, or that reach beyond the database; dblink and its kin beside
    /// these.
    private static final Set<String> LASTING = Set.of(
            "setval",
            "lo_import",
            "lo_export",
            "pg_terminate_backend",
            "pg_cancel_backend",
            "pg_advisory_lock",
            "pg_advisory_lock_shared",
            "pg_try_advisory_lock",
            "pg_try_advisory_lock_shared",
            "pg_advisory_unlock",
            "pg_advisory_unlock_shared",
            "pg_advisory_unlock_all",
            "pg_logical_emit_message");

    /// Functions that run a query which is given to them as a text (manual, 9.15.3 and 9.13; `tablefunc`).
    private static final Pattern QUERYING = Pattern.compile(
            "(query|cursor|table|schema|database)_to_xml\\w*|ts_stat|ts_rewrite|crosstab\\w*|connectby");

    /// What computes nothing when it is made.
    private static final Set<String> LAZY = Set.of("VIEW", "RECURSIVE VIEW", "RULE", "FUNCTION", "PROCEDURE", "POLICY");

    private final StatementVerdict verdict;
    private final SqlTokens tokens;

    private StatementForms(SqlTokens tokens, StatementVerdict verdict) {
        this.tokens = tokens;
        this.verdict = verdict;
    }

    static final StatementJudge JUDGE = new StatementJudge(
            SqlLexer::cut, OneCommand::unfit, (tokens, verdict) -> new StatementForms(tokens, verdict).judge());

    private void judge() {
        if (VOCABULARY.refuses(tokens, verdict)) {
            return;
        }
        if (tokens.take("CREATE")) {
            create();
        } else if (tokens.take("ALTER")) {
            alter();
        } else if (tokens.take("DROP")) {
            drop();
        } else if (tokens.take("COMMENT", "ON")) {
            comment();
        } else if (tokens.take("TRUNCATE")) {
            truncate();
        } else {
            verdict.effect(Effect.CHANGES).unfit(StatementJudge.UNKNOWN);
        }
    }

    private Optional<String> kind(String verb) {
        return VOCABULARY.takeKind(verb, tokens, verdict);
    }

    private void create() {
        boolean replaces = tokens.take("OR", "REPLACE");
        if (tokens.takeOneOf(List.of("TEMPORARY", "TEMP", "LOCAL", "GLOBAL")).isEmpty()) {
            kind("CREATE").ifPresent(kind -> {
                verdict.effect(VOCABULARY.making(kind));
                if (replaces) {
                    verdict.effect(Effect.CHANGES).warn("what is there under that name becomes another");
                }
                create(kind);
            });
        } else {
            verdict.is("CREATE", "TEMPORARY").unfit(StatementJudge.TEMPORARY);
        }
    }

    private void create(String kind) {
        if (!LAZY.contains(kind)) {
            mustBeTakenBack();
        }
        boolean concurrently = tokens.take("CONCURRENTLY");
        ifNotExists();
        switch (kind) {
            case "INDEX", "UNIQUE INDEX" -> index(concurrently);
            case "TABLE", "UNLOGGED TABLE" -> table(kind);
            case "SCHEMA" -> schema();
            case "FUNCTION", "PROCEDURE" -> routine(kind);
            default -> other(kind);
        }
    }

    private void ifNotExists() {
        verdict.warnIf(tokens.take("IF", "NOT", "EXISTS"), StatementJudge.MAY_BE_THERE);
    }

    private void index(boolean concurrently) {
        var name = tokens.take("ON") ? List.<SqlToken>of() : tokens.takeName();
        tokens.take("ON");
        tokens.take("ONLY");
        place(tokens.takeName());
        verdict.unfitIf(name.size() > 1, "an index is made in the schema of its table, and named without one");
        if (concurrently) {
            verdict.alone().warn("if it fails, an index that is not valid stays, and must be dropped");
        } else {
            verdict.warn("nobody writes to the table while it runs; CREATE INDEX CONCURRENTLY lets them");
        }
    }

    private void table(String kind) {
        place(tokens.takeName());
        verdict.unfitIf(tokens.has("AS"), StatementJudge.COPIES_ROWS);
        verdict.warnIf(kind.startsWith("UNLOGGED"), "an unlogged table is empty after a crash, and on every replica");
        verdict.warnIf(
                tokens.hasAnywhere("REFERENCES"), "nobody writes to the tables that it references while it runs");
        if (tokens.has("PARTITION", "OF") || tokens.has("INHERITS")) {
            verdict.effect(Effect.CHANGES).warn("its parent shows its rows, to whoever may read the parent");
        }
    }

    private void schema() {
        var name = tokens.takeName();
        place(name, "SCHEMA");
        verdict.unfitIf(
                !tokens.ended(),
                "a schema is made empty and belongs to whoever makes it: ask for what is in it by itself");
    }

    private void routine(String kind) {
        place(tokens.takeName());
        body();
        verdict.warn("everybody may call a new " + kind.toLowerCase(Locale.ROOT)
                + ", unless default privileges say otherwise");
    }

    /// What a routine has beside its text.
    private void body() {
        verdict.effect(Effect.BRINGS_CODE)
                .warnIf(
                        tokens.has("SECURITY", "DEFINER"),
                        "SECURITY DEFINER: it does all that its owner may, for whoever calls it")
                .warnIf(
                        tokens.hasAnywhere("EXECUTE") || textHas("execute"),
                        "it runs SQL that it puts together itself, which this text does not show");
    }

    private boolean textHas(String word) {
        return tokens.list().stream()
                .anyMatch(token -> token.kind() == SqlToken.Kind.TEXT
                        && token.value().toLowerCase(Locale.ROOT).contains(word));
    }

    private void other(String kind) {
        if (OF_A_TABLE.contains(kind)) {
            ofATable(kind);
            return;
        }
        place(name(kind, tokens));
        verdict.warnIf(
                kind.endsWith("VIEW") && !kind.startsWith("MATERIALIZED") && !tokens.hasAnywhere("security_invoker"),
                "it reads with the rights of its owner, for whoever may read the view");
        verdict.warnIf(
                kind.startsWith("MATERIALIZED") && !tokens.has("WITH", "NO", "DATA"),
                "it reads all its rows now, with the rights of its owner, and keeps them");
    }

    private void ofATable(String kind) {
        if (kind.equals("RULE")) {
            tokens.takeName();
            tokens.take("AS");
            tokens.take("ON");
            tokens.takeOneOf(List.of("SELECT", "INSERT", "UPDATE", "DELETE"));
            tokens.take("TO");
            place(tokens.takeName());
            verdict.warn("a rule does other things in place of a statement, with the rights of the table's owner");
            return;
        }
        verdict.unfitIf(tokens.takeName().size() > 1, "what belongs to a table is named without a schema");
        while (!tokens.ended() && !tokens.at("ON")) {
            tokens.skip();
        }
        tokens.take("ON");
        place(tokens.takeName());
        if (kind.equals("POLICY")) {
            policy();
        } else {
            verdict.warn("it runs in whatever transaction changes the table, with the rights of whoever does");
        }
    }

    private void policy() {
        verdict.warn("a policy decides which rows somebody sees and changes; it counts where row security is on");
        verdict.unfitIf(
                tokens.list().stream()
                        .anyMatch(token -> token.isName() && token.value().startsWith("ar_")),
                "it names a role of agentroles: " + StatementJudge.RIGHTS);
    }

    private void alter() {
        kind("ALTER").ifPresent(kind -> {
            verdict.effect(ROUTINES.contains(kind) ? Effect.BRINGS_CODE : Effect.CHANGES);
            boolean missing = tokens.take("IF", "EXISTS");
            verdict.warnIf(missing, StatementJudge.MAY_BE_MISSING);
            tokens.take("ONLY");
            verdict.unfitIf(
                    tokens.take("ALL", "IN", "TABLESPACE"), "it changes whatever is there: name one table at a time");
            if (OF_A_TABLE.contains(kind)) {
                tokens.takeName();
                tokens.take("ON");
            }
            place(name(kind, tokens), kind);
            tokens.take('*');
            verdict.unfitIf(tokens.has("OWNER", "TO"), StatementJudge.RIGHTS);
            verdict.unfitIf(
                    tokens.has("DEPENDS", "ON", "EXTENSION"), "what an extension has is a database administrator's");
            alter(kind);
        });
    }

    /// A rehearsal would do it, too.
    private void mustBeTakenBack() {
        var words = tokens.list();
        for (int i = 0; i + 1 < words.size(); i++) {
            if (words.get(i).isName() && words.get(i + 1).is('(')) {
                var name = words.get(i).value().toLowerCase(Locale.ROOT);
                verdict.unfitIf(
                                LASTING.contains(name) || name.startsWith("dblink"),
                                "it calls " + name + ", whose work no rollback takes back")
                        .warnIf(
                                QUERYING.matcher(name).matches(),
                                "it calls " + name + ", which runs a query that it is given as a text, with all that"
                                        + " the owner of the schema may");
            }
        }
    }

    private void alter(String kind) {
        mustBeTakenBack();
        if (tokens.has("SET", "SCHEMA") || tokens.has("RENAME")) {
            verdict.warn(StatementJudge.OLD_NAME);
        }
        switch (kind) {
            case "TABLE", "VIEW", "MATERIALIZED VIEW" -> AlterTable.judge(tokens.rest(), verdict);
            case "FUNCTION", "PROCEDURE", "ROUTINE" -> body();
            case "POLICY" -> policy();
            case "SEQUENCE" -> verdict.warnIf(tokens.has("RESTART"), StatementJudge.OTHER_NUMBERS);
            case "TYPE" ->
                verdict.warnIf(tokens.has("ADD", "VALUE"), "a label of an enumeration cannot be taken away again");
            default -> {}
        }
    }

    private void drop() {
        kind("DROP").ifPresent(kind -> {
            verdict.effect(Effect.DESTROYS);
            if (tokens.take("CONCURRENTLY")) {
                verdict.alone();
            }
            verdict.warnIf(tokens.take("IF", "EXISTS"), StatementJudge.MAY_BE_MISSING);
            if (OF_A_TABLE.contains(kind)) {
                tokens.takeName();
                tokens.take("ON");
                place(tokens.takeName());
            } else {
                tokens.parts().forEach(part -> place(name(kind, part), kind));
            }
            verdict.warnIf(
                    tokens.has("CASCADE"), "CASCADE: whatever depends on it goes, too; a rehearsal says what that is");
        });
    }

    private void comment() {
        var part = tokens.takeOneOf(PARTS);
        if (part.isEmpty()) {
            kind("COMMENT ON").ifPresent(this::comment);
        } else {
            verdict.is("COMMENT ON", part);
            comment(part);
        }
    }

    private void comment(String kind) {
        verdict.effect(Effect.CHANGES);
        if (OF_A_TABLE.contains(kind)) {
            tokens.takeName();
            tokens.take("ON");
            tokens.take("DOMAIN");
        }
        var name = name(kind, tokens);
        place(kind.equals("COLUMN") && !name.isEmpty() ? name.subList(0, name.size() - 1) : name, kind);
    }

    private void truncate() {
        verdict.is("TRUNCATE", "TABLE").effect(Effect.DESTROYS);
        tokens.take("TABLE");
        for (var part : tokens.parts()) {
            part.take("ONLY");
            place(part.takeName());
        }
        verdict.warn("every row of the table goes")
                .warnIf(tokens.has("RESTART", "IDENTITY"), StatementJudge.OTHER_NUMBERS)
                .warnIf(
                        tokens.has("CASCADE"),
                        "CASCADE: so does every row of every table that references it; a rehearsal says which");
    }

    private static List<SqlToken> name(String kind, SqlTokens from) {
        var words = from.takeName();
        return kind.equals("OPERATOR") ? operator(words, from) : words;
    }

    /// The name of an operator, whose last part is symbols: `app.===`.
    ///
    /// @param schema what stands before the symbols
    private static List<SqlToken> operator(List<SqlToken> schema, SqlTokens from) {
        var symbols = new ArrayList<SqlToken>();
        while (!from.ended() && !from.at('(')) {
            symbols.add(from.list().getFirst());
            from.skip();
        }
        if (symbols.isEmpty()) {
            return List.of();
        }
        var last = new SqlToken(
                SqlToken.Kind.SYMBOL,
                symbols.stream().map(SqlToken::value).collect(Collectors.joining()),
                symbols.getFirst().start(),
                symbols.getLast().end());
        return Stream.concat(schema.stream(), Stream.of(last)).toList();
    }

    private void place(List<SqlToken> name) {
        place(name, "");
    }

    /// Where the object is: in no schema of the server's own.
    private void place(List<SqlToken> name, String kind) {
        if (name.isEmpty()) {
            verdict.unfit(StatementJudge.NAMELESS);
            return;
        }
        boolean schema = kind.equals("SCHEMA");
        var first = name.getFirst().value().toLowerCase(Locale.ROOT);
        verdict.unfitIf(
                (schema || name.size() > 1) && (first.startsWith("pg_") || first.equals("information_schema")),
                StatementJudge.CATALOGS);
        verdict.warnIf(
                !schema && name.size() == 1,
                "it says no schema for " + name.getFirst().value()
                        + ": the search path of the login that runs it decides");
    }
}
