package dev.agentroles.cli;

import dev.agentroles.apply.AgentStatus;
import dev.agentroles.problem.Exit;
import dev.agentroles.report.StatusText;
import java.sql.SQLException;
import java.util.ArrayList;
import picocli.CommandLine.Command;

@Command(name = "status", description = "Shows the agents of a profile, their leases and when these end.")
final class StatusCommand extends ProfileCommand {
    StatusCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        var profile = profile();
        try (var workspace = workspace(profile);
                var databases = new OpenedDatabases(workspace, world().clock())) {
            var all = new ArrayList<AgentStatus>();
            for (var database : databases.all()) {
                try {
                    all.add(AgentStatus.of(database, world().clock()));
                } catch (SQLException said) {
                    throw database.failure(said);
                }
            }
            common().result(
                            world(),
                            common().json()
                                    ? StatusText.json(profile.source(), all)
                                    : new StatusText(common().paint(world())).human(all));
            return Exit.CLEAN;
        }
    }
}
