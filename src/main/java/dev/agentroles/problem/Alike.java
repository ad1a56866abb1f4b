package dev.agentroles.problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// Problems of many that say the same: a store that is down has as many as there are agents.
public final class Alike {
    /// More names than this are counted.
    private static final int NAMED = 5;

    private Alike() {}

    /// Tells what several have once, with the first of them, and names the others there. Two problems are alike
    /// where they differ in nothing but the names of those who have them.
    ///
    /// @param problems by name
    /// @return the same names in the same order; those that are named elsewhere have none
    public static SequencedMap<String, List<Problem>> together(SequencedMap<String, List<Problem>> problems) {
        var names = names(problems);
        var told = new LinkedHashMap<String, List<Problem>>();
        problems.forEach((name, each) -> told.put(
                name,
                each.stream()
                        .filter(problem ->
                                alike(names, name, problem).getFirst().equals(name))
                        .map(problem -> with(problem, others(alike(names, name, problem))))
                        .toList()));
        return told;
    }

    /// The same where no name stands before a problem: one that names nobody is told without names.
    ///
    /// @param untried how many more there are that were not tried after these
    public static List<Problem> once(SequencedMap<String, List<Problem>> problems, int untried) {
        var names = names(problems);
        var told = new ArrayList<Problem>();
        problems.forEach((name, each) -> each.stream()
                .filter(problem -> alike(names, name, problem).getFirst().equals(name))
                .map(problem -> nameless(name, problem).equals(problem.toString())
                        ? problem
                        : with(problem, others(alike(names, name, problem))))
                .forEach(told::add));
        if (untried > 0 && !told.isEmpty()) {
            told.add(with(
                    told.removeLast(), "; " + untried + (untried == 1 ? " more was" : " more were") + " not tried"));
        }
        return List.copyOf(told);
    }

    /// Who has each problem, by its text without the name.
    private static Map<String, List<String>> names(SequencedMap<String, List<Problem>> problems) {
        var names = new LinkedHashMap<String, List<String>>();
        problems.forEach((name, each) -> each.stream()
                .map(problem -> nameless(name, problem))
                .distinct()
                .forEach(text ->
                        names.computeIfAbsent(text, _ -> new ArrayList<>()).add(name)));
        return names;
    }

    private static List<String> alike(Map<String, List<String>> names, String name, Problem problem) {
        return Objects.requireNonNull(names.get(nameless(name, problem)));
    }

    private static String nameless(String name, Problem problem) {
        return problem.toString().replace(name, "*");
    }

    /// A few names, and how many more there are.
    public static String few(List<String> names) {
        var more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
        return names.stream().limit(NAMED).collect(Collectors.joining(", ")) + more;
    }

    /// Those after the first, as the end of a sentence.
    private static String others(List<String> alike) {
        return alike.size() == 1 ? "" : "; the same with " + few(alike.subList(1, alike.size()));
    }

    private static Problem with(Problem problem, String end) {
        return new Problem(problem.where(), problem.what() + end, problem.remedy());
    }
}
