package dev.agentroles.engine.mysql;

/// What one product of the family says in its own way. Everything else in this room is the same for all of them.
sealed interface Dialect permits MySqlDialect, MariaDbDialect {
    /// As the profile writes the engine: `mysql`.
    String engine();

    /// As people write it: `MySQL`.
    String product();
}
