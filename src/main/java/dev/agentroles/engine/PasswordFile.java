package dev.agentroles.engine;

import dev.agentroles.access.Secret;
import java.util.Map;

/// A login for programs that read the password from a file of its owner's.
///
/// @param variable in which they look for the file's name
/// @param content of the file
/// @param environment the rest, without the password
public record PasswordFile(String variable, Secret content, Map<String, String> environment) {
    public PasswordFile {
        environment = Map.copyOf(environment);
    }
}
