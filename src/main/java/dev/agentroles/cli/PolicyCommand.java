package dev.agentroles.cli;

import dev.agentroles.credential.StorePath;
import dev.agentroles.credential.StorePolicies;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.profile.Value;
import dev.agentroles.report.PolicyJson;
import dev.agentroles.report.PolicyText;
import dev.agentroles.workspace.Workspace;
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
            "Where the store holds the login of a schema's owner, one for agentroles change, too.",
            "Logs in nowhere. With --admin, --changes or --agent it prints exactly one.",
            "Example: agentroles policy prod.yaml --agent bot | bao policy write bot -"
        })
final class PolicyCommand extends ProfileCommand {
    @Option(names = "--agent", paramLabel = "NAME", description = "Only the policy of this agent.")
    private @Nullable String agent;

    @Option(names = "--admin", description = "Only the policy of agentroles itself.")
    private boolean admin;

    @Option(names = "--changes", description = "Only the policy of whoever runs agentroles change.")
    private boolean changes;

    PolicyCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        long chosen = Stream.of(admin, changes, agent != null, common().json())
                .filter(wanted -> wanted)
                .count();
        if (chosen > 1) {
            throw Failure.usage(Problem.of("--admin, --changes, --agent and --format json exclude each other")
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
        var tool = policies.ofTool(Workspace.folder(profile), fields(administrators(profile)));
        var ofChanges = ofChanges(profile, policies);
        var agents = agents(profile, policies);
        common().result(
                        world(),
                        common().json()
                                ? PolicyJson.of(profile.source(), profile.environment(), tool, ofChanges, agents)
                                : human(profile, tool, ofChanges, agents));
        return Exit.CLEAN;
    }

    private String human(Profile profile, String tool, Optional<String> ofChanges, Map<String, String> agents) {
        if (admin) {
            return tool;
        }
        if (changes) {
            return ofChanges.orElseThrow(() ->
                    Failure.error(Problem.of(profile.source() + " reads no login of a schema's owner from this store")
                            .remedy("give a database changes: {username: ..., password: {vault: path#field}}")));
        }
        return Optional.ofNullable(agent)
                .map(name -> Objects.requireNonNull(agents.get(name)))
                .orElseGet(() -> PolicyText.human(profile.environment(), tool, ofChanges, agents));
    }

    /// Empty where no login of an owner stands in the store.
    private static Optional<String> ofChanges(Profile profile, StorePolicies policies) {
        var owners = profile.databases().values().stream()
                .flatMap(entry -> entry.changes().stream())
                .flatMap(Profile.Changes::values)
                .toList();
        return fields(owners.stream()).isEmpty()
                ? Optional.empty()
                : Optional.of(policies.ofChanges(fields(Stream.concat(administrators(profile), owners.stream()))));
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

    private static Stream<Value> administrators(Profile profile) {
        return profile.databases().values().stream().flatMap(Profile.DatabaseEntry::values);
    }

    private static Collection<StorePath> fields(Stream<Value> values) {
        return values.flatMap(value -> value instanceof Value.Vault(var path, var _, var _)
                        ? Optional.of(new StorePath(path)).stream()
                        : Stream.empty())
                .collect(Collectors.toSet());
    }
}
