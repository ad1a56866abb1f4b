package dev.agentroles.access;

import java.util.Locale;

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
    INFO;

    /// As reports and options write it: `high`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
