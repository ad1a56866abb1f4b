package dev.agentroles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `scripts/assemble` lays out, with a small program in the place of ours: where it stands, what it is
/// called by and on which Java it runs must not matter, and classes that were replaced must never run.
final class LauncherTest {
    private static final Path SCRIPTS = Path.of("scripts").toAbsolutePath();

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private Path home = Path.of("");

    @BeforeAll
    static void assembleOnce() throws Exception {
        jar("one", shared.resolve("one.jar"));
        jar("two", shared.resolve("two.jar"));
        Files.createDirectory(shared.resolve("libraries"));
        var assembled = run(
                Map.of(),
                shared,
                SCRIPTS.resolve("assemble").toString(),
                shared.resolve("one.jar").toString(),
                shared.resolve("libraries").toString(),
                shared.resolve("agentroles").toString());
        assertThat(assembled).isEqualTo(new Ended(0, ""));
    }

    @BeforeEach
    void copyIt() throws Exception {
        home = folder.resolve("it's a folder");
        assertThat(run(Map.of(), shared, "cp", "-Rp", "agentroles", home.toString()))
                .isEqualTo(new Ended(0, ""));
    }

    @Test
    void argumentsAndExitCodePassUnchanged() throws Exception {
        assertThat(start(Map.of(), "apply", "a b", "", "*", "$HOME", "'\""))
                .isEqualTo(new Ended(6, "one [apply|a b||*|$HOME|'\"]\n"));
    }

    /// cron has the locale C, and a container often one that is not installed there.
    @ParameterizedTest
    @ValueSource(strings = {"", "C", "POSIX", "tlh_QO.UTF-8"})
    void lettersBeyondAsciiPassInEveryLocale(String locale) throws Exception {
        var said = run(
                Map.of("LC_ALL", locale, "LC_CTYPE", "", "LANG", ""),
                folder,
                "sh",
                "-c",
                "exec \"$0\" \"$(printf 'M\\303\\274ller')\"",
                home.resolve("bin/agentroles").toString());

        assertThat(said).isEqualTo(new Ended(1, "one [M\u00fcller]\n"));
    }

    @Test
    void aLinkLeadsToIt() throws Exception {
        var links = Files.createDirectories(folder.resolve("links"));
        Files.createSymbolicLink(links.resolve("first"), home.resolve("bin/agentroles"));
        Files.createSymbolicLink(links.resolve("second"), Path.of("first"));

        assertThat(run(Map.of(), folder, links.resolve("second").toString())).isEqualTo(new Ended(0, "one []\n"));
    }

    @Test
    void theProgramLearnsItsHome() throws Exception {
        assertThat(start(Map.of("SHOW_HOME", "yes"))).isEqualTo(new Ended(0, home.toRealPath() + "\n"));
    }

    /// Where it is closed Java opens a file of its own in its place, of many megabytes.
    @Test
    void aClosedStandardInputIsAnEmptyOne() throws Exception {
        assertThat(read("\"$0\" <&-")).isEqualTo(new Ended(0, "0\n"));
        assertThat(read("echo query | \"$0\"")).isEqualTo(new Ended(0, "6\n"));
    }

    /// How many bytes a program finds there that is started by a line of the shell.
    private Ended read(String line) throws Exception {
        var launcher = home.resolve("bin/agentroles").toString();
        return run(Map.of("SHOW_INPUT", "yes"), folder, "sh", "-c", line, launcher);
    }

    @Test
    void aMovedProgramStillStartsFromItsCache() throws Exception {
        assertThat(classesFromTheCache()).isTrue();
    }

