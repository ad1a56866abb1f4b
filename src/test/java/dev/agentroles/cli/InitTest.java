package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `init` writes, `validate` takes; what `validate` refuses, `init` does not write.
final class InitTest {
    private final Path directory;

    InitTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db.example.com:5432/shop",
                "jdbc:postgresql://db.example.com/shop?connectTimeout=5",
                "jdbc:postgresql://localhost/shop",
                "jdbc:postgresql://localhost/we\"ird\\name",
                "jdbc:postgresql://localhost/true",
                "jdbc:mysql://db.example.com:3306/shop",
                "jdbc:mariadb://db.example.com:3306/shop"
            })
    void whatItWritesIsValid(String url) {
        var written = run("init", url, "--output", "first.yaml");
        var read = run("validate", "first.yaml");

        assertThat(written.code()).as(written.err()).isZero();
        assertThat(read.code()).as(read.err()).isZero();
    }

    @Test
    void anEnvironmentMayBeCalledByAWordOfYaml() {
        run("init", "jdbc:postgresql://localhost/shop", "--environment", "null", "--output", "first.yaml");

        assertThat(run("validate", "first.yaml").out()).contains("environment null, 1 database");
    }

    @Test
    void aQuietRunWritesItsFileAllTheSame() {
        run("init", "jdbc:postgresql://localhost/shop", "--quiet", "--output", "first.yaml");

        assertThat(run("validate", "first.yaml").code()).isZero();
    }

    @Test
    void theRightsNameTheDatabaseAsTheServerDoes() {
        assertThat(run("init", "jdbc:postgresql://localhost/sh%20op+1").out())
                .contains("GRANT CREATE ON DATABASE \"sh op+1\" TO \"agentroles\";")
                .contains("GRANT USAGE ON ALL SEQUENCES IN SCHEMA app TO \"agentroles\" WITH GRANT OPTION;");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db.example.com/shop?password=s3cret",
                "jdbc:postgresql://root:s3cret@db.example.com/shop",
                "jdbc:mysql://root:s3cret@db.example.com/shop",
                "mysql://root:s3cret@db.example.com/shop",
                "jdbc:postgresql://s3cret.example.com",
                "jdbc:postgresql://s3cret.example.com/",
                "jdbc:mysql://localhost/s3cret?autoReconnect=true",
                "jdbc:postgresql:"
            })
    void whatValidateRefusesIsNeitherWrittenNorRepeated(String url) {
        var said = run("init", url, "--output", "first.yaml");

        assertThat(said.code()).as(said.err()).isEqualTo(64);
        assertThat(said.out() + said.err()).doesNotContain("s3cret").doesNotContain("error of the program");
        assertThat(directory.resolve("first.yaml")).doesNotExist();
    }

    @Test
    void anEnvironmentMustHaveAName() {
        var said = run("init", "jdbc:postgresql://localhost/shop", "--environment", "My Env");

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err()).contains("\"My Env\" cannot be an environment's name");
    }

    @Test
    void aFileThatIsThereIsLeftAlone() throws IOException {
        var file = Files.writeString(directory.resolve("first.yaml"), "mine");

        var said = run("init", "jdbc:postgresql://localhost/shop", "--output", "first.yaml");

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err()).contains("first.yaml is there already");
        assertThat(file).hasContent("mine");
    }

    @Test
    void aResultThatDoesNotArriveIsAnError() throws IOException {
        var err = new ByteArrayOutputStream();

        int code = run(
                new PrintStream(new FileOutputStream("/dev/full")), err, "init", "jdbc:postgresql://localhost/shop");

        assertThat(code).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("could not be written to standard output");
    }

    private Operator.Said run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = run(new PrintStream(out, true, StandardCharsets.UTF_8), err, arguments);
        return new Operator.Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private int run(PrintStream out, ByteArrayOutputStream err, String... arguments) {
        var empty = Worlds.empty();
        var world = new World(
                empty.in(),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                empty.terminal(),
                empty.environment(),
                directory,
                empty.operator(),
                empty.version(),
                empty.clock(),
                new SecureRandom(),
                empty.engines(),
                empty.stores(),
                empty.faults(),
                empty.ending());
        return Cli.run(world, List.of(arguments));
    }
}
