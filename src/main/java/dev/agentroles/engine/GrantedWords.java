package dev.agentroles.engine;

import dev.agentroles.access.Privilege;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;

/// What servers call that which somebody holds on an object.
public final class GrantedWords {
    private GrantedWords() {}

    /// @param word in capitals
    /// @param on what it is held on, for people
    /// @throws Failure if it is none that is known here: what it gives nobody can tell, so nothing is said or done
    public static Privilege privilege(String word, String on) {
        return Privilege.of(word)
                .orElseThrow(() -> Failure.error(Problem.of("somebody holds " + word + " on " + on
                                + ", a privilege that this agentroles does not know")
                        .remedy("use an agentroles that knows this version of the server, or revoke it")));
    }
}
