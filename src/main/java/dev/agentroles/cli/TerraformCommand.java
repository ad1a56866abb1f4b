package dev.agentroles.cli;

import dev.agentroles.apply.Fingerprint;
import dev.agentroles.apply.Proposals;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Nearest;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.report.TerraformQuery;
import dev.agentroles.report.TerraformResult;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.OpenedDatabases;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "terraform",
        description = {
            "Answers Terraform's external data source: what plan finds, as a flat object of strings.",
            "Reads {\"profile\": FILE} on standard input, with \"database\" where only one of the profile is meant. Writes"
                    + " nothing anywhere, needs what plan needs, and tells no secret.",
            "Ends with 0 also when changes are pending. Whatever fails ends with 1 and a message, and has no result:"
                    + " Terraform knows no other codes."
        })
final class TerraformCommand extends Task implements Callable<Integer> {
    TerraformCommand(World world) {
        super(world);
    }

    @Override
    public Integer call() {
        try {
            world().out().print(result(query()));
            world().out().flush();
            return Exit.CLEAN.code();
        } catch (Failure failure) {
            throw new Failure(Exit.ERROR, failure.problems());
        }
    }

    private TerraformQuery query() {
        if (world().terminal().isPresent()) {
            throw Failure.usage(Problem.of("agentroles terraform is asked by Terraform, on standard input")
                    .remedy("for a person: agentroles plan FILE; to try it: echo '{\"profile\": \"FILE\"}' |"
                            + " agentroles terraform"));
        }
        try {
            return TerraformQuery.read(world().in().readNBytes(TerraformQuery.LONGEST + 1));
        } catch (IOException broken) {
            throw Failure.error(Problem.of("standard input cannot be read: " + broken.getMessage()));
        }
    }

    private String result(TerraformQuery query) {
        var profile = profile(query.profile());
        try (var workspace = workspace(profile);
                var databases = OpenedDatabases.all(workspace, entries(profile, query), this::compare)) {
            var proposals = new Proposals(databases, world().clock()).all();
            var obstacles = proposals.stream()
                    .flatMap(proposal -> proposal.obstacles().stream())
                    .toList();
            if (!obstacles.isEmpty()) {
                throw new Failure(Exit.ERROR, obstacles);
            }
            proposals.stream().flatMap(proposal -> proposal.refused().stream()).forEach(why -> say("note: " + why));
            boolean frozen = databases.all().stream().anyMatch(TerraformCommand::isFrozen);
            return TerraformResult.of(profile, proposals, Fingerprint.of(proposals), frozen);
        }
    }

    private static List<Profile.DatabaseEntry> entries(Profile profile, TerraformQuery query) {
        var known = profile.databases();
        if (query.database().isEmpty()) {
            return List.copyOf(known.values());
        }
        var name = query.database().get();
        var entry = known.get(name);
        if (entry == null) {
            var problem = Problem.of(profile.source() + " has no database \"" + name + "\"");
            throw Failure.usage(
                    problem.remedy(Nearest.question(name, known.keySet()).orElseGet(() -> few(known.keySet()))));
        }
        return List.of(entry);
    }

    private static boolean isFrozen(OpenedDatabase database) {
        try {
            return database.freeze().isPresent();
        } catch (SQLException said) {
            throw database.failure(said);
        }
    }
}
