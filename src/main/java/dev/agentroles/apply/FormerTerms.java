package dev.agentroles.apply;

import dev.agentroles.access.Lease;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.profile.Durations;
import dev.agentroles.profile.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/// What is told of a published login that was made on other terms than the profile gives now. It keeps them to its
/// end: no step of a plan changes them, and without a word a plan would pass for all that the profile wants.
final class FormerTerms {
    /// Servers and ledgers keep times to the microsecond at best.
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    private FormerTerms() {}

    /// @param file the profile, for the command that gives a new login
    /// @param login of the lease, as the server has it
    static Optional<Problem> of(String file, Profile.Agent agent, Lease lease, LeaseLogin login) {
        var terms = agent.lease();
        var former = new ArrayList<String>();
        var given = Duration.between(lease.issuedAt(), lease.expiresAt());
        if (given.minus(terms.ttl()).abs().compareTo(ROUNDING) >= 0) {
            former.add("ttl " + Durations.text(given) + ", and not " + Durations.text(terms.ttl()));
        }
        int connections = login.connections().orElse(0);
        if (connections != terms.connections()) {
            former.add("connections " + (connections == 0 ? "any number" : connections) + ", and not "
                    + terms.connections());
        }
        login.bounds()
                .map(SessionBounds::statementTimeout)
                .filter(fixed -> !fixed.equals(terms.bounds().statementTimeout()))
                .ifPresent(fixed -> former.add("statement_timeout " + bound(fixed) + ", and not "
                        + bound(terms.bounds().statementTimeout())));
        return former.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.at(
                                agent.at(),
                                "the login of agent " + agent.name() + " keeps the terms it was made on: "
                                        + String.join("; ", former))
                        .remedy("the next login has those of the profile; to give it now: agentroles rotate "
                                + Shell.word(file) + " --agent "
                                + Shell.word(agent.name())));
    }

    private static String bound(Optional<Duration> bound) {
        return bound.map(Durations::text).orElse("the server's own");
    }
}
