package dev.agentroles.credential;

import java.util.Set;

/// The server on which logins are issued, and those whose place it takes or that take its place: what one of
/// them published, the others must not take for a stranger's.
///
/// @param server its identity
/// @param places the identities that the profile lists for the database; empty where it lists none
public record Home(String server, Set<String> places) {
    public Home {
        places = Set.copyOf(places);
    }

    /// Whether a secret comes from here.
    boolean published(LeaseSecret secret) {
        // Secrets of earlier versions do not say from where they come.
        return secret.server().isEmpty() || secret.server().equals(server) || places.contains(secret.server());
    }
}
