package dev.agentroles.harness;

import dev.agentroles.access.Secret;
import dev.agentroles.harness.MySql.Release;
import dev.agentroles.harness.MySql.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Where a MySQL or MariaDB comes from: a URL in the environment, else Docker where it answers,
/// else `scripts/servers`.
final class MySqlSources {
    private static final Pattern URL = Pattern.compile("(jdbc:mysql://[^/?]+/)[^?]*(\\?.*)?");

    private MySqlSources() {}

    static Running start(Release release) {
        var variable = "AGENTROLES_TEST_"
                + release.key().replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT);
        return environment(variable + "_URL")
                .map(url -> given(release, variable, url))
                .orElseGet(() -> Docker.answers() ? MySqlContainer.start(release) : Script.start(release));
    }

    /// A server that somebody else runs. Its log is needed, too: some tests look into it for secrets.
    private static Running given(Release release, String variable, String url) {
        var parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new IllegalStateException(variable + "_URL is not like jdbc:mysql://host:port/: " + url);
        }
        var login = new Login(
                environment(variable + "_USERNAME").orElse("root"),
                Secret.of(environment(variable + "_PASSWORD").orElse("")));
        Supplier<String> log = () -> environment(variable + "_LOG")
                .map(file -> read(Path.of(file)))
                .orElseThrow(() -> new IllegalStateException(
                        "this test reads the server's log: name its file in " + variable + "_LOG"));
        var parameters = Optional.ofNullable(parts.group(2)).orElse("");
        return new Running("%s (%s_URL)".formatted(release, variable), parts.group(1), parameters, login, log);
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }

    /// Logged statements may hold bytes of any character set.
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /// Binaries that `scripts/servers` finds or fetches; it ends the server with us however we end.
    private static final class Script {
        static Running start(Release release) {
            var directory = temporary();
            var server = Scripts.run(
                    "scripts/servers",
                    release.engine(),
                    release.version(),
                    "start",
                    directory.toString(),
                    "--log-statements",
                    "--parent",
                    Long.toString(ProcessHandle.current().pid()));
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> Scripts.run("scripts/servers", "stop", directory.toString())));
            var password = Secret.of(read(Path.of(server.get("passwordfile"))).strip());
            return new Running(
                    "%s %s (scripts/servers)".formatted(release.mariadb() ? "MariaDB" : "MySQL", server.get("version")),
                    "jdbc:mysql://%s:%s/".formatted(server.get("host"), server.get("port")),
                    "",
                    new Login(server.get("superuser"), password),
                    () -> read(Path.of(server.get("log"))));
        }

        private static Path temporary() {
            try {
                return Files.createTempDirectory("agentroles-");
            } catch (IOException e) {
                throw new UncheckedIOException("no folder for a server", e);
            }
        }
    }
}
