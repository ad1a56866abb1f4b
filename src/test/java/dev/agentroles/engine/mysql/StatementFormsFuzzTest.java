package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import dev.agentroles.harness.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is judged one change of a schema is one to the server, too, however it is put together: not even a session
/// that takes several statements finds another one in it.
@OnEachMySql
final class StatementFormsFuzzTest {
    private static final int TEXTS = 20_000;
    private static final int LONGEST = 10;

    /// What begins, ends and hides strings, names, comments, bodies and statements.
    private static final List<String> PIECES = List.of(
            "'",
            "''",
            "\"",
            "\"\"",
            "`",
            "``",
            "\\",
            "$$",
            "$a$",
            "1",
            ";",
            ";",
            "--",
            "-- ",
            "#",
            "\n",
            "\r\n",
            " ",
            "/*",
            "*/",
            "/*!",
            "/*M!",
            "/*!99999 ",
            "/*+",
            "/",
            "*",
            "-",
            "(",
            ")",
            ",",
            ".",
            "?",
            "{",
            "N'",
            "x'",
            "_utf8mb4'",
            "é'",
            "@'",
            "BEGIN ",
            " SELECT 1",
            " CASE",
            " WHEN 1 THEN 1",
            " END",
            " END IF",
            " IF 1 THEN",
            " AS",
            " begin",
            " end",
            " LOOP",
            " REPEAT",
            " x",
            ":",
            "DROP TABLE b",
            " DROP TABLE b");

    private static final List<String> BEGINNINGS = List.of(
            "ALTER TABLE a COMMENT ",
            "ALTER TABLE a COMMENT '",
            "CREATE PROCEDURE p() BEGIN SELECT 1;",
            "CREATE PROCEDURE p() ",
            "CREATE PROCEDURE p() SELECT 1",
            "CREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END IF; END",
            "CREATE OR REPLACE VIEW v AS SELECT ",
            "CREATE OR REPLACE VIEW v AS SELECT '",
            "ALTER TABLE a ALTER i SET DEFAULT ",
            "DROP TABLE IF EXISTS c");

    /// What hides the beginning or the end of something from whoever reads quotes and comments in another way.
    private static final List<String> VEILS = List.of(
            "'",
            "''",
            "\\'",
            "\\",
            "/* /* */",
            "/*",
            "*/",
            "'*/",
            "*/'",
            "-- '",
            "--'",
            "# '",
            "# '\n",
            "'-- ",
            "\"",
            "-- \"",
            "`",
            "-- `",
            "\n");

    private static final List<String> VEILED =
            List.of("ALTER TABLE a COMMENT 'x", "ALTER TABLE a COMMENT \"x", "ALTER TABLE a COMMENT 'x' ");

    @AutoClose
    private final MySqlDatabase database;

    @AutoClose
    private final Connection session;

    StatementFormsFuzzTest(MySql server) throws SQLException {
        database = server.createDatabase();
        database.execute("CREATE TABLE a (i int)", "CREATE TABLE b (i int)");
        var login = server.superuserLogin();
        session = DriverManager.getConnection(
                database.url()
                        + "?allowMultiQueries=true&sslMode=DISABLED&allowPublicKeyRetrieval=true&sessionVariables=sql_mode='"
                        + Session.SQL_MODE + "'",
                login.username(),
                login.clear());
    }

    @Test
    void whatIsJudgedOneStatementIsOneToTheServer() throws SQLException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < TEXTS; i++) {
            var text = withoutComments(text(random));
            if (StatementForms.JUDGE.form(text).unfit().isEmpty()) {
                accepted += isDone(text) ? 1 : 0;
                assertThat(TestDatabase.query(session, "SHOW TABLES"))
                        .as("seed %d: %s", seed, text)
                        .contains("a", "b");
            }
        }
        assertThat(accepted).as("texts that are fit and mean something").isGreaterThan(TEXTS / 10_000);
    }

    private static String veils(Random random, int most) {
        return IntStream.range(0, random.nextInt(most))
                .mapToObj(_ -> VEILS.get(random.nextInt(VEILS.size())))
                .collect(Collectors.joining());
    }

    /// Every other one has a second statement in it, perhaps in a string or comment.
    private static String text(Random random) {
        if (random.nextBoolean()) {
            return VEILED.get(random.nextInt(VEILED.size())) + veils(random, 4) + "; DROP TABLE b " + veils(random, 3);
        }
        return BEGINNINGS.get(random.nextInt(BEGINNINGS.size()))
                + IntStream.range(0, random.nextInt(LONGEST))
                        .mapToObj(_ -> PIECES.get(random.nextInt(PIECES.size())))
                        .collect(Collectors.joining());
    }

    /// Such a session counts a comment behind the semicolon as a statement, that is empty.
    private static String withoutComments(String text) {
        var tokens = SqlLexer.cut(text).tokens();
        return !tokens.isEmpty() && tokens.getLast().is(';')
                ? text.substring(0, tokens.getLast().end())
                : text;
    }

    private boolean isDone(String text) throws SQLException {
        TestDatabase.execute(session, "DROP PROCEDURE IF EXISTS p");
        boolean done = false;
        try (var statement = session.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(text);
            done = true;
            boolean more = statement.getMoreResults() || statement.getUpdateCount() >= 0;
            assertThat(more).as("another statement in: %s", text).isFalse();
            return true;
        } catch (SQLException refused) {
            assertThat(done)
                    .as("another statement, that is refused, in: %s", text)
                    .isFalse();
            return false;
        }
    }
}
