package dev.agentroles.ledger;

import dev.agentroles.access.Lease;

/// A lease and where in the secret store it is, or was to be, published.
public record LeaseRow(Lease lease, String storePath) {}
