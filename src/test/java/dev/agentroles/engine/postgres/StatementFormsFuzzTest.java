package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.engine.Rows;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is judged one change of a schema is one to the server, too, however it is put together.
@OnEachPostgreSql
final class StatementFormsFuzzTest {
    private static final int TEXTS = 100_000;
    private static final int LONGEST = 12;

    /// What begins, ends and hides strings, names, comments, bodies and statements.
    private static final List<String> PIECES = List.of(
            "'",
            "''",
            "\"",
            "\"\"",
            "\\",
            "$$",
            "$a$",
            "$a",
            "a$",
            "$1",
            "1",
            ";",
            ";",
            "--",
            "\n",
            "\r\n",
            " ",
            "/*",
            "*/",
            "/",
            "*",
            "-",
            "(",
            ")",
            ",",
            ".",
            "?",
            "{",
            "E'",
            "e'",
            "U&'",
            "u&\"",
            "b'",
            "X'",
            "N'",
            "1e'",
            "é'",
            "_e'",
            "::",
            "BEGIN ATOMIC ",
            " SELECT 1",
            " RETURN 1",
            " CASE",
            " WHEN true THEN 1",
            " END",
            " AS",
            " AS case",
            " AS end",
            " end",
            " x",
            " UESCAPE '!'",
            " DROP TABLE app.b",
            "DROP TABLE app.a",
            "INSERT INTO app.a VALUES (1)");

    private static final List<String> BEGINNINGS = List.of(
            "COMMENT ON TABLE app.a IS ",
            "COMMENT ON TABLE app.a IS '",
            "CREATE FUNCTION app.f() RETURNS int BEGIN ATOMIC SELECT 1",
            "CREATE FUNCTION app.f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END;",
            "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS ",
            "CREATE VIEW app.v AS SELECT ",
            "CREATE VIEW app.v (a) AS SELECT E'",
            "ALTER TABLE app.a ADD b text DEFAULT ",
            "DROP TABLE app.a",
            "CREATE TABLE app.c (d int)",
            "CREATE VIEW app.v AS SELECT begin atomic FROM (VALUES (1)) AS x (begin); SELECT 1; END");

    /// What hides the beginning or the end of something from whoever reads quotes and comments in another way.
    private static final List<String> VEILS = List.of(
            "'",
            "''",
            "\\'",
            "\\''",
            "/* /* */",
            "/*",
            "*/",
            "'*/",
            "*/'",
            "--'",
            "--'\n",
            "'--",
            "\"",
            "--\"",
            "$$",
            "$a$",
            "--$$",
            "/*$$*/",
            "E'",
            "\n");

    private static final List<String> VEILED =
            List.of("COMMENT ON TABLE app.a IS 'x", "COMMENT ON TABLE app.a IS E'x", "COMMENT ON TABLE app.a IS 'x' ");

    @AutoClose
    private final Database database;

    @AutoClose
    private final Connection session;

    StatementFormsFuzzTest(PostgreSql server) throws SQLException {
        database = server.createDatabase();
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.a (i int)", "CREATE TABLE app.b (i int)");
        session = database.superuser();
        session.setAutoCommit(false);
    }

    @Test
    void whatIsJudgedOneStatementIsOneToTheServer() throws SQLException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < TEXTS; i++) {
            var text = text(random);
            var form = StatementForms.JUDGE.form(text);
            if (form.unfit().isEmpty()) {
                accepted += isDone(text, form.words().startsWith("DROP"), "seed " + seed + ": " + text) ? 1 : 0;
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
            return VEILED.get(random.nextInt(VEILED.size())) + veils(random, 4) + "; DROP TABLE app.b "
                    + veils(random, 3);
        }
        return BEGINNINGS.get(random.nextInt(BEGINNINGS.size()))
                + IntStream.range(0, random.nextInt(LONGEST))
                        .mapToObj(_ -> PIECES.get(random.nextInt(PIECES.size())))
                        .collect(Collectors.joining());
    }

    /// Tables are there afterwards only if nothing but the statement was done.
    private boolean isDone(String text, boolean drops, String described) throws SQLException {
        try {
            OneStatement.run(session, text);
            if (!drops) {
                assertThat(tables()).as(described).contains("a", "b");
            }
            return true;
        } catch (SQLException refused) {
            assertThat(refused.getMessage()).as(described).doesNotContain("multiple commands");
            return false;
        } finally {
            session.rollback();
        }
    }

    private List<String> tables() throws SQLException {
        return Rows.read(
                session,
                "SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace",
                row -> row.getString(1));
    }
}
