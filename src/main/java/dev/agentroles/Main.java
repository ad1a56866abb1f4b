package dev.agentroles;

import dev.agentroles.cli.Cli;
import dev.agentroles.cli.Ending;
import dev.agentroles.cli.World;
import dev.agentroles.credential.FaultPoints;
import dev.agentroles.engine.mysql.MySqlEngine;
import dev.agentroles.engine.mysql.MySqlTerms;
import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.engine.postgres.PostgresTerms;
import dev.agentroles.workspace.Workspace.KnownEngine;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.logging.LogManager;

/// The program in the real world.
final class Main {
    /// GitHub and Gitea, GitLab, `sudo`.
    private static final List<String> STARTED_BY = List.of("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "SUDO_USER");

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    /// One command.
    ///
    /// @return its exit code
    static int run(List<String> arguments) {
        // Java writes numbers with the digits of the machine's language, and no server reads those of Arabic.
        Locale.setDefault(Locale.ROOT);
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        // A plan is agreed to here: a name must not be shown as question marks where LANG is C.
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        if (arguments.equals(List.of("--version")) || arguments.equals(List.of("-V"))) {
            // Asked by every script that uses the program, and needs nothing of it.
            out.println("agentroles " + version());
            return out.checkError() ? 1 : 0;
        }
        // The libraries' logs are theirs; what matters of them reaches the user as a message of ours.
        LogManager.getLogManager().reset();
        var ending = new Ending();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ending.comes().ifPresent(System.err::println)));
        int code = Cli.run(world(out, ending), arguments);
        out.flush();
        return code;
    }

    private static World world(PrintStream out, Ending ending) {
        Function<String, Optional<String>> environment = name -> Optional.ofNullable(System.getenv(name));
        var directory = Path.of("").toAbsolutePath();
        var clock = InstantSource.system();
        var stores = new Stores(environment, directory, clock);
        return new World(
                System.in,
                out,
                System.err,
                terminal(),
                environment,
                directory,
                operator(environment),
                version(),
                clock,
                new SecureRandom(),
                new TreeMap<>(Map.of(
                        "postgresql", new KnownEngine(new PostgresEngine(), PostgresTerms.TERMS),
                        "mysql", new KnownEngine(MySqlEngine.mysql(new SecureRandom()), MySqlTerms.MYSQL),
                        "mariadb", new KnownEngine(MySqlEngine.mariadb(), MySqlTerms.MARIADB))),
                stores,
                FaultPoints.NONE,
                ending);
    }

    /// From JDK 22 on there is a console object without a terminal, too: it must be asked.
    private static Optional<World.Terminal> terminal() {
        return Optional.ofNullable(System.console())
                .filter(console -> console.isTerminal())
                .<World.Terminal>map(ConsoleTerminal::new);
    }

    /// Who runs this, for the journal. CI systems say who started the job; `sudo` says who became root.
    static String operator(Function<String, Optional<String>> environment) {
        var user = STARTED_BY.stream()
                .flatMap(name -> environment.apply(name).filter(value -> !value.isBlank()).stream())
                .findFirst()
                .orElse(System.getProperty("user.name", "unknown"));
        try {
            return user + "@" + InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return user + "@" + nameless.getMessage();
        }
    }

    private static String version() {
        try (var resource = Main.class.getResourceAsStream("version.txt")) {
            if (resource == null) {
                throw new IllegalStateException("the program was built without version.txt");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
