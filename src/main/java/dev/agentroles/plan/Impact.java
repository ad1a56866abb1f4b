package dev.agentroles.plan;

/// Whom a change affects and in which direction. Plans name the first ones first and ask about them apart.
public enum Impact {
    /// Users who are not agents.
    OTHERS,
    /// An agent can do more.
    WIDENS,
    /// An agent can do less.
    NARROWS,
    /// Nobody can do more or less: the tool's own housekeeping.
    KEEPS
}
