package dev.agentroles.engine;

import java.util.List;

/// Something that a role can do to the server, beside what it holds on objects.
///
/// @param what in the server's words: `CREATEROLE`, `FILE, PROCESS on *.*`, `role pg_read_server_files`
/// @param path from the role outwards, as in [Holding#path]
public record ServerPower(String what, List<String> path) {
    public ServerPower {
        path = List.copyOf(path);
    }
}
