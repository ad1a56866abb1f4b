package dev.agentroles.audit;

import dev.agentroles.access.Finding;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What both witnesses found in one database, before anything is waived.
///
/// @param database the entry's name in the profile
/// @param definitions hashes of what the agents' power relies on, by identity: for the ledger to remember
public record Verified(String database, List<Finding> findings, List<Probed> probes, Map<String, String> definitions) {
    public Verified {
        findings = List.copyOf(findings);
        probes = List.copyOf(probes);
        definitions = Map.copyOf(definitions);
    }

    /// The same with other findings.
    public Verified finding(List<Finding> others) {
        return new Verified(database, others, probes, definitions);
    }

    /// The same with more findings.
    public Verified and(List<Finding> more) {
        return finding(Stream.concat(findings.stream(), more.stream()).toList());
    }

    /// How much was tried as one agent.
    ///
    /// @param relations of the database
    /// @param sampled how many of them were tried
    /// @param attempts statements in all
    public record Probed(String agent, int relations, int sampled, int attempts) {}
}
