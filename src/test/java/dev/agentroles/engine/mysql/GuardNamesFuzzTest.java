package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Statements that the server can read, with names and strings out of pieces of what the guard looks for. A WHERE with
/// a
/// column takes one row at most, and an overwriting INSERT may take one: so whatever changed more than one row
/// had been taken for something else, because of what a name or a string says.
@OnEachMySql
final class GuardNamesFuzzTest {
    private static final int STATEMENTS = Integer.getInteger("agentroles.fuzz", 400);

    private static final List<String> FRAGMENTS = List.of(
            "WHERE",
            " WHERE ",
            " where id",
            " WHERE `id",
            "WHERE (",
            "@",
            "@@",
            "@@GLOBAL . ",
            " COLLATE ",
            "{ ",
            "}",
            "USING ",
            " ON DUPLICATE KEY UPDATE ",
            "duplicate",
            " SELECT ",
            "SET ",
            " VALUES ",
            "(",
            ")",
            " (?)",
            "(...)",
            "/*",
            "*/",
            "/*+",
            "/*!",
            "-- ",
            "--",
            "#",
            "`",
            "``",
            "\"",
            "'",
            "\\",
            "\\'",
            "\n",
            ".",
            ",",
            ";",
            "=",
            "?",
            "i",
            " i ",
            "n",
            "F (",
            "x",
            "[",
            "INTERVAL 1 DAY",
            "EXECUTE ",
            " LIMIT ",
            " ORDER BY ",
            " RETURNING ",
            "\u00e9",
            "\u00bf");

    private static final List<String> CONSTANTS =
            List.of("1", "1.", "'1'", "@x IS NULL", "NOW()", "(1)", "((2) > (1))");

    @AutoClose
    private final GuardGround ground;

