package dev.agentroles.profile;

import dev.agentroles.access.Tier;
import java.util.Set;

/// What the reader must know of an engine to judge a profile without a network.
///
/// @param roleNameBytes the longest role name the engine keeps, in bytes
/// @param tiers that the engine can hold an agent to
/// @param hardening words of `harden` that the engine has a cure for
/// @param hosts whether a login says from where it may come
/// @param keepsExpiry whether the server itself refuses a login after its end
/// @param defaultPrivileges whether the server can grant on what does not exist yet
/// @param url what a connection URL must look like
/// @param verifying the parameter of a URL by which the driver verifies the server's certificate and name
/// @param findings codes of all that a verification can find
public record EngineTerms(
        int roleNameBytes,
        Set<Tier> tiers,
        Set<String> hardening,
        boolean hosts,
        boolean keepsExpiry,
        boolean defaultPrivileges,
        UrlRule url,
        String verifying,
        Set<String> findings) {
    public EngineTerms {
        tiers = Set.copyOf(tiers);
        hardening = Set.copyOf(hardening);
        findings = Set.copyOf(findings);
    }
}
