package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import dev.agentroles.report.EndsJson;
import dev.agentroles.report.EndsText;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "revoke",
        description = {
            "Stops one agent now: no new login, open sessions ended, secrets deleted.",
            "Asks nothing, waits for nobody, and needs no Vault: what cannot be erased now is owed to reap.",
            "The agent is issued no login until agentroles thaw --agent; the others go on."
        })
final class RevokeCommand extends LifeCommand {
    @Option(names = "--agent", paramLabel = "NAME", required = true, description = "The agent.")
    private String agent = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "no reason was given",
            description = "Why; whoever looks for the agent's login reads it.")
    private String reason = "";

    RevokeCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        mustSayWhy(reason);
        var profile = profile();
        try (var workspace = workspace(profile)) {
            mustBeKnown(workspace, agent);
            var ends = ends(workspace);
            var results = stop("revoke", workspace, database -> ends.revoke(database, agent, reason));
            common().result(
                            world(),
                            common().json()
                                    ? EndsJson.stop("revoke", profile.source(), profile.environment(), results)
                                    : new EndsText(common().paint(world())).stopped(Optional.of(agent), results));
            return stopped(results);
        }
    }
}
