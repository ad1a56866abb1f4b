package dev.agentroles.audit;

import dev.agentroles.access.Finding;
import java.util.List;

/// What both witnesses found in one database, before anything is waived.
///
/// @param database the entry's name in the profile
public record Verified(String database, List<Finding> findings, List<Probed> probes) {
    public Verified {
        findings = List.copyOf(findings);
        probes = List.copyOf(probes);
    }

    /// How much was tried as one agent.
    ///
    /// @param relations of the database
    /// @param sampled how many of them were tried
    /// @param attempts statements in all
    public record Probed(String agent, int relations, int sampled, int attempts) {}
}
