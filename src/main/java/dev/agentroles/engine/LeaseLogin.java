package dev.agentroles.engine;

import dev.agentroles.access.RoleName;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.profile.Profile;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// A login of ours as the server has it.
///
/// @param enabled whether it may log in; one that is being ended may not
/// @param expiresAt by the server's own expiry; empty means never
/// @param connections how many sessions it may have at once; empty means any number
/// @param bounds of its sessions, where they were fixed with it; empty where they are settings, which a plan changes
public record LeaseLogin(
        RoleName login,
        String agent,
        String lease,
        boolean enabled,
        Optional<Instant> expiresAt,
        OptionalInt connections,
        Optional<SessionBounds> bounds) {
    /// How long after the end of its lease a login may still get in where the server ends none by itself: in that time
    /// `reap` is meant to come by, which should run every five minutes.
    public static final Duration REAPED_WITHIN = Duration.ofMinutes(10);

    /// One whose sessions are bound by settings.
    public LeaseLogin(
            RoleName login,
            String agent,
            String lease,
            boolean enabled,
            Optional<Instant> expiresAt,
            OptionalInt connections) {
        this(login, agent, lease, enabled, expiresAt, connections, Optional.empty());
    }

    /// Those of agents that the profile no longer has in a database.
    ///
    /// @param entry the database's name in the profile
    public static Set<RoleName> retired(Collection<LeaseLogin> logins, Profile profile, String entry) {
        var agents = profile.agentsOf(entry).stream().map(Profile.Agent::name).collect(Collectors.toSet());
        return logins.stream()
                .filter(login -> !agents.contains(login.agent()))
                .map(LeaseLogin::login)
                .collect(Collectors.toSet());
    }
}
