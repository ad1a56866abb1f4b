package dev.agentroles.engine;

/// What a server or its driver said.
public final class Said {
    private Said() {}

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
