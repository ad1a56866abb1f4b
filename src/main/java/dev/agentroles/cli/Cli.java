package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Nearest;
import dev.agentroles.problem.Printable;
import dev.agentroles.problem.Problem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/// The command line. Only the command that was asked for is built: reading the annotations of all of them
/// would cost a good part of the start.
public final class Cli {
    private static final Map<String, Function<World, Object>> COMMANDS = commands();

    private Cli() {}

    private static Map<String, Function<World, Object>> commands() {
        var commands = new LinkedHashMap<String, Function<World, Object>>();
        commands.put("init", InitCommand::new);
        commands.put("import", ImportCommand::new);
        commands.put("validate", ValidateCommand::new);
        commands.put("plan", PlanCommand::new);
        commands.put("apply", ApplyCommand::new);
        commands.put("rotate", RotateCommand::new);
        commands.put("reap", ReapCommand::new);
        commands.put("revoke", RevokeCommand::new);
        commands.put("freeze", FreezeCommand::new);
        commands.put("thaw", ThawCommand::new);
        commands.put("exec", ExecCommand::new);
        commands.put("card", CardCommand::new);
        commands.put("change", ChangeCommand::with);
        commands.put("policy", PolicyCommand::new);
        commands.put("log", LogCommand::new);
        commands.put("verify", VerifyCommand::new);
        commands.put("audit", AuditCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put("status", StatusCommand::new);
        commands.put("terraform", TerraformCommand::new);
        commands.put("tiers", TiersCommand::new);
        commands.put("schema", SchemaCommand::new);
        commands.put("completion", CompletionCommand::new);
        return commands;
    }

    @Command(
            name = "agentroles",
            description = "Database roles for AI agents: least privilege from a profile, short-lived logins, proof.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "Exit codes: 0 clean, 1 error, 2 changes pending or findings, 3 refused for safety, 4 partly done: run"
                        + " again, 64 wrong usage."
            })
    static final class Root implements Runnable {
        @CommandLine.Spec
        private CommandLine.Model.@Nullable CommandSpec spec;

        @Override
        public void run() {
            var line = Objects.requireNonNull(spec).commandLine();
            throw new ParameterException(line, "a command is missing");
        }
    }

    /// Runs one command.
    ///
    /// @return the exit code
    public static int run(World world, List<String> arguments) {
        var unknown = arguments.stream()
                .findFirst()
                .filter(word -> !word.startsWith("-") && !word.isEmpty() && !COMMANDS.containsKey(word));
        if (unknown.isPresent()) {
            var problem = Problem.of("there is no command \"" + unknown.get() + "\"");
            world.err()
                    .println("agentroles: "
                            + problem.remedy(Nearest.question(unknown.get(), COMMANDS.keySet())
                                    .orElse("agentroles --help lists those there are")));
            return Exit.USAGE.code();
        }
        var line = chosen(arguments).map(name -> only(world, name)).orElseGet(() -> whole(world));
        int code = line.execute(arguments.toArray(String[]::new));
        return world.out().checkError() ? unwritten(world, code) : code;
    }

    /// A result that did not arrive is no result, whatever it was: a full disk, a reader that went away.
    private static int unwritten(World world, int code) {
        world.err()
                .println("agentroles: the result could not be written to standard output; it is not whole; what the"
                        + " command did is done");
        boolean good = code == Exit.CLEAN.code() || code == Exit.PENDING.code();
        return good ? Exit.ERROR.code() : code;
    }

    private static Optional<String> chosen(List<String> arguments) {
        return arguments.stream().findFirst().filter(COMMANDS::containsKey);
    }

    private static CommandLine only(World world, String name) {
        var line = root(world);
        line.addSubcommand(
                name, Objects.requireNonNull(COMMANDS.get(name), name).apply(world));
        return settled(world, line);
    }

