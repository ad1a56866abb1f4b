package dev.agentroles.report;

import java.util.Map;
import java.util.Optional;

/// The rules of access to a store.
public final class PolicyText {
    private PolicyText() {}

    /// @param changes of whoever runs schema changes; empty: the store holds nothing for that
    /// @param agents policies by agent
    public static String human(String environment, String tool, Optional<String> changes, Map<String, String> agents) {
        var text = new StringBuilder(tool);
        changes.ifPresent(policy -> text.append('\n').append(policy));
        agents.values().forEach(policy -> text.append('\n').append(policy));
        return text.append("\n# environment " + environment + ": " + (agents.size() + (changes.isPresent() ? 2 : 1))
                        + " policies; write each under a name of its own\n")
                .toString();
    }
}
