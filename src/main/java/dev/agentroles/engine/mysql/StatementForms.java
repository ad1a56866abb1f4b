package dev.agentroles.engine.mysql;

import dev.agentroles.engine.SqlToken;
import dev.agentroles.engine.SqlTokens;
import dev.agentroles.engine.StatementForm.Effect;
import dev.agentroles.engine.StatementJudge;
import dev.agentroles.engine.StatementVerdict;
import dev.agentroles.engine.StatementVocabulary;
import dev.agentroles.engine.StatementVocabulary.Elsewhere;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Judges a statement of MySQL or MariaDB by its form. What is not known to be a change of a schema is none.
final class StatementForms {
    private static final List<Elsewhere> ELSEWHERE = List.of(
            Elsewhere.of(
                    StatementJudge.RIGHTS,
                    "GRANT, REVOKE, SET PASSWORD, SET DEFAULT, SET ROLE, CREATE USER, CREATE ROLE, "
                            + "ALTER USER, DROP USER, DROP ROLE, RENAME USER, CREATE OR REPLACE USER, "
                            + "CREATE OR REPLACE ROLE"),
            Elsewhere.of(StatementJudge.ROWS, "SELECT, INSERT, UPDATE, DELETE, REPLACE, VALUES, TABLE, WITH, HANDLER"),
            Elsewhere.of(
                    "a change is a statement by itself: ask for the statement alone",
                    "BEGIN, START, COMMIT, ROLLBACK, SAVEPOINT, RELEASE, XA"),
            Elsewhere.of(StatementJudge.SESSIONS, "USE, LOCK, UNLOCK, SHOW, DESCRIBE, DESC, KILL, HELP"),
            Elsewhere.of(StatementJudge.UNTOLD, "LOAD, DO, CALL, EXPLAIN, PREPARE, EXECUTE, DEALLOCATE, IMPORT"),
            Elsewhere.of(StatementJudge.UPKEEP, "ANALYZE, OPTIMIZE, REPAIR, CHECK, CHECKSUM, CACHE"),
            Elsewhere.of(
                    StatementJudge.SERVERS,
                    "INSTALL, UNINSTALL, FLUSH, RESET, PURGE, CHANGE, STOP, SHUTDOWN, RESTART, CLONE, "
                            + "BINLOG, BACKUP"),
            Elsewhere.of(StatementJudge.SESSIONS, "SET"));

    /// Kinds of objects that no change makes, alters or drops.
    private static final List<String> SERVER_KINDS = List.of(
            "DATABASE",
            "SCHEMA",
            "SERVER",
            "TABLESPACE",
            "UNDO",
            "LOGFILE",
            "INSTANCE",
            "RESOURCE",
            "SPATIAL REFERENCE",
            "LIBRARY",
            "AGGREGATE",
            "PACKAGE");

    /// Kinds of objects that a change may be about, and what making one does.
    private static final Map<String, Effect> KINDS = Map.ofEntries(
            Map.entry("UNIQUE INDEX", Effect.ADDS),
            Map.entry("FULLTEXT INDEX", Effect.ADDS),
            Map.entry("SPATIAL INDEX", Effect.ADDS),
            Map.entry("TABLE", Effect.ADDS),
            Map.entry("INDEX", Effect.ADDS),
            Map.entry("VIEW", Effect.ADDS),
            Map.entry("SEQUENCE", Effect.ADDS),
            Map.entry("FUNCTION", Effect.BRINGS_CODE),
            Map.entry("PROCEDURE", Effect.BRINGS_CODE),
            Map.entry("TRIGGER", Effect.BRINGS_CODE),
            Map.entry("EVENT", Effect.BRINGS_CODE));

    private static final StatementVocabulary VOCABULARY = new StatementVocabulary(ELSEWHERE, KINDS, SERVER_KINDS);

    private static final Set<String> SYSTEM = Set.of("mysql", "sys", "information_schema", "performance_schema");

