package dev.agentroles.problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Problems of many that say the same: a store that is down has as many as there are agents.
public final class Alike {
    /// More names than this are counted.
    private static final int NAMED = 5;

    /// Where a word begins or ends, as agents are called: `bot-1` is one, and `ar_shop_bot-1` has it as its third.
    private static final Pattern EDGE =
            Pattern.compile("(?<![a-zA-Z0-9-])(?=[a-zA-Z0-9-])|(?<=[a-zA-Z0-9-])(?![a-zA-Z0-9-])");

    private Alike() {}

    /// Tells what several have once, with the first of them, and names the others there. Two problems are alike
    /// where they differ in nothing but the names of those who have them.
    ///
    /// @param problems by name
    /// @return the same names in the same order; those that are named elsewhere have none
    public static SequencedMap<String, List<Problem>> together(SequencedMap<String, List<Problem>> problems) {
        var told = new LinkedHashMap<String, List<Problem>>();
        problems.keySet().forEach(name -> told.put(name, new ArrayList<>()));
        groups(problems)
                .forEach(group ->
                        Objects.requireNonNull(told.get(group.first().name())).add(group.named()));
        return told;
    }

    /// The same where no name stands before a problem: one that names nobody is told without names.
    ///
    /// @param untried how many more there are that were not tried after these
    public static List<Problem> once(SequencedMap<String, List<Problem>> problems, int untried) {
        var told = groups(problems).stream()
                .map(group -> group.namesNobody() ? group.first().problem() : group.named())
                .collect(Collectors.toCollection(ArrayList::new));
        if (untried > 0 && !told.isEmpty()) {
            told.add(with(
                    told.removeLast(), "; " + untried + (untried == 1 ? " more was" : " more were") + " not tried"));
        }
        return List.copyOf(told);
    }

    private static List<Group> groups(SequencedMap<String, List<Problem>> problems) {
        var groups = new ArrayList<Group>();
        problems.forEach((name, each) -> each.stream()
                .map(problem -> Had.by(name, problem))
                .forEach(had -> groups.stream()
                        .filter(group -> group.first().isAlike(had))
                        .findFirst()
                        .ifPresentOrElse(group -> group.others().add(had), () -> groups.add(Group.of(had)))));
        return groups;
    }

    /// @param name of whoever has it
    /// @param words of all that is told, and what stands between them
    private record Had(String name, Problem problem, List<String> words) {
        static Had by(String name, Problem problem) {
            return new Had(name, problem, List.of(EDGE.split(problem.toString(), -1)));
        }

        /// A name may be any word, `a` among them: it counts as one where the other has its own in the same place.
        boolean isAlike(Had other) {
            return words.size() == other.words.size()
                    && IntStream.range(0, words.size())
                            .allMatch(i -> words.get(i).equals(other.words.get(i))
                                    || (words.get(i).equals(name)
                                            && other.words.get(i).equals(other.name)));
        }
    }

    /// @param others who have the same
    private record Group(Had first, List<Had> others) {
        static Group of(Had first) {
            return new Group(first, new ArrayList<>());
        }

        boolean namesNobody() {
            return others.stream().allMatch(other -> other.words().equals(first.words()));
        }

        Problem named() {
            var names = others.stream()
                    .map(Had::name)
                    .filter(name -> !name.equals(first.name()))
                    .distinct()
                    .toList();
            return names.isEmpty() ? first.problem() : with(first.problem(), "; the same with " + few(names));
        }
    }

    /// A few names, and how many more there are.
    public static String few(List<String> names) {
        var more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
        return names.stream().limit(NAMED).collect(Collectors.joining(", ")) + more;
    }

    private static Problem with(Problem problem, String end) {
        return new Problem(problem.where(), problem.what() + end, problem.remedy());
    }
}
