package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random texts in random modes and charsets, and one law. Every WHERE that is written takes at
/// most one row, so whatever changed more than one row had lost its WHERE to a comment, a string or
/// a name: the server itself is the judge, and nobody's lexer.
@OnEachMySql
final class GuardFuzzTest {
    private static final int STATEMENTS = Integer.getInteger("agentroles.fuzz", 400);

    private static final List<String> MODES = List.of(
            "",
            "ANSI_QUOTES",
            "NO_BACKSLASH_ESCAPES",
            "ANSI_QUOTES,NO_BACKSLASH_ESCAPES",
            "IGNORE_SPACE",
            "PIPES_AS_CONCAT",
            "ANSI");

    private static final List<String> CHARSETS = List.of(
            "utf8mb4", "utf8mb3", "latin1", "gbk", "sjis", "big5", "cp1251", "cp932", "binary", "ujis", "euckr",
            "koi8r", "tis620", "latin2");

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
        try (var connection = connect()) {
            connection.setAutoCommit(false);
            for (int number = 0; number < STATEMENTS; number++) {
                var mode = any(random, MODES);
                var charset = any(random, CHARSETS);
                boolean prepared = random.nextInt(4) == 0;
                var text = text(random, prepared);
                send(connection, "SET sql_mode='" + mode + "'");
                send(connection, "SET NAMES " + charset);
                long changed = prepared ? prepared(connection, random, text) : send(connection, text);
                accepted += changed >= 0 ? 1 : 0;
                refused += changed == -2 ? 1 : 0;
                if (changed > 1) {
                    broken.add("%d rows, mode %s, charset %s%s: %s"
                            .formatted(changed, mode, charset, prepared ? ", prepared" : "", text));
                }
                connection.rollback();
            }
        }
        assertThat(String.join("\n", broken)).isEmpty();
        // A generator whose texts are all nonsense would prove nothing.
        assertThat(accepted).isGreaterThan(STATEMENTS / 50);
        assertThat(refused).isGreaterThan(STATEMENTS / 20);
    }

    /// Each code point up to 255 is one byte on the wire, whatever SET NAMES says.
    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", ground.writer.username());
        properties.setProperty("password", ground.writer.clear());
        properties.setProperty("characterEncoding", "ISO-8859-1");
        return DriverManager.getConnection(ground.url(), properties);
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
            text.append(any(random, PIECES));
            if (random.nextBoolean()) {
                text.append(' ');
            }
        }
        return text.toString();
    }

    /// @return rows changed; -1 for what is no statement, -2 for what the guard refused
    private static long send(Connection connection, String text) {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(text);
            return Math.max(0, statement.getLargeUpdateCount());
        } catch (SQLException error) {
            return String.valueOf(error.getSQLState()).startsWith("AR") ? -2 : -1;
        }
    }

    /// Runs in another mode and character set, half of the time, than it was prepared in.
    private static long prepared(Connection connection, Random random, String text) {
        if (send(connection, "SET @q = " + bytes(text)) < 0 || send(connection, "PREPARE q FROM @q") < 0) {
            return -1;
        }
        if (random.nextBoolean()) {
            send(connection, "SET sql_mode='" + any(random, MODES) + "'");
            send(connection, "SET NAMES " + any(random, CHARSETS));
        }
        send(connection, "SET @v = " + bytes(pieces(random)));
        // How many markers the server has found, only the server knows.
        return Stream.of("", " USING @v", " USING @v, @v")
                .mapToLong(values -> send(connection, "EXECUTE q" + values))
                .filter(changed -> changed != -1)
                .findFirst()
                .orElse(-1);
    }

    private static String bytes(String text) {
        var hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
        return "CONVERT(X'" + hex + "' USING utf8mb4)";
    }

    private static <T> T any(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