    @Test
    void aReplacedJarIsRunAsItIs() throws Exception {
        var jar = home.resolve("lib/agentroles.jar");
        var modified = Files.getLastModifiedTime(jar);
        Files.copy(shared.resolve("two.jar"), jar, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(jar, modified);

        assertThat(start(Map.of())).isEqualTo(new Ended(0, "two []\n"));
        assertThat(classesFromTheCache()).isFalse();
    }

    @Test
    void aJarWithAnotherTimeRunsWithoutComplaint() throws Exception {
        Files.setLastModifiedTime(
                home.resolve("lib/agentroles.jar"), java.nio.file.attribute.FileTime.fromMillis(1_000_000_000_000L));

        assertThat(start(Map.of())).isEqualTo(new Ended(0, "one []\n"));
    }

    @Test
    void aDamagedCacheIsNoError() throws Exception {
        try (var caches = Files.list(home.resolve("cache"))) {
            for (var cache : caches.toList()) {
                Files.writeString(cache, "no cache");
            }
        }

        assertThat(start(Map.of())).isEqualTo(new Ended(0, "one []\n"));
    }

    @Test
    void anOldJavaHomeIsPassedOver() throws Exception {
        assertThat(start(Map.of("JAVA_HOME", javaHome("17.0.9").toString()))).isEqualTo(new Ended(0, "one []\n"));
    }

    @Test
    void anOldJavaThatWasAskedForIsRefused() throws Exception {
        var old = javaHome("17.0.9").toString();

        assertThat(start(Map.of("AGENTROLES_JAVA_HOME", old)))
                .isEqualTo(new Ended(1, "agentroles: AGENTROLES_JAVA_HOME=" + old + " is no Java 25 or later\n"));
    }

    /// Classes of Java 5 would be read and verified at each start.
    @Test
    void oldClassesOfALibraryAreMadeFitForTheCacheAndDoTheSame() throws Exception {
        var library = Path.of(picocli.CommandLine.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        var newer = Files.copy(library, folder.resolve("newer.jar"));
        var java = Path.of(System.getProperty("java.home"), "bin/java").toString();

        assertThat(run(Map.of(), folder, java, SCRIPTS.resolve("Frames.java").toString(), newer.toString()))
                .isEqualTo(new Ended(0, ""));

        assertThat(version(library)).isLessThan(ClassFile.JAVA_7_VERSION);
        assertThat(version(newer)).isEqualTo(ClassFile.JAVA_7_VERSION);
        var help = run(Map.of(), folder, java, "-cp", newer.toString(), "picocli.AutoComplete", "--help");
        assertThat(help)
                .isEqualTo(run(Map.of(), folder, java, "-cp", library.toString(), "picocli.AutoComplete", "--help"));
        assertThat(help.said()).contains("completion script");
    }

    @Test
    void aLibraryWithoutOldClassesStaysAsItIs() throws Exception {
        var jar = Files.copy(shared.resolve("one.jar"), folder.resolve("same.jar"));
        var java = Path.of(System.getProperty("java.home"), "bin/java").toString();

        assertThat(run(Map.of(), folder, java, SCRIPTS.resolve("Frames.java").toString(), jar.toString()))
                .isEqualTo(new Ended(0, ""));

        assertThat(jar).hasSameBinaryContentAs(shared.resolve("one.jar"));
    }

    private static int version(Path library) throws IOException {
        try (var jar = new JarFile(library.toFile());
                var in = jar.getInputStream(jar.getEntry("picocli/CommandLine.class"))) {
            return ClassFile.of().parse(in.readAllBytes()).majorVersion();
        }
    }

    private boolean classesFromTheCache() throws Exception {
        var log = folder.resolve("classes.log");
        start(Map.of("AGENTROLES_JAVA_OPTIONS", "-Xlog:class+load:file=" + log.getFileName()));
        return Files.readAllLines(log).stream()
                .anyMatch(line -> line.contains("dev.agentroles.Main source: shared objects file"));
    }

    private Path javaHome(String version) throws IOException {
        var java = Files.createDirectories(folder.resolve("java"));
        Files.createDirectories(java.resolve("bin"));
        Files.writeString(java.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        Files.writeString(java.resolve("bin/java"), "#!/bin/sh\necho this Java must not run\n");
        assertThat(java.resolve("bin/java").toFile().setExecutable(true)).isTrue();
        return java;
    }

    private Ended start(Map<String, String> environment, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(home.resolve("bin/agentroles").toString()));
        command.addAll(List.of(arguments));
        return run(environment, folder, command.toArray(String[]::new));
    }

    private static Ended run(Map<String, String> environment, Path directory, String... command) throws Exception {
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AGENTROLES_") || name.contains("JAVA"));
        builder.environment().putAll(environment);
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }

    /// A program that says `word` and its arguments, and exits with their number.
    private static void jar(String word, Path jar) throws IOException {
        var folder = Files.createDirectories(shared.resolve(word));
        var source = folder.resolve("Main.java");
        Files.writeString(source, """
                package dev.agentroles;

                final class Main {
                    public static void main(String[] arguments) throws Exception {
                        if (System.getenv("SHOW_INPUT") != null) {
                            System.out.println(System.in.readAllBytes().length);
                            return;
                        }
                        boolean home = System.getenv("SHOW_HOME") != null;
                        System.out.println(home
                                ? System.getProperty("agentroles.home")
                                : "%s [" + String.join("|", arguments) + "]");
                        System.exit(arguments.length);
                    }
                }

                final class Training {
                    public static void main(String[] arguments) throws Exception {
                        Main.main(arguments);
                    }
                }
                """.formatted(word));
        var compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.run(null, null, null, "-d", folder.toString(), source.toString()))
                .isZero();
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (var name : List.of("dev/agentroles/Main.class", "dev/agentroles/Training.class")) {
                out.putNextEntry(new JarEntry(name));
                out.write(Files.readAllBytes(folder.resolve(name)));
            }
        }
    }

    record Ended(int code, String said) {}
}
