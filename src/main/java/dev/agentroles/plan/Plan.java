package dev.agentroles.plan;

import java.util.List;

/// What one run would change in one database, in the order it must happen.
///
/// Promises: the same profile and the same database give the same plan, byte for byte; a plan of no steps means
/// that nothing would be written; every step carries its reason.
///
/// @param database the entry's name in the profile
/// @param steps ordered: what is made before what uses it, privileges after guards, revokes before drops
/// @param fingerprint short hash over environment, database, server identity and steps; equal only if the steps
/// are, leases apart
public record Plan(String database, List<Step> steps, String fingerprint) {
    public Plan {
        steps = List.copyOf(steps);
    }

    /// Whether nothing has to be done.
    public boolean empty() {
        return steps.isEmpty();
    }
}
