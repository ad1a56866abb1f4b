package dev.agentroles.engine.mysql;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;

/// A session of the agent that sends texts in random modes and character sets, and takes back what they change.
final class FuzzedSession implements AutoCloseable {
    static final List<String> MODES = List.of(
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

    /// What is no statement.
    static final long INVALID = -1;

    /// What the guard refused.
    static final long REFUSED = -2;

    private final Random random;
    private final Connection connection;
    private String settings = "";

    /// Each code point up to 255 is one byte on the wire, whatever SET NAMES says.
    FuzzedSession(GuardGround ground, Random random) throws SQLException {
        this.random = random;
        var properties = new Properties();
        properties.setProperty("user", ground.writer.username());
        properties.setProperty("password", ground.writer.clear());
        properties.setProperty("characterEncoding", "ISO-8859-1");
        this.connection = DriverManager.getConnection(ground.url(), properties);
        connection.setAutoCommit(false);
    }

    void settle(String mode) {
        var charset = any(random, CHARSETS);
        settings = "mode %s, charset %s".formatted(mode, charset);
        send("SET sql_mode='" + mode + "'");
        send("SET NAMES " + charset);
    }

    /// @return rows changed, or [#INVALID], or [#REFUSED]
    long send(String text) {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(text);
            return Math.max(0, statement.getLargeUpdateCount());
        } catch (SQLException error) {
            return String.valueOf(error.getSQLState()).startsWith("AR") ? REFUSED : INVALID;
        }
    }

    /// Runs in another mode and character set, half of the time, than it was prepared in.
    ///
    /// @param value for its markers
    long prepared(String text, String value) {
        if (send("SET @q = " + bytes(text)) < 0 || send("PREPARE q FROM @q") < 0) {
            return INVALID;
        }
        settings += ", prepared";
        if (random.nextBoolean()) {
            var before = settings;
            settle(any(random, MODES));
            settings = before + ", run in " + settings;
        }
        send("SET @v = " + bytes(value));
        // How many markers the server has found, only the server knows.
        return Stream.of("", " USING @v", " USING @v, @v")
                .mapToLong(values -> send("EXECUTE q" + values))
                .filter(changed -> changed != INVALID)
                .findFirst()
                .orElse(INVALID);
    }

    long number(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    void undo() throws SQLException {
        connection.rollback();
    }

    private static String bytes(String text) {
        var hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
        return "CONVERT(X'" + hex + "' USING utf8mb4)";
    }

    static <T> T any(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    @Override
    public String toString() {
        return settings;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
