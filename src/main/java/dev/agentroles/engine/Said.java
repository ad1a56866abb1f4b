package dev.agentroles.engine;

import java.sql.SQLException;
import java.util.regex.Pattern;

/// What a server or its driver said.
public final class Said {
    /// The number of our own session, which MariaDB's driver puts before each message.
    private static final Pattern SESSION = Pattern.compile("^\\(conn=\\d+\\) ");

    private Said() {}

    /// What kind of error it is, as nothing but codes: `42701`, `42S21 (1060)`.
    public static String code(SQLException said) {
        return said.getSQLState() + (said.getErrorCode() == 0 ? "" : " (" + said.getErrorCode() + ")");
    }

    /// The whole message.
    public static String text(Throwable said) {
        return SESSION.matcher(String.valueOf(said.getMessage())).replaceFirst("");
    }

    /// Its first line, without its full stop: a sentence of ours goes on behind it.
    public static String firstLine(Throwable said) {
        return text(said).lines().findFirst().orElse("").strip().replaceFirst("\\.$", "");
    }
}
