package dev.agentroles.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.agentroles.engine.mysql.MySqlTerms;
import dev.agentroles.engine.postgres.PostgresTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The profiles in `profiles/` are what people begin with: all of them are valid, and none has a loose end.
final class ProfileSamplesTest {
    private static final Path FOLDER = Path.of("profiles");

    static List<String> samples() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    static String sample(String name) throws IOException {
        return Files.readString(FOLDER.resolve(name));
    }

    @Test
    void thereIsOneForTheDemoAndOneForEachEnvironment() throws IOException {
        assertThat(samples())
                .contains(
                        "demo.yaml", "demo-mysql.yaml", "demo-mariadb.yaml", "mysql.yaml", "prod.yaml", "staging.yaml");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleIsValid(String name) throws IOException {
        var profile = new ProfileReader(Map.of(
                        "postgresql", PostgresTerms.TERMS, "mysql", MySqlTerms.MYSQL, "mariadb", MySqlTerms.MARIADB))
                .read(name, Path.of(""));
        var problems = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(ProfileSchema.text(), InputFormat.JSON)
                .validate(sample(name), InputFormat.YAML);

        assertThat(profile.source()).isEqualTo("profiles/" + name);
        assertThat(profile.notices()).isEmpty();
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleTellsEditorsItsSchemaAndPeopleItsMeaning(String name) throws IOException {
        assertThat(sample(name)).startsWith("# yaml-language-server: $schema=profile.schema.json\n#\n# ");
    }
}
