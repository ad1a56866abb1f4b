package dev.agentroles.engine;

import java.util.List;
import java.util.Optional;

/// Judges statements of one server family by their form: what is the same whatever the server reads, and the reasons
/// that are said in the same words.
public interface StatementJudge {
    String RIGHTS = "rights come from the profile: agentroles apply gives and takes them";
    String ROWS = "it reads or changes rows: an agent with tier writer does that";
    String COPIES_ROWS = "it copies rows: make the table, and let an agent with tier writer fill it";
    String SERVERS =
            "it concerns more than a schema: a database administrator does that, with a program of the server's";
    String SESSIONS = "it is about a session, and a change runs in one of its own";
    String UPKEEP = "it changes no schema: a job of the owner does that";
    String UNTOLD = "it runs what its form does not tell: ask for the statement of the schema alone";
    String SEVERAL = "it is more than one statement: ask for one at a time";
    String CATALOGS = "it is about the server's own catalogs";
    String TEMPORARY = "what is temporary ends with the session that made it";
    String UNKNOWN = "it is no change of a schema that agentroles knows";
    String UNKNOWN_KIND = "it is about nothing that agentroles knows as part of a schema";
    String NAMELESS = "it names nothing that agentroles can read";

    String OLD_NAME = "whoever uses the old name fails: programs, and the scopes of a profile";
    String MAY_BE_THERE = "if something has that name, whatever it is, nothing is done";
    String MAY_BE_MISSING = "where nothing has that name, nothing is done, and no error tells";

    Lexed cut(String statement);

    /// Why it is more or less than one command, a clause.
    ///
    /// @param tokens without the semicolon at the end
    Optional<String> notOne(List<SqlToken> tokens);

    /// Says what it is.
    ///
    /// @param tokens at least one, without the semicolon at the end
    void judge(SqlTokens tokens, StatementVerdict verdict);

    default StatementForm form(String statement) {
        var verdict = new StatementVerdict();
        var dark = StatementText.unfit(statement);
        if (dark.isPresent()) {
            return verdict.unfit(dark.get()).form();
        }
        var lexed = cut(statement);
        var tokens = withoutEnd(lexed.tokens());
        lexed.unreadable().ifPresent(verdict::unfit);
        StatementText.unseen(tokens).ifPresent(verdict::unfit);
        if (tokens.isEmpty()) {
            return verdict.unfit("it is empty").form();
        }
        notOne(tokens).ifPresent(verdict::unfit);
        judge(new SqlTokens(tokens), verdict);
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
