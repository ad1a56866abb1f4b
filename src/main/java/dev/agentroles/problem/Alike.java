package dev.agentroles.problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
        var names = new LinkedHashMap<String, List<String>>();
        problems.forEach((name, each) -> each.stream()
                .map(problem -> nameless(name, problem))
                .distinct()
                .forEach(text ->
                        names.computeIfAbsent(text, _ -> new ArrayList<>()).add(name)));
        var told = new LinkedHashMap<String, List<Problem>>();
        problems.forEach((name, each) -> told.put(
                name,
                each.stream()
                        .flatMap(problem -> {
                            var alike = Objects.requireNonNull(names.get(nameless(name, problem)));
                            return alike.getFirst().equals(name)
                                    ? List.of(of(problem, alike.subList(1, alike.size()))).stream()
                                    : List.<Problem>of().stream();
                        })
                        .toList()));
        return told;
    }

    private static String nameless(String name, Problem problem) {
        return problem.toString().replace(name, "*");
    }

    private static Problem of(Problem problem, List<String> others) {
        if (others.isEmpty()) {
            return problem;
        }
        var more = others.size() > NAMED ? " and " + (others.size() - NAMED) + " more" : "";
        return new Problem(
                problem.where(),
                problem.what() + "; the same with "
                        + others.stream().limit(NAMED).collect(Collectors.joining(", ")) + more,
                problem.remedy());
    }
}
