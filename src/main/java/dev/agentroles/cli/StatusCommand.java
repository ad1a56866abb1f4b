package dev.agentroles.cli;

import dev.agentroles.apply.AgentStatus;
import dev.agentroles.problem.Exit;
import dev.agentroles.report.StatusText;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = {
            "Shows the agents of a profile, their leases, sessions and ends, who stopped what, and what is owed.",
        })
final class StatusCommand extends ProfileCommand {
    /// ECMA-48: the cursor goes home, and what is below it goes.
    private static final String REDRAW = "\u001b[H\u001b[J";

    @Option(
            names = "--watch",
            paramLabel = "SECONDS",
            arity = "0..1",
            fallbackValue = "2",
            description = "Look again and redraw, every two seconds if no number is given, until interrupted.")
    private @Nullable Integer watch;

    StatusCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        var profile = profile();
        try (var workspace = workspace(profile);
                var databases = new OpenedDatabases(workspace, world().clock(), this::compareClocks)) {
            if (watch == null) {
                common().result(world(), text(profile.source(), look(databases)));
                return Exit.CLEAN;
            }
            while (true) {
                var text = text(profile.source(), look(databases));
                common().result(world(), world().terminal().isPresent() ? REDRAW + text : text);
                Thread.sleep(Duration.ofSeconds(Math.max(1, watch)));
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
