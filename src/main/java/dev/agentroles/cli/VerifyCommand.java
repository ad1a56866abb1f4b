package dev.agentroles.cli;

import dev.agentroles.access.Severity;
import dev.agentroles.problem.Exit;
import dev.agentroles.report.FindingsJson;
import dev.agentroles.report.FindingsText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description = {
            "Proves what each agent can really do: from the catalogs, and by trying as the agent.",
            "Ends with 2 when it finds something at or above --fail-on."
        })
final class VerifyCommand extends ProfileCommand {
    @Option(
            names = "--fail-on",
            paramLabel = "critical|high|medium|low",
            defaultValue = "low",
            description = "The mildest finding that ends with 2; ${DEFAULT-VALUE} if not given.")
    private Severity failOn = Severity.LOW;

    @Option(
            names = "--no-probes",
            description = "Ask the catalogs only; makes no login, so that nothing is written to the database.")
    private boolean noProbes;

    @Option(
            names = "--accept-definitions",
            description = "Accept views, functions and policies that changed as they are now.")
    private boolean accept;

    VerifyCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        var profile = profile();
        try (var workspace = workspace(profile);
                var databases = new OpenedDatabases(workspace, world().clock())) {
            var proposals = databases.propose();
            var report = new Verifications(world(), databases, !noProbes, true, accept, this::say).run(proposals);
            common().result(
                            world(),
                            common().json()
                                    ? FindingsJson.of(profile.source(), profile.environment(), report, failOn)
                                    : new FindingsText(common().paint(world()), common().verbose()).render(report));
            return report.fails(failOn) ? Exit.PENDING : Exit.CLEAN;
        }
    }
}