    /// With every command: for help, for completion, for a word that is no command.
    static CommandLine whole(World world) {
        var line = root(world);
        COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.apply(world)));
        return settled(world, line);
    }

    private static CommandLine root(World world) {
        var line = new CommandLine(new Root());
        line.getCommandSpec().version("agentroles " + world.version());
        return line;
    }

    private static CommandLine settled(World world, CommandLine line) {
        line.getCommandSpec().mixinStandardHelpOptions(true);
        each(line.getSubcommands().values(), sub -> sub.getCommandSpec().mixinStandardHelpOptions(true));
        line.setOut(new PrintWriter(world.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(world.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        line.setUsageHelpAutoWidth(false);
        // A reason may come from a ticket, and what stands after -- is another program's.
        line.setExpandAtFiles(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((wrong, arguments) -> usage(world, wrong, arguments));
        line.setExecutionExceptionHandler((failed, at, _) -> failure(world, failed, at));
        return line;
    }

    /// Those below them, too.
    private static void each(Collection<CommandLine> lines, Consumer<CommandLine> work) {
        lines.forEach(line -> {
            work.accept(line);
            each(line.getSubcommands().values(), work);
        });
    }

    private static int usage(World world, ParameterException wrong, String[] arguments) {
        var help = wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help says how it is used";
        if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched) {
            world.err().println("agentroles: " + unmatched(unmatched, help));
        } else {
            world.err().println("agentroles: " + wrong.getMessage());
            world.err().println(help);
        }
        if (wrong.getCommandLine().getCommandName().equals("exec")
                && !List.of(arguments).contains("--")) {
            world.err()
                    .println(
                            "the program and its options stand after --: agentroles exec FILE --agent NAME -- PROGRAM");
        }
        return Exit.USAGE.code();
    }

    /// Whatever follows a mistyped option, its value or the profile, is not understood either and not at fault.
    private static Problem unmatched(CommandLine.UnmatchedArgumentException wrong, String help) {
        var options = wrong.getCommandLine().getCommandSpec().optionsMap().keySet();
        return wrong.getUnmatched().stream()
                .filter(word -> word.startsWith("-") && word.length() > 1)
                .map(word -> word.replaceFirst("=.*", ""))
                .findFirst()
                .map(option -> Problem.of("there is no option \"" + option + "\"")
                        .remedy(Nearest.question(option, options).orElse(help)))
                .orElseGet(() -> surplus(wrong.getUnmatched().getFirst(), wrong.getCommandLine(), help));
    }

    /// A group of commands takes no word but their names.
    private static Problem surplus(String word, CommandLine line, String help) {
        var commands = line.getSubcommands().keySet();
        return commands.isEmpty()
                ? Problem.of("\"" + word + "\" is one word too many").remedy(help)
                : Problem.of("there is no command \"" + word + "\" of " + line.getCommandName())
                        .remedy(Nearest.question(word, commands).orElse(help));
    }

    private static int failure(World world, Exception failed, CommandLine at) {
        boolean verbose = at.getParseResult().hasMatchedOption("--verbose");
        if (failed instanceof Failure failure) {
            failure.problems().forEach(problem -> world.err().println("agentroles: " + problem));
            inJson(world, at, failure.exit(), failure.problems());
            if (verbose) {
                causes(failure).forEach(cause -> trace(world, cause));
            }
            return failure.exit().code();
        }
        // Nobody has looked whether its message holds a secret.
        var fault = Problem.of(
                "an error of the program itself: " + failed.getClass().getSimpleName());
        world.err().println("agentroles: " + fault);
        if (verbose) {
            trace(world, failed);
        } else {
            world.err().println("with -v it says where; please report it");
        }
        inJson(world, at, Exit.ERROR, List.of(fault));
        return Exit.ERROR.code();
    }

    /// Of each of those that are told together.
    private static Stream<Throwable> causes(Failure failure) {
        return Stream.concat(Stream.of(failure), Stream.of(failure.getSuppressed()))
                .filter(Failure.class::isInstance)
                .flatMap(one -> Stream.ofNullable(one.getCause()));
    }

    /// What a server said is in it.
    private static void trace(World world, Throwable cause) {
        var text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        text.toString()
                .lines()
                .map(line -> Printable.line(line.replace("\t", "    ")))
                .forEach(world.err()::println);
    }

    /// `change run`: without the program's own name.
    private static String name(CommandLine line) {
        var name = line.getCommandSpec().qualifiedName();
        return name.substring(name.indexOf(' ') + 1);
    }

    private static void inJson(World world, CommandLine at, Exit exit, List<Problem> problems) {
        if (at.getCommand() instanceof ProfileCommand command) {
            command.common().failed(world, name(at), exit, problems);
        }
    }
}
