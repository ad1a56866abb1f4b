package dev.agentroles.cli;

import dev.agentroles.life.Rotator;
import dev.agentroles.life.Rotator.Turn;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.report.RotationJson;
import dev.agentroles.report.RotationText;
import dev.agentroles.workspace.Result;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "rotate",
        description = {
            "Gives each agent that is due a new lease; the one before it ends after the overlap.",
            "Due: two thirds of its time are over, less than the overlap is left, or it does not work any more.",
            "Safe to run every minute, on several machines at once.",
            "Told to end by a signal, it finishes the agents that it has begun with; exits with 128 and its number."
        })
final class RotateCommand extends LifeCommand {
    @Option(names = "--all", description = "Every agent, due or not.")
    private boolean all;

    @Option(names = "--agent", paramLabel = "NAME", description = "This agent, due or not; may be given several times.")
    private List<String> agents = List.of();

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many sessions to use on each database; ${DEFAULT-VALUE} if not given.")
    private int parallel = 4;

    RotateCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        mustBeWithin("--parallel", parallel, 1, 100);
        if (all && !agents.isEmpty()) {
            throw Failure.usage(Problem.of("--all and --agent exclude each other")
                    .remedy("give one of them; an agent that is named is rotated, due or not"));
        }
        var profile = profile();
        agents.forEach(agent -> mustKnow(profile, agent));
        try (var _ = world().ending().begin();
                var workspace = workspace(profile)) {
            var databases = databases(workspace);
            var rotator = new Rotator(
                    databases,
                    world().means(),
                    parallel,
                    notice -> say("note: " + notice),
                    world().terminal().isPresent() ? this::progress : _ -> {},
                    world().ending()::isNear);
            Predicate<String> chosen = agent -> agents.isEmpty() || agents.contains(agent);
            var results =
                    onEachCompared(workspace, database -> rotator.rotate(database, chosen, all || !agents.isEmpty()));
            common().result(
                            world(),
                            common().json()
                                    ? RotationJson.of(profile.source(), profile.environment(), results)
                                    : new RotationText(common().paint(world()), common().verbose()).human(results));
            var exit = exit(results);
            world().out().flush();
            return exit;
        }
    }

    private Exit exit(List<Result<List<Turn>>> results) {
        var exit = end(
                results,
                turns ->
                        turns.stream().noneMatch(turn -> turn instanceof Turn.Failed || turn instanceof Turn.Overlong));
        var turns = results.stream()
                .flatMap(result ->
                        result instanceof Result.Done<List<Turn>> done ? done.report().stream() : Stream.<Turn>empty())
                .toList();
        boolean refused = turns.stream()
                .anyMatch(turn -> turn instanceof Turn.Failed(var _, var failure) && failure.exit() == Exit.REFUSED);
        if (refused || (!agents.isEmpty() && turns.stream().anyMatch(Turn.Revoked.class::isInstance))) {
            return Exit.REFUSED;
        }
        boolean nothing = turns.stream().allMatch(Turn.Failed.class::isInstance);
        return exit == Exit.PARTIAL && nothing ? Exit.ERROR : exit;
    }
}
