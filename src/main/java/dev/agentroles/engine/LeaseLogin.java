package dev.agentroles.engine;

import dev.agentroles.access.RoleName;
import java.time.Instant;
import java.util.Optional;

/// A login of ours as the server has it.
///
/// @param enabled whether it may log in; one that is being ended may not
/// @param expiresAt by the server's own expiry; empty means never
public record LeaseLogin(RoleName login, String agent, String lease, boolean enabled, Optional<Instant> expiresAt) {}
