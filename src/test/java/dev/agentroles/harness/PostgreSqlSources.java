package dev.agentroles.harness;

import dev.agentroles.access.Secret;
import dev.agentroles.harness.PostgreSql.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Where a PostgreSQL comes from: a URL in the environment, else Docker where it answers, else
/// `scripts/servers`.
final class PostgreSqlSources {
    private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^/?]+/)[^?]*(\\?.*)?");

    private PostgreSqlSources() {}

    static Running start(int major) {
        var variable = "AGENTROLES_TEST_POSTGRESQL_" + major;
        return environment(variable + "_URL")
                .map(url -> given(major, variable, url))
                .orElseGet(() -> Docker.answers() ? PostgreSqlContainer.start(major) : Script.start(major));
    }

    /// A server that somebody else runs. Its log is needed, too: some tests look into it for secrets.
    private static Running given(int major, String variable, String url) {
        var parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new IllegalStateException(variable + "_URL is not like jdbc:postgresql://host:port/postgres: " + url);
        }
        var login = new Login(
                environment(variable + "_USERNAME").orElse("postgres"),
                Secret.of(environment(variable + "_PASSWORD").orElse("")));
        Supplier<String> log = () -> environment(variable + "_LOG")
                .map(file -> read(Path.of(file)))
                .orElseThrow(() -> new IllegalStateException(
                        "this test reads the server's log: name its file in " + variable + "_LOG"));
        var parameters = Optional.ofNullable(parts.group(2)).orElse("");
        return new Running("PostgreSQL %d (%s_URL)".formatted(major, variable), parts.group(1), parameters, login, log);
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /// Binaries on this machine or from Maven's repositories, run by `scripts/servers`, which ends the
    /// server with us however we end.
    private static final class Script {
        static Running start(int major) {
            var directory = temporary();
            var server = Scripts.run(
                    "scripts/servers",
                    "postgresql",
                    Integer.toString(major),
                    "start",
                    directory.toString(),
                    "--log-statements",
                    "--parent",
                    Long.toString(ProcessHandle.current().pid()));
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> Scripts.run("scripts/servers", "stop", directory.toString())));
            var password = Secret.of(read(Path.of(server.get("passwordfile"))).strip());
            return new Running(
                    "PostgreSQL %s (scripts/servers)".formatted(server.get("version")),
                    "jdbc:postgresql://%s:%s/".formatted(server.get("host"), server.get("port")),
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
