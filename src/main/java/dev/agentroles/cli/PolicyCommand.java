package dev.agentroles.cli;

import dev.agentroles.apply.Workspace;
import dev.agentroles.credential.StorePath;
import dev.agentroles.credential.StorePolicies;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.profile.Value;
import dev.agentroles.report.PolicyText;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

@Command(
        name = "policy",
        description = {
            "Prints the smallest Vault policies that work: one for agentroles itself, one for each agent.",
            "Logs in nowhere. Write one with: bao policy write NAME -"
        })
final class PolicyCommand extends ProfileCommand {
    PolicyCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        var profile = profile();
        var policies = world().stores()
                .policies(profile)
                .orElseThrow(() -> Failure.error(Problem.at(
                                profile.store().at(), "this store has no policies: whoever has its key reads all of it")
                        .remedy("guard the key; a profile with vault: has policies")));
        var tool = policies.ofTool(Workspace.folder(profile), fields(profile));
        var agents = agents(profile, policies);
        common().result(
                        world(),
                        common().json()
                                ? PolicyText.json(profile.source(), profile.environment(), tool, agents)
                                : PolicyText.human(profile.environment(), tool, agents));
        return Exit.CLEAN;
    }

    /// By agent.
    private static Map<String, String> agents(Profile profile, StorePolicies policies) {
        var texts = new LinkedHashMap<String, String>();
        for (var agent : profile.agents().keySet()) {
            var leases = profile.databases().values().stream()
                    .filter(entry -> profile.agentsOf(entry.name()).stream()
                            .anyMatch(one -> one.name().equals(agent)))
                    .map(entry -> Workspace.path(profile, entry, agent))
                    .toList();
            texts.put(agent, policies.ofAgent(agent, leases));
        }
        return texts;
    }

    private static Collection<StorePath> fields(Profile profile) {
        return profile.databases().values().stream()
                .flatMap(Profile.DatabaseEntry::values)
                .flatMap(value -> value instanceof Value.Vault(var path, var _, var _)
                        ? Optional.of(new StorePath(path)).stream()
                        : Stream.empty())
                .collect(Collectors.toSet());
    }
}
