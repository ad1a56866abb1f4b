package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The program as it is shipped, and [Victim], in processes of their own. Classes come from jars only, so that
/// one process leaves them ready for the others, which then start in half the time (JEP 514).
///
/// @param directory for its jar and its cache of classes
record PackedProgram(Path directory) {
    static final int KILLED = 137;

    private static final class Shared {
        static final PackedProgram PROGRAM = new PackedProgram(temporary());
    }

    /// The one of all the tests of this process.
    static PackedProgram shared() {
        return Shared.PROGRAM;
    }

    /// @param folder where it runs, and where what it says stands in a file
    Process start(Path folder, Operator operator, List<String> command) throws IOException {
        return process(folder, operator, "dev.agentroles.Main", command)
                .redirectErrorStream(true)
                .redirectOutput(words(folder).toFile())
                .start();
    }

    /// Plans once, for the classes: before requests are counted, and before a process is killed.
    void learn(Path folder, Operator operator) throws IOException, InterruptedException {
        if (!Files.exists(classes())) {
            running(folder, operator, line("AOTCacheOutput", "dev.agentroles.Main", List.of("plan", "shop.yaml")))
                    .redirectErrorStream(true)
                    .redirectOutput(words(folder).toFile())
                    .start()
                    .waitFor();
        }
    }

    /// @param folder where it runs
    ProcessBuilder process(Path folder, Operator operator, String main, List<String> arguments) {
        return running(folder, operator, line(main, arguments));
    }

    /// What starts it.
    List<String> line(String main, List<String> arguments) {
        return line("AOTCache", main, arguments);
    }

    private List<String> line(String cache, String main, List<String> arguments) {
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:" + cache + "=" + classes(),
                "-Xlog:disable",
                "-cp",
                jar() + File.pathSeparator + libraries(),
                main));
        line.addAll(arguments);
        return line;
    }

    private static ProcessBuilder running(Path folder, Operator operator, List<String> line) {
        var builder = new ProcessBuilder(line).directory(folder.toFile());
        builder.environment().putAll(operator.environment());
        return builder;
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

    private Path classes() {
        return directory.resolve("classes.aot");
    }

    private Path jar() {
        var jar = directory.resolve("agentroles.jar");
        if (!Files.exists(jar)) {
            int code = ToolProvider.findFirst("jar")
                    .orElseThrow()
                    .run(
                            System.out,
                            System.err,
                            "--create",
                            "--file",
                            jar.toString(),
                            "-C",
                            "target/classes",
                            ".",
                            "-C",
                            "target/test-classes",
                            Victim.class.getName().replace('.', '/') + ".class");
            assertThat(code).isZero();
        }
        return jar;
    }

    private static Path temporary() {
        try {
            var folder = Files.createTempDirectory("program");
            // What is named last is deleted first.
            Stream.of(folder, folder.resolve("agentroles.jar"), folder.resolve("classes.aot"))
                    .forEach(path -> path.toFile().deleteOnExit());
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String libraries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
