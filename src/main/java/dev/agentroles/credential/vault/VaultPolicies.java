package dev.agentroles.credential.vault;

import dev.agentroles.credential.StorePath;
import dev.agentroles.credential.StorePolicies;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// The smallest policies that work, in Vault's own language, to be written with `bao policy write NAME -`.
/// Each capability was proven necessary by leaving it out.
///
/// @param mount of the KV version 2 secrets engine
public record VaultPolicies(String mount) implements StorePolicies {
    @Override
    public String ofTool(StorePath folder, Collection<StorePath> fields) {
        var rules = new StringBuilder("# agentroles itself, for the leases below " + folder + "\n")
                .append("# data: publish a lease, and read back what was published\n")
                .append(rule(mount + "/data/" + folder + "/*", List.of("create", "update", "read")))
                .append("\n# metadata: set the expiry before the data, list, and remove what nobody uses any more\n")
                .append(rule(mount + "/metadata/" + folder + "/*", List.of("create", "update", "list", "delete")))
                .append("\n# destroy: erase a revoked login for good\n")
                .append(rule(mount + "/destroy/" + folder + "/*", List.of("update")))
                .append('\n');
        if (!fields.isEmpty()) {
            rules.append("# values of the profile that stand in this Vault\n");
            rules.append(readOnly(fields));
        }
        return rules.toString();
    }

    @Override
    public String ofChanges(Collection<StorePath> fields) {
        return "# whoever runs agentroles change: reads the logins of administrators and of the schemas' owners\n"
                + readOnly(fields);
    }

    @Override
    public String ofAgent(String agent, Collection<StorePath> leases) {
        return "# the agent " + agent + ": reads its own leases and nothing else\n" + readOnly(leases);
    }

    /// One rule, on one line.
    static String rule(String path, List<String> capabilities) {
        return "path \"" + path + "\" { capabilities = ["
                + capabilities.stream().map(word -> "\"" + word + "\"").collect(Collectors.joining(", ")) + "] }";
    }

    private String readOnly(Collection<StorePath> paths) {
        return paths.stream()
                .sorted()
                .map(path -> rule(mount + "/data/" + path, List.of("read")) + "\n")
                .collect(Collectors.joining());
    }
}
