package dev.agentroles.cli;

import dev.agentroles.life.LoggedEntry;
import dev.agentroles.life.Result;
import dev.agentroles.problem.Exit;
import dev.agentroles.profile.Profile;
import dev.agentroles.report.LogText;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "log",
        description = {
            "Reads the journal: who did what, for which agent and lease, and how it ended; oldest first.",
            "With --format json each line is a document of its own. verify finds out whether it was tampered with."
        })
final class LogCommand extends LifeCommand {
    @Option(names = "--agent", paramLabel = "NAME", description = "Only what concerns this agent.")
    private @Nullable String agent;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "100",
            description = "Only the newest N entries of each database; ${DEFAULT-VALUE} if not given, 0 is all.")
    private int last = 100;

    LogCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        mustBeWithin("--last", last, 0, Integer.MAX_VALUE);
        var profile = profile();
        try (var workspace = workspace(profile)) {
            var results = onEach(workspace, database -> LoggedEntry.of(database, Optional.ofNullable(agent), last));
            mustHaveBeenKnown(profile, results);
            common().result(
                            world(),
                            common().json()
                                    ? LogText.lines(results)
                                    : new LogText(common().paint(world())).human(results));
            return end(results, _ -> true);
        }
    }

    /// The journal remembers agents that the profile has no longer; a name that neither knows is a slip.
    private void mustHaveBeenKnown(Profile profile, List<Result<List<LoggedEntry>>> results) {
        boolean silent = results.stream()
                .allMatch(result -> result instanceof Result.Done<List<LoggedEntry>> done
                        && done.report().isEmpty());
        if (agent != null && silent) {
            mustKnow(profile, agent);
        }
    }
}
