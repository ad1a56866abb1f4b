package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import dev.agentroles.report.EndsJson;
import dev.agentroles.report.EndsText;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "freeze",
        description = {
            "Stops all agents of the environment now: no new login, open sessions ended, secrets deleted.",
            "Asks nothing, waits for nobody, and needs no Vault: what cannot be erased now is owed to reap.",
            "Until thaw, apply, rotate and exec refuse."
        })
final class FreezeCommand extends LifeCommand {
    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why; whoever is refused afterwards reads it.")
    private String reason = "";

    FreezeCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        mustSayWhy(reason);
        var profile = profile();
        try (var workspace = workspace(profile)) {
            var ends = ends(workspace);
            var results = stop("freeze", workspace, database -> {
                database.freeze()
                        .ifPresent(
                                was -> say("note: " + database.entry().name() + " was frozen already " + was.words()));
                return ends.freeze(database, reason);
            });
            common().result(
                            world(),
                            common().json()
                                    ? EndsJson.stop("freeze", profile.source(), profile.environment(), results)
                                    : new EndsText(common().paint(world())).stopped(Optional.empty(), results));
            return stopped(results);
        }
    }
}
