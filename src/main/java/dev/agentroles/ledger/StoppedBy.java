package dev.agentroles.ledger;

import java.time.Instant;

/// Who stopped an environment, or one agent: nothing may be issued until it is thawed.
///
/// @param by the person or machine: `alice@runner-7`
/// @param why in that person's words
public record StoppedBy(String by, Instant at, String why) {
    /// The end of a clause: `by alice@runner-7 at 2026-11-28T08:00:00Z because: odd queries`.
    public String words() {
        return "by " + by + " at " + at + " because: " + why;
    }
}
