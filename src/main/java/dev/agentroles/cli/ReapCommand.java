package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import dev.agentroles.report.EndsJson;
import dev.agentroles.report.EndsText;
import picocli.CommandLine.Command;

@Command(
        name = "reap",
        description = {
            "Ends what is over, in the databases and in the store.",
            "That is: sessions and logins of leases that have expired, logins that nobody was told of, secrets whose"
                    + " login is gone, sessions longer than max_session, and work that was owed.",
            "Ends with 4 while something is still owed; run it again, best every few minutes."
        })
final class ReapCommand extends LifeCommand {
    ReapCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        var profile = profile();
        try (var workspace = workspace(profile)) {
            var ends = ends(workspace);
            var results = onEachCompared(workspace, ends::reap);
            common().result(
                            world(),
                            common().json()
                                    ? EndsJson.reap(profile.source(), profile.environment(), results)
                                    : new EndsText(common().paint(world())).reaped(results));
            return end(
                    results,
                    reaped -> reaped.failed().isEmpty() && reaped.owed().isEmpty());
        }
    }
}
