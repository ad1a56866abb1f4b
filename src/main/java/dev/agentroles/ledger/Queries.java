package dev.agentroles.ledger;

import dev.agentroles.engine.SqlFiles;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/// The ledger's statements as one engine writes them: `.sql` resources in the folder of the engine's name.
record Queries(String engine) {
    private static final SqlFiles FILES = new SqlFiles(Queries.class);

    private static final Map<String, Answers> ANSWERS = new ConcurrentHashMap<>();

    /// How this engine refuses.
    Answers answers() {
        return ANSWERS.computeIfAbsent(engine, folder -> {
            try (var reader = new StringReader(FILES.text(folder + "/answers.properties"))) {
                var properties = new Properties();
                properties.load(reader);
                return Answers.of(properties);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
    }

    String text(String name) {
        return FILES.text(engine + "/" + name + ".sql");
    }

    /// Where Flyway finds the migrations.
    String migrations() {
        return "classpath:" + Queries.class.getPackageName().replace('.', '/') + "/" + engine + "/migration";
    }
}
