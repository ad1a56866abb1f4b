package dev.agentroles.access;

/// How bad a finding is, worst first.
public enum Severity {
    /// The agent can take over the server or leave it.
    CRITICAL,
    /// The agent can change or read what its tier denies.
    HIGH,
    /// The agent has power beside its tier that does not reach data by itself.
    MEDIUM,
    /// A limit or a promise is weaker than declared.
    LOW,
    /// Worth knowing; never fails a run.
    INFO
}
