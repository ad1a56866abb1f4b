package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random texts in random modes and charsets, and one law. Every WHERE that is written takes at
/// most one row, so whatever changed more than one row had lost its WHERE to a comment, a string or
/// a name: the server itself is the judge, and nobody's lexer.
@OnEachMySql
final class GuardFuzzTest {
    private static final int STATEMENTS = Integer.getInteger("agentroles.fuzz", 400);

    private static final List<String> PIECES = List.of(
            "WHERE id=1",
            "' WHERE id=1",
            "\" WHERE id=1",
            "` WHERE id=1",
            "\\' WHERE id=1",
            "\\\\' WHERE id=1 -- ",
            "*/ WHERE id=1 /*",
            "\u00bf\\' -- ' WHERE id=1",
            "\u0083\\",
            "\u00a4\\",
            "\u00bf`",
            "\\",
            "\\\"",
            "''",
            "\"\"",
            "--",
            "-- ",
            "--\u00a0",
            "--\t",
            "#",
            "/*",
            "*/",
            "/*!",
            "/*!99999",
            "/*M!",
            "WHERE",
            "where id=2",
            "x",
            "\u00e9",
            "\u00a0",
            "?",
            "@a",
            ";");

    @AutoClose
    private final GuardGround ground;

    GuardFuzzTest(MySql server) throws SQLException, IOException {
        ground = new GuardGround(server);
        ground.fill();
        ground.run(List.of("UPDATE agentroles_guard.limits SET rows_per_window = 400000"));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void whatTheGuardAcceptsAndChangesMoreThanOneRowHadNoWhere(long seed) throws SQLException {
        var random = new Random(seed);
        var broken = new ArrayList<String>();
        int accepted = 0;
        int refused = 0;
        try (var session = new FuzzedSession(ground, random)) {
            for (int number = 0; number < STATEMENTS; number++) {
                session.settle(FuzzedSession.any(random, FuzzedSession.MODES));
                boolean prepared = random.nextInt(4) == 0;
                var text = text(random, prepared);
                long changed = prepared ? session.prepared(text, pieces(random)) : session.send(text);
                accepted += changed >= 0 ? 1 : 0;
                refused += changed == FuzzedSession.REFUSED ? 1 : 0;
                if (changed > 1) {
                    broken.add("%d rows, %s: %s".formatted(changed, session, text));
                }
                session.undo();
            }
        }
        assertThat(String.join("\n", broken)).isEmpty();
        // A generator whose texts are all nonsense would prove nothing.
        assertThat(accepted).isGreaterThan(STATEMENTS / 50);
        assertThat(refused).isGreaterThan(STATEMENTS / 20);
    }

    private static String text(Random random, boolean bound) {
        var text = new StringBuilder();
        noise(random, text, 10);
        boolean update = random.nextBoolean();
        text.append(update ? "UPDATE" : "DELETE");
        noise(random, text, 4);
        text.append(update ? " tiny" : " FROM tiny");
        noise(random, text, 4);
        if (update) {
            if (random.nextInt(4) == 0) {
                text.append(" AS ").append(quoted(random, random.nextBoolean() ? '`' : '"'));
            }
            text.append(" SET v=7").append(random.nextInt(1000));
            noise(random, text, 3);
            if (random.nextBoolean()) {
                text.append(", s=").append(quoted(random, random.nextBoolean() ? '\'' : '"'));
            }
            if (bound && random.nextBoolean()) {
                text.append(", s=?");
            }
        }
        noise(random, text, 2);
        if (random.nextInt(5) < 2) {
            text.append(" WHERE id=").append(1 + random.nextInt(3));
            noise(random, text, 4);
        }
        if (random.nextInt(6) == 0) {
            text.append(" ORDER BY ").append(quoted(random, '\''));
        }
        if (random.nextInt(6) == 0) {
            text.append(" LIMIT 9");
        }
        noise(random, text, 3);
        return text.toString();
    }

    private static void noise(Random random, StringBuilder text, int seldom) {
        if (random.nextInt(seldom) != 0) {
            text.append(' ');
            return;
        }
        var inside = pieces(random);
        switch (random.nextInt(8)) {
            case 0 -> text.append(" /*").append(inside).append("*/ ");
            case 1 -> text.append(" -- ").append(inside).append('\n');
            case 2 -> text.append(" #").append(inside).append('\n');
            case 3 ->
                text.append(" --")
                        .append((char) (1 + random.nextInt(255)))
                        .append(inside)
                        .append('\n');
            case 4 -> text.append(" /*!99999 ").append(inside).append("*/ ");
            case 5 -> text.append((char) (9 + random.nextInt(5)));
            case 6 -> text.append(" /*!").append(inside).append("*/ ");
            default -> text.append(inside);
        }
    }

    private static String quoted(Random random, char quote) {
        return quote + pieces(random) + quote;
    }

    private static String pieces(Random random) {
        var text = new StringBuilder();
        for (int count = random.nextInt(4); count >= 0; count--) {
            text.append(FuzzedSession.any(random, PIECES));
            if (random.nextBoolean()) {
                text.append(' ');
            }
        }
        return text.toString();
    }
}
