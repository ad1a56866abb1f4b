package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The program as it is shipped, in processes of its own. Classes come from jars only, so that the first
/// process which ends by itself leaves them ready for the others, which then start in half the time.
///
/// @param directory for its jar and its archive of classes
record PackedProgram(Path directory) {
    static final int KILLED = 137;

    /// @param folder where it runs, and where what it says stands in a file
    Process start(Path folder, Operator operator, List<String> command) throws IOException {
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + directory.resolve("classes.jsa"),
                "-Xlog:disable",
                "-cp",
                jar() + File.pathSeparator + libraries(),
                "dev.agentroles.Main"));
        line.addAll(command);
        var builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(words(folder).toFile());
        builder.environment().putAll(operator.environment());
        return builder.start();
    }

    /// What the last one in that folder said.
    static String said(Path folder) throws IOException {
        return Files.readString(words(folder));
    }

    /// As `kill -9` does, and waits until it is gone.
    static void kill(Process process) {
        process.destroyForcibly().onExit().join();
    }

    private static Path words(Path folder) {
        return folder.resolve("said.txt");
    }

    private Path jar() {
        var jar = directory.resolve("agentroles.jar");
        if (!Files.exists(jar)) {
            int code = ToolProvider.findFirst("jar")
                    .orElseThrow()
                    .run(System.out, System.err, "--create", "--file", jar.toString(), "-C", "target/classes", ".");
            assertThat(code).isZero();
        }
        return jar;
    }

    private static String libraries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
