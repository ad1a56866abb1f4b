package dev.agentroles.ledger;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/// The ledger's statements as one engine writes them: `.sql` resources in the folder of the engine's name.
record Queries(String engine) {
    /// By path; read once, as a lease takes four of them.
    private static final Map<String, String> READ = new ConcurrentHashMap<>();

    private static final Map<String, Answers> ANSWERS = new ConcurrentHashMap<>();

    /// How this engine refuses.
    Answers answers() {
        return ANSWERS.computeIfAbsent(engine, folder -> {
            try (var reader = new StringReader(read(folder + "/answers.properties"))) {
                var properties = new Properties();
                properties.load(reader);
                return Answers.of(properties);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
    }

    String text(String name) {
        return READ.computeIfAbsent(engine + "/" + name + ".sql", Queries::read);
    }

    private static String read(String path) {
        try (var stream = Queries.class.getResourceAsStream(path)) {
            var missing = "the ledger has no " + path;
            return new String(Objects.requireNonNull(stream, missing).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// Where Flyway finds the migrations.
    String migrations() {
        return "classpath:" + Queries.class.getPackageName().replace('.', '/') + "/" + engine + "/migration";
    }
}
