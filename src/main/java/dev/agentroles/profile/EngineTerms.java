package dev.agentroles.profile;

import dev.agentroles.access.Tier;
import java.util.Set;

/// What the reader must know of an engine to judge a profile without a network.
///
/// @param roleNameBytes the longest role name the engine keeps, in bytes
/// @param tiers that the engine can hold an agent to
/// @param hardening words of `harden` that the engine has a cure for
/// @param url what a connection URL must look like
public record EngineTerms(int roleNameBytes, Set<Tier> tiers, Set<String> hardening, UrlRule url) {
    public EngineTerms {
        tiers = Set.copyOf(tiers);
        hardening = Set.copyOf(hardening);
    }
}
