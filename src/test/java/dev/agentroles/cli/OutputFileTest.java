package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.problem.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `--output` does to what stands where it leads.
final class OutputFileTest {
    private final Path directory;

    OutputFileTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void aFileIsReplacedAndKeepsItsMode() throws IOException {
        var file = Files.writeString(directory.resolve("plan.txt"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        OutputFile.of("plan.txt", directory).write("new");

        assertThat(file).hasContent("new");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void aLinkStaysALink() throws IOException {
        var file = Files.writeString(directory.resolve("real.txt"), "old");
        var link = Files.createSymbolicLink(directory.resolve("link.txt"), file);

        OutputFile.of("link.txt", directory).write("new");

        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("new");
    }

    @Test
    void aDeviceIsWrittenToAndStaysWhatItIs() {
        var device = OutputFile.of("/dev/null", directory);
        device.mustBeWritable();

        device.write("text");

        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
        assertThat(Files.exists(Path.of("/dev/null"))).isTrue();
    }

    @Test
    void aFullDeviceIsSaid() {
        var full = OutputFile.of("/dev/full", directory);

        assertThatThrownBy(() -> full.write("text"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("the result cannot be written to /dev/full: No space left on device; what the"
                        + " command did is done; make room");
    }

    @Test
    void whereNothingCanBeWrittenIsKnownBefore() throws IOException {
        Files.createDirectory(directory.resolve("folder"));

        assertThatThrownBy(OutputFile.of("none/plan.txt", directory)::mustBeWritable)
                .hasMessageContaining("there is no directory");
        assertThatThrownBy(OutputFile.of("folder", directory)::mustBeWritable)
                .hasMessageContaining("it is a directory");
    }
}
