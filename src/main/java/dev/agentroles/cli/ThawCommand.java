package dev.agentroles.cli;

import dev.agentroles.life.Ends;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.report.EndsJson;
import dev.agentroles.report.EndsText;
import dev.agentroles.workspace.Result;
import dev.agentroles.workspace.Workspace;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "thaw",
        description = {
            "Ends a freeze, or with --agent the revocation of one agent; apply or rotate then issue logins again.",
            "Asks for the environment's name; without a terminal it needs --yes and --environment."
        })
final class ThawCommand extends LifeCommand {
    @Option(names = "--agent", paramLabel = "NAME", description = "Only the revocation of this agent.")
    private @Nullable String agent;

    @Option(names = "--yes", description = "Do it without asking; needs --environment.")
    private boolean yes;

    @Option(
            names = "--environment",
            paramLabel = "NAME",
            description = "The environment that is meant; needed with --yes.")
    private @Nullable String environment;

    ThawCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        var profile = profile();
        try (var workspace = workspace(profile)) {
            if (agent != null) {
                mustBeKnown(workspace, agent);
            }
            confirm(profile);
            var results = thaw(workspace);
            common().result(
                            world(),
                            common().json()
                                    ? EndsJson.thaw(profile.source(), profile.environment(), results)
                                    : new EndsText(common().paint(world()))
                                            .thawed(Optional.ofNullable(agent), results));
            return end(
                    results,
                    report -> report.map(thawed -> thawed.failed().isEmpty()).orElse(true));
        }
    }

    private List<Result<Optional<Ends.Thawed>>> thaw(Workspace workspace) {
        var ends = ends(workspace);
        try (var _ = world().ending().amid("thaw")) {
            return databases(workspace).runWhereApplied(database -> {
                compareClocks(database);
                return ends.thaw(database, Optional.ofNullable(agent));
            });
        }
    }

    private void confirm(Profile profile) {
        var name = profile.environment();
        boolean another = environment != null && !environment.equals(name);
        var said = yes || another
                ? Optional.ofNullable(environment)
                : world().terminal()
                        .flatMap(terminal -> terminal.ask(
                                "This lets agents log in again. Type the name of the" + " environment to go on: "));
        if (!said.filter(name::equals).isPresent()) {
            throw Failure.refused(Problem.of("nothing was thawed: the environment of " + profile.source() + " is "
                            + name + ", and "
                            + said.map(text -> "\"" + text + "\" was said").orElse("it was not named"))
                    .remedy("type its name, or give --yes --environment " + name));
        }
    }
}
