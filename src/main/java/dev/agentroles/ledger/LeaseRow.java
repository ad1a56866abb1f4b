package dev.agentroles.ledger;

import dev.agentroles.access.Lease;

/// A lease, what it is for, and where in the secret store it is, or was to be, published.
///
/// @param storePath also of one that is never published: where the agent's own stands
public record LeaseRow(Lease lease, Purpose purpose, String storePath) {
    /// What a lease is for. Stored by name.
    public enum Purpose {
        /// Published, for the agent to read.
        AGENT,
        /// For the life of one program; never published.
        PROGRAM,
        /// For a trial of agentroles itself; never published, and issued even while agents are stopped.
        PROBE
    }
}
