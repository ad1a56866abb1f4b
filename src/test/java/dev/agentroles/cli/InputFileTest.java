package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A file that a command cannot read is told with why, and with what to do.
final class InputFileTest {
    private static final int MOST = 8;

    private final Path directory;

    InputFileTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private String read(String name) {
        return InputFile.of(Path.of(name), directory).text(MOST);
    }

    private Failure refused(String name) {
        return catchThrowableOfType(Failure.class, () -> read(name));
    }

    private void write(String name, byte... content) throws IOException {
        Files.write(directory.resolve(name), content);
    }

    @Test
    void itsTextIsRead() throws IOException {
        Files.writeString(directory.resolve("a.sql"), "DROP \u00e4");

        assertThat(read("a.sql")).isEqualTo("DROP \u00e4");
    }

    @Test
    void oneThatIsNotThereIsTold() {
        assertThat(refused("missing.sql").exit()).isEqualTo(Exit.ERROR);
        assertThat(refused("missing.sql"))
                .hasMessage("missing.sql does not exist; check its name; it is looked for in the working directory");
    }

    @Test
    void aDirectoryIsTold() throws IOException {
        Files.createDirectory(directory.resolve("sql"));

        assertThat(refused("sql")).hasMessage("sql is a directory; name one file in it");
    }

    /// A pipe waits for its writer for ever, and a device has no end.
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatIsNoFileIsToldAndNotRead() throws Exception {
        var pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThat(refused("pipe").exit()).isEqualTo(Exit.ERROR);
        assertThat(refused("pipe"))
                .hasMessage("pipe is a device, a pipe or a socket and not a file; save its text in a file and name"
                        + " that");
        assertThat(refused("/dev/zero")).hasMessageStartingWith("/dev/zero is a device, a pipe or a socket");
    }

    @Test
    void anotherEncodingIsTold() throws IOException {
        write("latin.sql", (byte) 0xe4);

        assertThat(refused("latin.sql").exit()).isEqualTo(Exit.USAGE);
        assertThat(refused("latin.sql")).hasMessage("latin.sql is not UTF-8 text; save it as UTF-8");
    }

    @Test
    void oneThatIsTooLargeIsTold() throws IOException {
        write("large.sql", new byte[MOST + 1]);

        assertThat(refused("large.sql")).hasMessage("large.sql is larger than 8 bytes");
    }
}
