package dev.agentroles.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The ledger's statements as one engine writes them: `.sql` resources in the folder of the engine's name.
record Queries(String engine) {
    String text(String name) {
        try (var stream = Queries.class.getResourceAsStream(engine + "/" + name + ".sql")) {
            var missing = "no ledger for engine " + engine + ": " + name + ".sql is not there";
            return new String(Objects.requireNonNull(stream, missing).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// Two statements in one round trip; parameters count on.
    String together(String first, String second) {
        return text(first) + ";\n" + text(second);
    }

    /// Where Flyway finds the migrations.
    String migrations() {
        return "classpath:" + Queries.class.getPackageName().replace('.', '/') + "/" + engine + "/migration";
    }
}
