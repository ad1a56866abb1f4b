package dev.agentroles.profile;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Nearest;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Collects what is wrong with one profile, so that all of it is told at once. A reading that reports here
/// goes on with a stand-in; since any problem fails the profile, nobody sees the stand-in.
final class Problems {
    /// A file that is wrong in more places is probably no profile; the rest would not be read.
    private static final int TOLD = 100;

    private static final Comparator<Problem> BY_POSITION =
            Comparator.comparing(problem -> problem.where().orElseThrow());

    private final List<Problem> found = new ArrayList<>();

    void add(Position where, String what) {
        found.add(Problem.at(where, what));
    }

    void add(Position where, String what, String remedy) {
        found.add(Problem.at(where, what).remedy(remedy));
    }

    void addAll(List<Problem> problems) {
        found.addAll(problems);
    }

    /// Reports a word that is none of the known ones, with the nearest of them or, failing that, all.
    void unknown(Position where, String what, String word, Collection<String> known) {
        var all = known.isEmpty() ? "there is none yet" : "known: " + String.join(", ", known);
        var remedy = Nearest.to(word, known)
                .map(nearest -> "did you mean " + Quoted.of(nearest) + "?")
                .orElse(all);
        add(where, what + " " + Quoted.of(word), remedy);
    }

    /// @throws Failure with all problems in the order of the file, if there are any
    void throwIfAny() {
        if (found.isEmpty()) {
            return;
        }
        found.sort(BY_POSITION);
        throw new Failure(Exit.ERROR, found.size() <= TOLD ? found : firstOnes());
    }

    private List<Problem> firstOnes() {
        var told = new ArrayList<>(found.subList(0, TOLD));
        told.add(new Problem(
                Optional.empty(), "and " + (found.size() - TOLD) + " more problems in this file", Optional.empty()));
        return told;
    }
}