    GuardNamesFuzzTest(MySql server) throws SQLException, IOException {
        ground = new GuardGround(server);
        ground.fill();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void noNameHidesThatAWhereIsMissing(long seed) throws SQLException {
        limit(100);
        everyChangeTakesOneRowAtMost(seed, GuardNamesFuzzTest::change);
    }

    /// Only one row at a time is allowed here: more can be overwritten only by what is not counted.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {3, 4})
    void noNameHidesThatAnInsertOverwrites(long seed) throws SQLException {
        limit(1);
        everyChangeTakesOneRowAtMost(seed, this::overwrite);
    }

    private void limit(int rows) throws SQLException {
        ground.run(
                List.of("UPDATE agentroles_guard.limits SET rows_per_window = 400000, rows_per_statement = " + rows));
    }

    private interface Generator {
        String text(Random random, String mode);
    }

    private void everyChangeTakesOneRowAtMost(long seed, Generator generator) throws SQLException {
        var random = new Random(seed);
        var broken = new ArrayList<String>();
        int accepted = 0;
        int refused = 0;
        var kept = ground.named("SELECT COUNT(*) FROM shop.tiny WHERE id < 4 AND v < 70000");
        try (var session = new FuzzedSession(ground, random)) {
            for (int number = 0; number < STATEMENTS; number++) {
                var mode = FuzzedSession.any(random, FuzzedSession.MODES);
                session.settle(mode);
                var text = generator.text(random, mode);
                long changed = random.nextInt(4) == 0 ? session.prepared(text, "7") : session.send(text);
                accepted += changed >= 0 ? 1 : 0;
                refused += changed == FuzzedSession.REFUSED ? 1 : 0;
                long lost = 3 - session.number(kept);
                if (lost > 1) {
                    broken.add("%d rows, %s: %s".formatted(lost, session, text));
                }
                session.undo();
            }
        }
        assertThat(String.join("\n", broken)).isEmpty();
        // A generator whose texts are all nonsense would prove nothing.
        assertThat(accepted).isGreaterThan(STATEMENTS / 20);
        assertThat(refused).isGreaterThan(STATEMENTS / 10);
    }

    private static String change(Random random, String mode) {
        var name = name(random, mode);
        var other = name(random, mode);
        var where = condition(random, mode, name);
        // The server's digest of a text is cut: what is behind that is read in another way.
        var names = String.join(",", Collections.nCopies(random.nextInt(6) == 0 ? 120 : 1, name + ".id"));
        var assignment = " SET %1$s.v=%2$d + 0 * (1 IN (%3$s)), %1$s.s=%4$s"
                .formatted(name, 70000 + random.nextInt(1000), names, string(random, mode));
        return switch (random.nextInt(6)) {
            case 0 -> "UPDATE tiny AS %s%s%s".formatted(name, assignment, where);
            case 1 -> "UPDATE tiny AS %s JOIN (SELECT 1 AS %s) AS %2$s%s%s".formatted(name, other, assignment, where);
            case 2 -> "DELETE %s FROM tiny AS %1$s%s".formatted(name, where);
            case 3 ->
                "DELETE FROM %s USING tiny AS %1$s JOIN (SELECT %s AS %s) AS %3$s%s"
                        .formatted(name, string(random, mode), other, where);
            case 4 ->
                "WITH %s AS (SELECT 1 AS %s) UPDATE tiny AS %s JOIN %1$s%s%s"
                        .formatted(other, name(random, mode), name, assignment, where);
            default -> "UPDATE tiny AS %s%s%s ORDER BY %1$s.id LIMIT 9".formatted(name, assignment, where);
        };
    }

    private static String condition(Random random, String mode, String name) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> " WHERE %s.id=%d".formatted(name, 1 + random.nextInt(3));
            case 2 -> " WHERE ((%s.id = 1) AND (%s <> 'y'))".formatted(name, string(random, mode));
            case 3 -> " WHERE (SELECT 1 AS %s) = 1".formatted(name(random, mode));
            case 4 -> " WHERE @`%s` IS NULL OR %s".formatted(inside(random, "`"), FuzzedSession.any(random, CONSTANTS));
            default -> "";
        };
    }

    private String overwrite(Random random, String mode) {
        var name = name(random, mode);
        int value = 70000 + random.nextInt(1000);
        var upsert = " ON DUPLICATE KEY UPDATE v=" + value;
        var query = "SELECT %s.id, %d AS %s, %s FROM shop.tiny AS %1$s"
                .formatted(name, value, name(random, mode), string(random, mode));
        var text = switch (random.nextInt(7)) {
            case 0 -> "INSERT INTO tiny(id,v,s) " + query + upsert;
            case 1 -> "REPLACE INTO tiny(id,v,s) " + query;
            case 2 -> "INSERT INTO tiny(id,v,s) (%s) ORDER BY 1%s".formatted(query, upsert);
            case 3 ->
                "INSERT INTO tiny(id,v,s) WITH %s AS (%s) SELECT * FROM %1$s%s"
                        .formatted(name(random, mode), query, upsert);
            case 4 ->
                "INSERT INTO tiny(id,v,s) VALUES (1,%d,%s),(2,%1$d,%s)%s"
                        .formatted(value, string(random, mode), string(random, mode), upsert);
            case 5 ->
                "INSERT INTO tiny(id,v,s) VALUES (%d,0,%s)%s"
                        .formatted(1 + random.nextInt(3), string(random, mode), upsert);
            default ->
                "INSERT INTO tiny(id,v,s) SELECT 100 + %s.id, 0 AS %s, %s FROM shop.tiny AS %1$s"
                        .formatted(name, name(random, mode), string(random, mode));
        };
        return ground.named(text);
    }

    private static String name(Random random, String mode) {
        var quote = mode.startsWith("ANSI") && random.nextBoolean() ? "\"" : "`";
        return quote + "x" + inside(random, quote) + quote;
    }

    private static String string(Random random, String mode) {
        var quote = mode.startsWith("ANSI") || random.nextBoolean() ? "'" : "\"";
        var text = inside(random, quote);
        return quote + (mode.contains("NO_BACKSLASH_ESCAPES") ? text : text.replace("\\", "\\\\")) + quote;
    }

    private static String inside(Random random, String quote) {
        var text = new StringBuilder();
        for (int count = random.nextInt(4); count >= 0; count--) {
            text.append(FuzzedSession.any(random, FRAGMENTS));
        }
        return text.toString().replace(quote, quote + quote);
    }
}
