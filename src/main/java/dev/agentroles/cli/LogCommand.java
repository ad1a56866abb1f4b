package dev.agentroles.cli;

import dev.agentroles.life.LoggedEntry;
import dev.agentroles.problem.Exit;
import dev.agentroles.profile.Profile;
import dev.agentroles.report.LogJson;
import dev.agentroles.report.LogText;
import dev.agentroles.workspace.Result;
import dev.agentroles.workspace.Workspace;
import java.io.IOException;
import java.io.PrintStream;
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
            var results = common().result(world(), out -> {
                var lines = new Lines(out);
                var read = read(workspace, lines);
                lines.mustBeWhole();
                mustHaveBeenKnown(profile, read);
                return read;
            });
            return end(results, _ -> true);
        }
    }

    /// @return whether there was anything to read
    private List<Result<Boolean>> read(Workspace workspace, Lines lines) {
        var text = new LogText(common().paint(world()));
        return databases(workspace).runInTurn(database -> {
            compareClocks(database);
            var name = database.entry().name();
            int before = lines.count;
            LoggedEntry.each(
                    database,
                    Optional.ofNullable(agent),
                    last,
                    entry -> lines.add(common().json() ? LogJson.of(name, entry) : text.human(name, entry)));
            return lines.count > before;
        });
    }

    /// The journal remembers agents that the profile has no longer; a name that neither knows is a slip.
    private void mustHaveBeenKnown(Profile profile, List<Result<Boolean>> results) {
        boolean silent =
                results.stream().allMatch(result -> result instanceof Result.Done<Boolean> done && !done.report());
        if (agent != null && silent) {
            mustKnow(profile, agent);
        }
    }

    /// Where the entries go. That they cannot be written is no fault of the database that they are read from.
    private static final class Lines {
        /// Between two looks whether anybody still reads.
        private static final int SOME = 1_000;

        private final Appendable out;
        private int count;
        private boolean gone;
        private @Nullable IOException failed;

        Lines(Appendable out) {
            this.out = out;
        }

        /// @return whether another would be taken
        boolean add(String line) {
            if (gone || failed != null) {
                return false;
            }
            try {
                out.append(line);
            } catch (IOException full) {
                failed = full;
            }
            count++;
            gone = count % SOME == 0 && out instanceof PrintStream stream && stream.checkError();
            return !gone && failed == null;
        }

        void mustBeWhole() throws IOException {
            if (failed != null) {
                throw failed;
            }
        }
    }
}
