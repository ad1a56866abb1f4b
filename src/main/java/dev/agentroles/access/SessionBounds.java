package dev.agentroles.access;

import java.time.Duration;
import java.util.Optional;

/// How long the sessions of a login may idle, run a statement and last. Empty means that the server's own
/// setting stands. An agent can lift a bound that is only a setting of its role: a convenience, never a
/// boundary.
public record SessionBounds(
        Optional<Duration> idleTimeout, Optional<Duration> statementTimeout, Optional<Duration> maxSession) {
    public static final SessionBounds NONE = new SessionBounds(Optional.empty(), Optional.empty(), Optional.empty());
}
