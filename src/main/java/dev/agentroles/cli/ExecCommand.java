package dev.agentroles.cli;

import dev.agentroles.access.Lease;
import dev.agentroles.engine.Engine;
import dev.agentroles.engine.Target;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.life.Lending;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.profile.Profile;
import dev.agentroles.workspace.EachDatabase;
import dev.agentroles.workspace.OpenedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "exec",
        description = {
            "Runs a program with a login of its own in its environment.",
            "It finds the login where clients look: PGHOST, PGUSER, PGPASSWORD, ..., or MYSQL_HOST, MYSQL_USER, ...; and"
                    + " DATABASE_URL.",
            "The login is issued for it, never published, and ended when the program ends; the agent's ttl bounds it,"
                    + " and nothing renews it.",
            "TERM, HUP, INT, USR1 and USR2 are passed on, and so is the program's exit code. What the profile itself"
                    + " reads from the environment, and the token for Vault, are not.",
            "Example: agentroles exec prod.yaml --agent support-bot -- psql"
        })
final class ExecCommand extends ProfileTask implements Callable<Integer> {
    @Option(names = "--agent", paramLabel = "NAME", required = true, description = "As which agent.")
    private String agent = "";

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description = "On which database of the profile; needed where the agent has several.")
    private @Nullable String database;

    @Option(
            names = "--passfile",
            description =
                    "Hand the password over in a file (mode 0600, PGPASSFILE) that is gone when the program ends, and"
                            + " in no variable.")
    private boolean passfile;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say more: the lease, the cause of an error.")
    private boolean verbose;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "PROGRAM",
            description = "After --: the program and its arguments.")
    private List<String> program = List.of();

    /// How the runtime quotes ENOENT.
    private static final Pattern NO_SUCH_FILE = Pattern.compile("error[=:] ?2\\b");

    ExecCommand(World world) {
        super(world);
    }

    @Override
    public Integer call() throws SQLException {
        var profile = profile();
        var entry = entry(profile, agent, Optional.ofNullable(database));
        try (var workspace = workspace(profile)) {
            return lend(profile, entry, new EachDatabase(workspace, Duration.ofSeconds(30)));
        }
    }

    private int lend(Profile profile, Profile.DatabaseEntry entry, EachDatabase databases) {
        try (var opened = databases.open(entry)) {
            var lending = new Lending(databases, world().means(), this::say);
            // A signal between the login and its program, or behind it, lets the login end before this process does.
            try (var _ = world().ending().begin()) {
                compareClocks(opened);
                mustNotBeRevoked(opened);
                return lending.lend(opened, agent, (login, lease) -> run(profile, opened.engine(), login, lease));
            } catch (SQLException said) {
                throw opened.failure(said);
            }
        }
    }

    /// The ledger refuses as well, and without knowing which profile was given.
    private void mustNotBeRevoked(OpenedDatabase opened) throws SQLException {
        if (!(opened.look() instanceof LedgerState.Present)) {
            return;
        }
        opened.guard(opened.look()).mayGive();
        opened.revocation(agent).ifPresent(by -> {
            throw Failure.refused(Problem.of("no login is issued: agent " + agent + " was revoked " + by.words())
                    .remedy("agentroles thaw " + Shell.word(file()) + " --agent " + Shell.word(agent)
                            + " when the reason is gone"));
        });
    }

    private int run(Profile profile, Engine engine, Target login, Lease lease) {
        try (var handover = handover(engine, login)) {
            var builder = new ProcessBuilder(program).inheritIO();
            var variables = builder.environment();
            variables.keySet().removeAll(profile.variables());
            variables.keySet().removeAll(world().stores().variables());
            variables.keySet().removeAll(engine.strayVariables());
            giveBackLocale(variables);
            variables.putAll(handover.variables());
            variables.put("AGENTROLES_EXPIRES_AT", lease.expiresAt().toString());
            if (verbose) {
                say("lease " + lease.id() + " of " + agent + " ends with the program, at the latest at "
                        + lease.expiresAt());
            }
            return run(builder);
        }
    }

    /// The launcher sets one for Java, and notes what it found; nothing is as good as empty (POSIX, 8.2).
    private static void giveBackLocale(Map<String, String> variables) {
        var own = variables.remove("AGENTROLES_CALLER_LC_ALL");
        if (own == null) {
            return;
        }
        if (own.isEmpty()) {
            variables.remove("LC_ALL");
        } else {
            variables.put("LC_ALL", own);
        }
    }

    private Handover handover(Engine engine, Target login) {
        if (!passfile) {
            return Handover.inVariables(engine.clientEnvironment(login));
        }
        var password = engine.passwordFile(login)
                .orElseThrow(() ->
                        Failure.usage(Problem.of("programs for " + engine.name() + " read no password from a file")
                                .remedy("leave --passfile out")));
        return Handover.inFile(password, folder());
    }

    /// One in memory that is the user's alone, where there is one.
    private Path folder() {
        return Stream.of("XDG_RUNTIME_DIR", "TMPDIR")
                .flatMap(name -> world().environment().apply(name).stream())
                .map(world().directory()::resolve)
                .filter(folder -> Files.isDirectory(folder) && Files.isWritable(folder))
                .findFirst()
                .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
    }

    private int run(ProcessBuilder builder) {
        try (var signals = Signals.caught(world().terminal().isPresent())) {
            mustNotEnd();
            Process started;
            try {
                started = builder.start();
            } catch (IOException refused) {
                return notStarted(refused);
            }
            signals.passTo(started);
            return waitFor(started);
        }
    }

    /// One that came before the program did has no program to go to.
    private void mustNotEnd() {
        if (world().ending().isNear()) {
            throw Failure.error(Problem.of("the program was not started: the run was told to end"));
        }
    }

    /// As shells end then: 127 where there is no such program, 126 where it cannot be run (POSIX, 2.8.2).
    private int notStarted(IOException refused) {
        var said = String.valueOf(refused.getMessage()).strip();
        say("agentroles: "
                + Problem.of("the program " + program.getFirst() + " cannot be started: " + said)
                        .remedy("check its name and that it is on the PATH"));
        return NO_SUCH_FILE.matcher(said).find() ? 127 : 126;
    }

    private static int waitFor(Process started) {
        try {
            return started.waitFor();
        } catch (InterruptedException stopped) {
            started.destroy();
            throw Failure.interrupted();
        }
    }
}
