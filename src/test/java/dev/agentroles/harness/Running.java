package dev.agentroles.harness;

import java.util.function.Supplier;

/// A database server that answers.
///
/// @param name product, exact version and where it came from
/// @param address `jdbc:postgresql://host:port/`
/// @param parameters what follows the database in the URL, with its question mark
/// @param log reads all that it has logged so far
/// @param stop ends it, unless it is somebody else's
record Running(String name, String address, String parameters, Login superuser, Supplier<String> log, Runnable stop) {
    String url(String database) {
        return address + database + parameters;
    }
}
