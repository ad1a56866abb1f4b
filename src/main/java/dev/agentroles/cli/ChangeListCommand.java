package dev.agentroles.cli;

import dev.agentroles.change.Changes;
import dev.agentroles.change.Dossier;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.report.ChangeJson;
import dev.agentroles.report.ChangeText;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
            description = "Only the newest N of each database; ${DEFAULT-VALUE} if not given, 10000 at most.")
    private int last = 100;

    ChangeListCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        if (last == 0) {
            throw Failure.usage(Problem.of("--last is 0, which is all of them, and at most " + MOST + " are listed")
                    .remedy("say how many; agentroles log has no such bound"));
        }
        mustBeWithin("--last", last, 1, MOST);
        var profile = profile();
        try (var workspace = workspace(profile)) {
            // What waits may be older than all that is shown.
            var waiting = new AtomicInteger();
            var results = onEach(workspace, database -> {
                var changes = new Changes(database, world().means());
                waiting.addAndGet(changes.undecided());
                return newest(database.entry().name(), all ? changes.all(last + 1) : changes.open(last + 1));
            });
            common().result(
                            world(),
                            common().json()
                                    ? ChangeJson.list(profile.source(), profile.environment(), results)
                                    : new ChangeText(common().paint(world()))
                                            .list(results, file(), common().columns(world())));
            var end = end(results, _ -> true);
            return end == Exit.CLEAN && waiting.get() > 0 ? Exit.PENDING : end;
        }
    }

    /// Agents that ask for much must not push out of sight what others asked for before.
    private List<Dossier> newest(String database, List<Dossier> found) {
        if (found.size() <= last) {
            return found;
        }
        say("note: only the newest " + last + " of database " + database + " are shown; --last says how many");
        return found.subList(0, last);
    }
}
