package dev.agentroles.access;

/// A tier role or an agent role of ours. Leases are roles, too, but live in the ledger and come and go by
/// themselves.
public record Role(RoleName name, Mark mark, Attributes attributes) {}
