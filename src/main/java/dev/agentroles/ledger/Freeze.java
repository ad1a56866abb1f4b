package dev.agentroles.ledger;

import java.time.Instant;

/// Somebody stopped this environment: nothing may be applied, rotated or run until it is thawed.
public record Freeze(String by, Instant at, String why) {}
