package dev.agentroles.cli;

import dev.agentroles.apply.AgentStatus;
import dev.agentroles.problem.Exit;
import dev.agentroles.report.StatusText;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description =
                "Shows the agents of a profile, their leases, sessions and ends, who stopped what, and what is owed.")
final class StatusCommand extends ProfileCommand {
    /// ECMA-48: the cursor goes home, and what is below it goes.
    private static final String REDRAW = "\u001b[H\u001b[J";

    @Option(names = "--watch", description = "Look again and redraw until interrupted.")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How long --watch waits before it looks again; ${DEFAULT-VALUE} if not given.")
    private int interval = 2;

    StatusCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        mustBeWithin("--interval", interval, 1, 86_400);
        var profile = profile();
        try (var workspace = workspace(profile);
                var databases = new OpenedDatabases(workspace, world().clock(), this::compareClocks)) {
            if (!watch) {
                common().result(world(), text(profile.source(), look(databases)));
                return Exit.CLEAN;
            }
            while (true) {
                var text = text(profile.source(), look(databases));
                common().result(world(), world().terminal().isPresent() ? REDRAW + text : text);
                Thread.sleep(Duration.ofSeconds(interval));
            }
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
            return Exit.CLEAN;
        }
    }

    private List<AgentStatus> look(OpenedDatabases databases) {
        var all = new ArrayList<AgentStatus>();
        for (var database : databases.all()) {
            try {
                all.add(AgentStatus.of(database, world().clock()));
            } catch (SQLException said) {
                throw database.failure(said);
            }
        }
        return all;
    }

    private String text(String profile, List<AgentStatus> all) {
        return common().json() ? StatusText.json(profile, all) : new StatusText(common().paint(world())).human(all);
    }
}
