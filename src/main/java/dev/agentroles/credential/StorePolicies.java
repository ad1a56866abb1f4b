package dev.agentroles.credential;

import java.util.Collection;

/// The smallest rules of access to a store by which everything works, in the store's own language.
public interface StorePolicies {
    /// For the tool itself, in one environment.
    ///
    /// @param folder below which the environment's leases stand
    /// @param fields other secrets that the profile reads, such as the administrators' passwords
    String ofTool(StorePath folder, Collection<StorePath> fields);

    /// For whoever tries and runs schema changes, beside nothing of the tool's own.
    ///
    /// @param fields the secrets that this reads: administrators' and owners' passwords
    String ofChanges(Collection<StorePath> fields);

    /// For one agent: its own leases and nothing else.
    String ofAgent(String agent, Collection<StorePath> leases);
}
