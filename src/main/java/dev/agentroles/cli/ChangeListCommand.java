package dev.agentroles.cli;

import dev.agentroles.change.Changes;
import dev.agentroles.problem.Exit;
import dev.agentroles.report.ChangeJson;
import dev.agentroles.report.ChangeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = {
            "Lists what agents asked for and nobody has finished, newest first.",
            "Ends with 2 while one waits for a decision or its end was not seen, for a scheduler to tell."
        })
final class ChangeListCommand extends LifeCommand {
    private static final int MOST = 10_000;

    @Option(names = "--all", description = "Also what is over.")
    private boolean all;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "100",
            description = "Only the newest N of each database; ${DEFAULT-VALUE} if not given.")
    private int last = 100;

    ChangeListCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        mustBeWithin("--last", last, 1, MOST);
        var profile = profile();
        try (var workspace = workspace(profile)) {
            var results = onEach(workspace, database -> new Changes(database, world().means()).list(!all, last));
            common().result(
                            world(),
                            common().json()
                                    ? ChangeJson.list(profile.source(), profile.environment(), results)
                                    : new ChangeText(common().paint(world())).list(results, file()));
            var end = end(results, _ -> true);
            return end == Exit.CLEAN && ChangeText.somethingWaits(results) ? Exit.PENDING : end;
        }
    }
}
