package dev.agentroles.engine;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Judges statements of one server family by their form: what is the same whatever the server reads, and the reasons
/// that are said in the same words.
///
/// @param lexer cuts a statement as the server does
/// @param notOne why tokens are more or less than one command, a clause; they come without the semicolon at the end
/// @param family says what a statement is: of at least one token, without the semicolon at the end
public record StatementJudge(
        Function<String, Lexed> lexer,
        Function<List<SqlToken>, Optional<String>> notOne,
        BiConsumer<SqlTokens, StatementVerdict> family) {
    public static final String RIGHTS = "rights come from the profile: agentroles apply gives and takes them";
    public static final String ROWS = "it reads or changes rows: an agent with tier writer does that";
    public static final String COPIES_ROWS =
            "it copies rows: make the table, and let an agent with tier writer fill it";
    public static final String SERVERS =
            "it concerns more than a schema: a database administrator does that, with a program of the server's";
    public static final String SESSIONS = "it is about a session, and a change runs in one of its own";
    public static final String UPKEEP = "it changes no schema: a job of the owner does that";
    public static final String UNTOLD =
            "it runs what its form does not tell: ask for the statement of the schema alone";
    public static final String SEVERAL = "it is more than one statement: ask for one at a time";
    public static final String CATALOGS = "it is about the server's own catalogs";
    public static final String TEMPORARY = "what is temporary ends with the session that made it";
    public static final String UNKNOWN = "it is no change of a schema that agentroles knows";
    public static final String UNKNOWN_KIND = "it is about nothing that agentroles knows as part of a schema";
    public static final String NAMELESS = "it names nothing that agentroles can read";

    public static final String OTHER_NUMBERS = "it may give numbers that were given before";
    public static final String OLD_NAME = "whoever uses the old name fails: programs, and the scopes of a profile";
    public static final String MAY_BE_THERE = "if something has that name, whatever it is, nothing is done";
    public static final String MAY_BE_MISSING = "where nothing has that name, nothing is done, and no error tells";

    public StatementForm form(String statement) {
        var verdict = new StatementVerdict();
        var dark = StatementText.unfit(statement);
        if (dark.isPresent()) {
            return verdict.unfit(dark.get()).form();
        }
        var lexed = lexer.apply(statement);
        var tokens = withoutEnd(lexed.tokens());
        lexed.unreadable().ifPresent(verdict::unfit);
        StatementText.unseen(tokens).ifPresent(verdict::unfit);
        if (tokens.isEmpty()) {
            return verdict.unfit("it is empty").form();
        }
        notOne.apply(tokens).ifPresent(verdict::unfit);
        family.accept(new SqlTokens(tokens), verdict);
        OwnNames.unfit(tokens).ifPresent(verdict::unfit);
        verdict.warnIf(OwnNames.inTexts(tokens), "a text in it names agentroles, or what is agentroles' own");
        StatementText.warnings(statement, tokens).forEach(verdict::warn);
        return verdict.form();
    }

    /// A semicolon at the end is no part of a statement.
    private static List<SqlToken> withoutEnd(List<SqlToken> tokens) {
        return !tokens.isEmpty() && tokens.getLast().is(';') ? tokens.subList(0, tokens.size() - 1) : tokens;
    }
}
