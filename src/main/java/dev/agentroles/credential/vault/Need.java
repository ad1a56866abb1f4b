package dev.agentroles.credential.vault;

import java.util.List;

/// What a call is for and what a policy must allow for it, so that a refusal can say both.
///
/// @param purpose continues the sentence "Vault refused to ..."
/// @param path as a policy names it: `secret/data/agents/production/shop/bot`
record Need(String purpose, String path, List<String> capabilities) {
    Need {
        capabilities = List.copyOf(capabilities);
    }

    static Need of(String purpose, String path, String... capabilities) {
        return new Need(purpose, path, List.of(capabilities));
    }

    /// The line of a policy that allows it.
    String policyLine() {
        return VaultPolicies.rule(path, capabilities);
    }
}
