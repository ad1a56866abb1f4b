package dev.agentroles.workspace;

import dev.agentroles.engine.StopMarks;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Stops that the server remembers and the ledger does not: it was put back to what it was before them. Whoever was
/// stopped is issued nothing until somebody has decided.
///
/// @param profile the file, for messages
/// @param environment of the profile
/// @param entry the database's name in the profile
/// @param stops without those that the ledger has
public record ForgottenStops(String profile, String environment, String entry, StopMarks stops) {
    private static final String FORGOTTEN =
            ", and the ledger has forgotten it: it was put back, as by a backup that was"
                    + " restored; nothing is issued";

    /// All of them.
    public List<Problem> problems() {
        return Stream.concat(freeze().stream(), stops.agents().stream().sorted().flatMap(agent -> of(agent).stream()))
                .toList();
    }

    private Optional<Problem> freeze() {
        return stops.frozen()
                ? Optional.of(Problem.of("environment " + environment + " was frozen on " + entry + FORGOTTEN)
                        .remedy("agentroles freeze " + Shell.word(profile) + " again, or agentroles thaw "
                                + Shell.word(profile) + " if the reason is gone"))
                : Optional.empty();
    }

    /// That of one agent by itself.
    public Optional<Problem> of(String agent) {
        return stops.agents().contains(agent)
                ? Optional.of(Problem.of("agent " + agent + " was revoked on " + entry + FORGOTTEN)
                        .remedy("agentroles revoke " + Shell.word(profile) + " --agent " + Shell.word(agent)
                                + " again, or agentroles thaw " + Shell.word(profile) + " --agent " + Shell.word(agent)
                                + " if the reason is gone"))
                : Optional.empty();
    }

    /// For commands that give some agent something.
    ///
    /// @throws Failure refused, if the environment was frozen
    public void mayGive() {
        freeze().ifPresent(problem -> {
            throw Failure.refused(problem);
        });
    }

    /// For commands that give this agent something.
    ///
    /// @throws Failure refused, if it was stopped, by itself or with all
    public void mayGive(String agent) {
        mayGive();
        of(agent).ifPresent(problem -> {
            throw Failure.refused(problem);
        });
    }
}
