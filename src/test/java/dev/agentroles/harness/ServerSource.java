package dev.agentroles.harness;

import com.sun.management.OperatingSystemMXBean;
import dev.agentroles.access.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Where a database server comes from: a URL in the environment, else Docker where it answers, else
/// binaries that `scripts/servers` finds or fetches.
///
/// @param product as people write it
/// @param engine as `scripts/servers` knows it
/// @param version of that
/// @param scheme what its JDBC URLs begin with: `jdbc:postgresql:`
/// @param superuser of a server that somebody else runs, unless the environment says otherwise
/// @param options of the server itself; with some of them it is never one that somebody else runs
/// @param container starts one in Docker
record ServerSource(
        String product,
        String engine,
        String version,
        String scheme,
        String superuser,
        List<String> options,
        Supplier<Running> container) {
    /// Of Linux; elsewhere there is none.
    private static final Path IN_MEMORY = Path.of("/dev/shm");

    /// Bytes free there, and of the memory that this machine or container may use, before a server is put there.
    private static final long ROOM = 4L << 30;

    Running start() {
        return environment("_URL")
                .filter(_ -> options.isEmpty())
                .map(this::given)
                .orElseGet(() -> Docker.answers() ? container.get() : script());
    }

    /// A server that somebody else runs. Its log is needed, too: some tests look into it for secrets.
    private Running given(String url) {
        var parts = Pattern.compile("(" + scheme + "//[^/?]+/)[^?]*(\\?.*)?").matcher(url);
        if (!parts.matches()) {
            throw new IllegalStateException(variable("_URL") + " is not like " + scheme + "//host:port/: " + url);
        }
        var login = new Login(
                environment("_USERNAME").orElse(superuser),
                Secret.of(environment("_PASSWORD").orElse("")));
        Supplier<String> log = () -> environment("_LOG")
                .map(file -> read(Path.of(file)))
                .orElseThrow(() -> new IllegalStateException(
                        "this test reads the server's log: name its file in " + variable("_LOG")));
        return new Running(
                "%s %s (%s)".formatted(product, version, variable("_URL")),
                parts.group(1),
                Optional.ofNullable(parts.group(2)).orElse(""),
                login,
                log,
                () -> {});
    }

    /// `AGENTROLES_TEST_MYSQL_9_7_URL`
    private String variable(String suffix) {
        return "AGENTROLES_TEST_" + (engine + "_" + version).replace('.', '_').toUpperCase(Locale.ROOT) + suffix;
    }

    private Optional<String> environment(String suffix) {
        return Optional.ofNullable(System.getenv(variable(suffix))).filter(value -> !value.isBlank());
    }

    /// The script ends the server with us however we end.
    Running script() {
        var directory = temporary();
        var arguments = new ArrayList<>(List.of(
                engine,
                version,
                "start",
                directory.toString(),
                "--log-statements",
                "--parent",
                Long.toString(ProcessHandle.current().pid())));
        if (!options.isEmpty()) {
            arguments.add("--");
            arguments.addAll(options);
        }
        var server = Scripts.run("scripts/servers", arguments.toArray(String[]::new));
        Runnable stop = () -> Scripts.run("scripts/servers", "stop", directory.toString());
        Runtime.getRuntime().addShutdownHook(new Thread(stop));
        var password = Secret.of(read(Path.of(server.get("passwordfile"))).strip());
        return new Running(
                "%s %s (scripts/servers)".formatted(product, server.get("version")),
                "%s//%s:%s/".formatted(scheme, server.get("host"), server.get("port")),
                "",
                new Login(server.get("superuser"), password),
                () -> read(Path.of(server.get("log"))),
                stop);
    }

    /// In memory where there is room: the database of a test is three hundred files, and on a disk a server
    /// may spend ten times as long on making and deleting them. What a server wrote whose process is killed
    /// is there as well as on a disk. With `-Dagentroles.disk=true` it is on a disk all the same, which
    /// benches wait for.
    private static Path temporary() {
        try {
            return !Boolean.getBoolean("agentroles.disk") && hasRoomInMemory()
                    ? Files.createTempDirectory(IN_MEMORY, "agentroles-")
                    : Files.createTempDirectory("agentroles-");
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for a server", e);
        }
    }

    private static boolean hasRoomInMemory() {
        long free =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getFreeMemorySize();
        return free >= ROOM && IN_MEMORY.toFile().getUsableSpace() >= ROOM && Files.isWritable(IN_MEMORY);
    }

    /// Logged statements may hold bytes of any character set.
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
