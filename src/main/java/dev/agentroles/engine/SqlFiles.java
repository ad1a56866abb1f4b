package dev.agentroles.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/// The resources that stand beside a class, each read once.
public final class SqlFiles {
    private final Class<?> owner;
    private final Map<String, String> texts = new ConcurrentHashMap<>();

    /// @param owner beside which they stand
    public SqlFiles(Class<?> owner) {
        this.owner = owner;
    }

    /// @param name with its folder and ending: `mariadb/accounts.sql`
    public String text(String name) {
        return texts.computeIfAbsent(name, this::read);
    }

    private String read(String name) {
        try (var stream = owner.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
