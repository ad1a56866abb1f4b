package dev.agentroles.problem;

/// How a run ends. The codes are a contract with scripts and schedulers.
public enum Exit {
    /// Nothing to do, nothing found, or everything done.
    CLEAN(0),
    /// An error of ours, the database's or the secret store's; the message says whose.
    ERROR(1),
    /// Changes are pending, something drifted, or there are findings.
    PENDING(2),
    /// Refused for safety: wrong server, wrong environment, stale fingerprint, frozen, consent missing.
    REFUSED(3),
    /// Partly done; running the same command again finishes it.
    PARTIAL(4),
    /// The command line is wrong.
    USAGE(64);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
