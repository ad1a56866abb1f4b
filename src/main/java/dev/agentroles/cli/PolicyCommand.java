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
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "policy",
        description = {
            "Prints the smallest Vault policies that work: one for agentroles itself, one for each agent.",
            "Logs in nowhere. With --admin or --agent it prints exactly one.",
            "Example: agentroles policy prod.yaml --agent bot | bao policy write bot -"
        })
final class PolicyCommand extends ProfileCommand {
    @Option(names = "--agent", paramLabel = "NAME", description = "Only the policy of this agent.")
    private @Nullable String agent;

    @Option(names = "--admin", description = "Only the policy of agentroles itself.")
    private boolean admin;

    PolicyCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        if ((admin || agent != null) && (common().json() || (admin && agent != null))) {
            throw Failure.usage(Problem.of("--admin, --agent and --format json exclude each other")
                    .remedy("give one of them; JSON has all policies by name"));
        }
        var profile = profile();
        if (agent != null) {
            mustKnow(profile, agent);
        }
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
                                : human(profile, tool, agents));
        return Exit.CLEAN;
    }

    private String human(Profile profile, String tool, Map<String, String> agents) {
        if (admin) {
            return tool;
        }
        return Optional.ofNullable(agent)
                .map(name -> Objects.requireNonNull(agents.get(name)))
                .orElseGet(() -> PolicyText.human(profile.environment(), tool, agents));
    }

    /// By agent.
    private static Map<String, String> agents(Profile profile, StorePolicies policies) {
        var texts = new LinkedHashMap<String, String>();
        for (var agent : profile.agents().keySet()) {
            var leases = profile.databasesOf(agent).stream()
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
