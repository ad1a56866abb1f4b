package dev.agentroles.engine;

import java.sql.SQLException;

/// What a server or its driver said.
public final class Said {
    private Said() {}

    /// What kind of error it is, as nothing but codes: `42701`, `42S21 (1060)`.
    public static String code(SQLException said) {
        return said.getSQLState() + (said.getErrorCode() == 0 ? "" : " (" + said.getErrorCode() + ")");
    }

    /// Its first line, without its full stop: a sentence of ours goes on behind it.
    public static String firstLine(Throwable said) {
        return String.valueOf(said.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .strip()
                .replaceFirst("\\.$", "");
    }
}
