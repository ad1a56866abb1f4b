package dev.agentroles.cli;

import dev.agentroles.apply.Fingerprint;
import dev.agentroles.apply.Proposals;
import dev.agentroles.problem.Exit;
import dev.agentroles.report.PlanJson;
import dev.agentroles.report.PlanText;
import dev.agentroles.workspace.OpenedDatabases;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "plan",
        description = {
            "Shows what apply would do, one line a change with its reason; writes nothing.",
            "Ends with 2 when changes are pending, with 1 when they cannot be applied as it stands, with 3 when an agent can"
                    + " be issued no login for safety."
        })
final class PlanCommand extends ProfileCommand {
    @Option(names = "--sql", description = "Show the statements, too.")
    private boolean sql;

    PlanCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        var profile = profile();
        try (var workspace = workspace(profile);
                var databases = OpenedDatabases.all(workspace, this::compare)) {
            var proposals = new Proposals(databases, world().clock()).all();
            var fingerprint = Fingerprint.of(proposals);
            common().result(
                            world(),
                            common().json()
                                    ? PlanJson.plan(profile.source(), profile.environment(), proposals, fingerprint)
                                    : new PlanText(common().paint(world()), common().verbose(), sql)
                                            .render(proposals, fingerprint));
            frozen(databases);
            if (proposals.stream().anyMatch(proposal -> !proposal.obstacles().isEmpty())) {
                return Exit.ERROR;
            }
            if (proposals.stream().anyMatch(proposal -> !proposal.refused().isEmpty())) {
                return Exit.REFUSED;
            }
            return proposals.stream().allMatch(proposal -> proposal.plan().empty()) ? Exit.CLEAN : Exit.PENDING;
        }
    }

    private void frozen(OpenedDatabases databases) {
        for (var database : databases.all()) {
            try {
                database.freeze()
                        .ifPresent(freeze -> say("note: " + database.entry().name() + " is frozen " + freeze.words()
                                + "; apply will refuse until agentroles thaw"));
            } catch (SQLException said) {
                throw database.failure(said);
            }
        }
    }
}
