package dev.agentroles.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProfileFileTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void makeAFolder() throws IOException {
        Files.createDirectory(directory.resolve("profiles"));
    }

    @Test
    void thePathIsTakenAsItIsGiven() throws IOException {
        Files.writeString(directory.resolve("shop.yaml"), Samples.SMALL);
        Files.writeString(directory.resolve("profiles/shop.yaml"), "not this one");

        assertThat(Readers.READER.read("shop.yaml", directory).source()).isEqualTo("shop.yaml");
    }

    @Test
    void whereNothingIsTheFolderOfProfilesIsLookedAt() throws IOException {
        Files.writeString(directory.resolve("profiles/shop.yaml"), Samples.SMALL);

        assertThat(Readers.READER.read("shop.yaml", directory).source()).isEqualTo("profiles/shop.yaml");
    }

    @Test
    void anAbsolutePathIsReadAndCalledAsGiven() throws IOException {
        var file = Files.writeString(directory.resolve("shop.yaml"), Samples.SMALL);

        assertThat(Readers.READER.read(file.toString(), Path.of("/")).source()).isEqualTo(file.toString());
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheProfile() throws IOException {
        Files.writeString(directory.resolve("shop.yaml"), "\ufeff" + Samples.SMALL);

        assertThat(Readers.READER.read("shop.yaml", directory).environment()).isEqualTo("staging");
    }

    @Test
    void linesMayEndAsOnWindows() throws IOException {
        Files.writeString(directory.resolve("shop.yaml"), Samples.SMALL.replace("\n", "\r\n"));

        assertThat(Readers.READER.read("shop.yaml", directory).environment()).isEqualTo("staging");
    }

    @Test
    void aMissingFileIsToldWithItsNeighbour() throws IOException {
        Files.writeString(directory.resolve("profiles/shop.yaml"), Samples.SMALL);

        assertThat(problem("shop.yml"))
                .isEqualTo("there is no file \"shop.yml\", nor one in profiles/; did you mean"
                        + " \"profiles/shop.yaml\"?");
        assertThat(problem("another.yaml")).isEqualTo("there is no file \"another.yaml\", nor one in profiles/");
    }

    @Test
    void aVariableThatIsNotSetIsNoProfile() {
        assertThat(problem(""))
                .isEqualTo("the name of the profile is empty; a variable in the command line may not be set");
    }

    /// A repository of somebody else's may hold such a file, and a pipeline may look at all that are there.
    @Test
    void aNameThatForgesWhatIsSaidIsRefused() throws IOException {
        var name = "shop\n::error ::\u001b[2J\u202e.yaml";
        Files.writeString(directory.resolve(name), Samples.SMALL);

        assertThat(problem(name))
                .isEqualTo("the name of the profile holds a character that is not seen:"
                        + " \"shop\\u{a}::error ::\\u{1b}[2J\\u{202e}.yaml\"; rename the file");
    }

    @Test
    void aDirectoryIsNoProfile() {
        assertThat(problem("profiles")).isEqualTo("\"profiles\" is a directory; name one profile in it");
    }

    @Test
    void anEmptyFileIsNoProfile() throws IOException {
        Files.writeString(directory.resolve("shop.yaml"), "");

        assertThat(problem("shop.yaml"))
                .isEqualTo("shop.yaml:1:1: the profile is empty; begin with \"version: 1\", or have one written:"
                        + " agentroles init");
    }

    @Test
    void aFileOfTenMegabytesIsRefusedBeforeItIsParsed() throws IOException {
        Files.writeString(directory.resolve("shop.yaml"), Samples.SMALL + "#".repeat(10_000_000));

        assertThat(problem("shop.yaml")).isEqualTo("\"shop.yaml\" is larger than 1 MiB, which no profile is");
    }

    @Test
    void aFileThatIsNotUtf8IsToldWithThePlace() throws IOException {
        var latin = Samples.with("access:", "owner: M\u00fcller\n    access:").getBytes(StandardCharsets.ISO_8859_1);
        Files.write(directory.resolve("shop.yaml"), latin);

        assertThat(problem("shop.yaml")).isEqualTo("shop.yaml:14:13: this is not UTF-8; save the profile as UTF-8");
    }

    @Test
    void aNameThatNoFileCanHaveIsRefused() {
        assertThat(problem("shop\u0000.yaml"))
                .isEqualTo("\"shop\\u{0}.yaml\" is not the name of a file: Nul character not allowed");
    }

    @Test
    void aFileThatCannotBeReadIsToldInTheWordsOfTheSystem() throws IOException {
        var loop = directory.resolve("profiles/loop.yaml");
        Files.createSymbolicLink(loop, loop);
        Files.createSymbolicLink(directory.resolve("gone.yaml"), directory.resolve("nothing"));

        assertThat(problem("loop.yaml"))
                .startsWith("\"profiles/loop.yaml\" cannot be read: Too many levels of symbolic links");
        assertThat(problem("gone.yaml")).isEqualTo("\"gone.yaml\" is a link to a file that does not exist");
    }

    private String problem(String name) {
        try {
            return "no problem: " + Readers.READER.read(name, directory);
        } catch (Failure e) {
            assertThat(e.exit()).isEqualTo(Exit.ERROR);
            assertThat(e.problems()).hasSize(1);
            return e.problems().getFirst().toString();
        }
    }
}
