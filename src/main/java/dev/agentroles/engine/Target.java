package dev.agentroles.engine;

import dev.agentroles.access.Secret;

/// How to reach one database.
///
/// @param name of the profile's entry, for messages
/// @param url JDBC URL without credentials
public record Target(String name, String url, String username, Secret password) {
    public Target as(String otherUsername, Secret otherPassword) {
        return new Target(name, url, otherUsername, otherPassword);
    }
}