    private static final String DEFINER = "it does all that the owner of the schema may, for whoever calls or uses it";

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
        } else if (tokens.take("RENAME", "TABLE") || tokens.take("RENAME", "TABLES")) {
            rename();
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
        if (!tokens.takeOneOf(List.of("TEMPORARY")).isEmpty()) {
            verdict.is("CREATE", "TEMPORARY").unfit(StatementJudge.TEMPORARY);
            return;
        }
        algorithm();
        definer();
        security();
        verdict.unfitIf(tokens.at("AGGREGATE"), StatementJudge.SERVERS);
        kind("CREATE").ifPresent(kind -> {
            verdict.effect(VOCABULARY.making(kind));
            if (replaces) {
                verdict.effect(kind.equals("TABLE") ? Effect.DESTROYS : Effect.CHANGES)
                        .warn("what is there under that name becomes another");
            }
            verdict.warnIf(tokens.take("IF", "NOT", "EXISTS"), StatementJudge.MAY_BE_THERE);
            created(kind);
        });
    }

    private void algorithm() {
        if (tokens.take("ALGORITHM")) {
            tokens.take('=');
            tokens.takeName();
        }
    }

    /// Only the owner itself: it is the one who runs it.
    private void definer() {
        if (tokens.take("DEFINER")) {
            tokens.take('=');
            verdict.unfitIf(
                    !tokens.take("CURRENT_USER"), "it names another account as its definer, whose rights it would use");
            if (tokens.at('(')) {
                tokens.skip();
            }
        }
    }

    private void security() {
        if (tokens.take("SQL", "SECURITY")) {
            verdict.warnIf(tokens.take("DEFINER"), DEFINER);
            tokens.take("INVOKER");
        }
    }

    private void created(String kind) {
        switch (kind) {
            case "TABLE" -> table();
            case "INDEX", "UNIQUE INDEX", "FULLTEXT INDEX", "SPATIAL INDEX" -> index();
            case "FUNCTION", "PROCEDURE" -> {
                place(tokens.takeName());
                verdict.unfitIf(tokens.hasAnywhere("SONAME"), StatementJudge.SERVERS);
                verdict.warnIf(!tokens.has("SQL", "SECURITY", "INVOKER"), DEFINER);
                body();
            }
            case "TRIGGER" -> {
                place(tokens.takeName());
                verdict.warn(DEFINER);
                body();
            }
            case "EVENT" -> {
                place(tokens.takeName());
                verdict.warn("it runs by itself, at times of its own, with all that the owner of the schema may");
                body();
            }
            case "VIEW" -> {
                place(tokens.takeName());
                verdict.warn("it reads and writes with the rights of its owner, unless it says SQL SECURITY INVOKER");
            }
            default -> {
                place(tokens.takeName());
                server(tokens);
            }
        }
    }

    /// What a body does when it is run. GRANT and REVOKE are reserved words of both servers: bare ones are statements.
    private void body() {
        verdict.unfitIf(tokens.hasAnywhere("GRANT") || tokens.hasAnywhere("REVOKE"), StatementJudge.RIGHTS);
        verdict.warnIf(
                tokens.has("LANGUAGE") && !tokens.has("LANGUAGE", "SQL"),
                "its body is in another language than SQL, and agentroles does not read that");
        verdict.warnIf(
                tokens.hasAnywhere("EXECUTE") || tokens.hasAnywhere("PREPARE"),
                "it runs SQL that it puts together itself, which this text does not show");
    }

    private void table() {
        place(tokens.takeName());
        verdict.unfitIf(
                tokens.hasAnywhere("SELECT")
                        || tokens.hasAnywhere("VALUES", "ROW")
                        || listsRows()
                        || tokens.has("AS")
                        || tokens.hasAnywhere("TABLE"),
                StatementJudge.COPIES_ROWS);
        verdict.unfitIf(
                tokens.has("START", "TRANSACTION"), "it would not be there before a COMMIT, and nothing sends that");
        server(tokens);
    }

    /// `VALUES (1), (2)`; of a partition it is VALUES IN and VALUES LESS THAN.
    private boolean listsRows() {
        var words = tokens.list();
        return IntStream.range(1, words.size())
                .anyMatch(i -> words.get(i - 1).is("VALUES") && words.get(i).is('('));
    }

    /// What reaches beyond the schema.
    private void server(SqlTokens options) {
        verdict.unfitIf(
                options.hasAnywhere("DATA", "DIRECTORY") || options.hasAnywhere("INDEX", "DIRECTORY"),
                "it names a folder of the server's");
        verdict.unfitIf(
                options.hasAnywhere("CONNECTION") || engines(options).anyMatch(StorageEngines::reachesBeyond),
                "its rows would not be in the schema alone");
    }

    /// What stands behind ENGINE, with or without a sign between them. A backslash before a letter of an engine's name
    /// is nothing to the server.
    private static Stream<String> engines(SqlTokens options) {
        var words = options.list();
        return IntStream.range(0, words.size())
                .filter(i -> words.get(i).is("ENGINE"))
                .mapToObj(i -> words.subList(i + 1, Math.min(i + 3, words.size())))
                .flatMap(List::stream)
                .map(token -> token.value().replace("\\", ""));
    }

    private void index() {
        tokens.takeName();
        while (!tokens.ended() && !tokens.at("ON")) {
            tokens.skip();
        }
        tokens.take("ON");
        place(tokens.takeName());
        verdict.warn(
                "it may hold up whoever writes to the table; ALGORITHM=INPLACE, LOCK=NONE is refused where it would");
    }

    private void alter() {
        verdict.effect(Effect.CHANGES);
        algorithm();
        definer();
        security();
        tokens.take("ONLINE");
        tokens.take("IGNORE");
        kind("ALTER").ifPresent(kind -> {
            verdict.warnIf(tokens.take("IF", "EXISTS"), StatementJudge.MAY_BE_MISSING);
            place(tokens.takeName());
            switch (kind) {
                case "TABLE" -> AlterTable.judge(tokens.rest(), verdict);
                case "FUNCTION", "PROCEDURE", "EVENT" -> {
                    verdict.effect(Effect.BRINGS_CODE)
                            .warnIf(tokens.has("SQL", "SECURITY", "DEFINER") || kind.equals("EVENT"), DEFINER);
                    body();
                }
                case "VIEW" ->
                    verdict.warn(
                            "it reads and writes with the rights of its owner, unless it says SQL SECURITY INVOKER");
                case "SEQUENCE" -> verdict.warnIf(tokens.has("RESTART"), StatementJudge.OTHER_NUMBERS);
                default -> {}
            }
            server(tokens);
        });
    }

    private void drop() {
        verdict.unfitIf(tokens.take("TEMPORARY"), StatementJudge.TEMPORARY);
        kind("DROP").ifPresent(kind -> {
            verdict.effect(Effect.DESTROYS);
            verdict.warnIf(tokens.take("IF", "EXISTS"), StatementJudge.MAY_BE_MISSING);
            if (kind.endsWith("INDEX")) {
                tokens.takeName();
                tokens.take("ON");
                place(tokens.takeName());
            } else {
                tokens.parts().forEach(part -> place(part.takeName()));
            }
            verdict.warnIf(
                    kind.equals("TABLE"), "its rows and triggers go with it; views that read it fail from then on");
        });
    }

    private void rename() {
        verdict.is("RENAME", "TABLE").effect(Effect.CHANGES);
        tokens.take("IF", "EXISTS");
        for (var part : tokens.parts()) {
            place(part.takeName());
            part.take("TO");
            place(part.takeName());
        }
        verdict.warn(StatementJudge.OLD_NAME);
    }

    private void truncate() {
        verdict.is("TRUNCATE", "TABLE").effect(Effect.DESTROYS).warn("every row of the table goes");
        tokens.take("TABLE");
        place(tokens.takeName());
    }

    /// Where the object is: in no schema of the server's own, and not among the views of the guard.
    private void place(List<SqlToken> name) {
        if (name.isEmpty()) {
            verdict.unfit(StatementJudge.NAMELESS);
            return;
        }
        var first = name.getFirst().value().toLowerCase(Locale.ROOT);
        verdict.unfitIf(name.size() > 1 && SYSTEM.contains(first), StatementJudge.CATALOGS);
        verdict.warnIf(
                name.size() > 1 && (first.endsWith("_rw") || first.endsWith("_rw_in")),
                "views of the guard are in databases that are called so: apply changes them");
    }
}
