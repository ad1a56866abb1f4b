package dev.agentroles.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How long it takes until the program has said anything, against a Java that says as much.
final class StartBench {
    private static final Path LAUNCHER = Path.of("target/agentroles/bin/agentroles");

    /// The launcher's, without our class cache.
    private static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx256m");

    private StartBench() {}

    public static void main(String[] arguments) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin");
        var bench = new Bench("Start-up");
        var folder = Files.createTempDirectory("agentroles-bench-");
        try {
            var source = folder.resolve("Hello.java");
            Files.writeString(source, """
                    final class Hello {
                        public static void main(String[] arguments) {
                            System.out.println("Hello");
                        }
                    }
                    """);
            run(List.of(java.resolve("javac").toString(), "-d", folder.toString(), source.toString()));
            var hello = new java.util.ArrayList<>(List.of(java.resolve("java").toString()));
            hello.addAll(FLAGS);
            hello.addAll(List.of("-cp", folder.toString(), "Hello"));
            var floor = "a Java Hello with the same flags";
            bench.compare("agentroles --version", floor, 2.5, 31, () -> run(hello), () -> run("--version"));
        } finally {
            Files.deleteIfExists(folder.resolve("Hello.java"));
            Files.deleteIfExists(folder.resolve("Hello.class"));
            Files.delete(folder);
        }
        bench.report();
    }

    private static void run(String argument) throws Exception {
        run(List.of(LAUNCHER.toString(), argument));
    }

    private static void run(List<String> command) throws Exception {
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException(String.join(" ", command) + " exited with " + code);
        }
    }
}
