package dev.agentroles.credential;

import dev.agentroles.access.Secret;
import java.time.Instant;

/// What a store holds for one agent and database: all that an agent needs to log in, and all that belongs
/// to this lease.
///
/// @param url JDBC URL without credentials
/// @param digest of the grants the agent had at issue
public record LeaseSecret(
        String lease,
        String environment,
        String database,
        String agent,
        String tier,
        String owner,
        String url,
        String username,
        Secret password,
        Instant issuedAt,
        Instant expiresAt,
        String digest) {}
