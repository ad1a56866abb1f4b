package dev.agentroles.engine;

import dev.agentroles.access.RoleName;
import java.util.List;

/// An account or role that the server has, ours or another's.
///
/// @param hosts from where it may come, sorted, where the server keeps that with the account; empty where it does not
public record Account(RoleName name, List<String> hosts) {
    public Account {
        hosts = List.copyOf(hosts);
    }
}
