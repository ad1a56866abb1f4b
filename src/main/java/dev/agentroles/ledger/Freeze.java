package dev.agentroles.ledger;

import java.time.Instant;

/// Somebody stopped an environment, or one agent: nothing may be issued until it is thawed.
public record Freeze(String by, Instant at, String why) {}
