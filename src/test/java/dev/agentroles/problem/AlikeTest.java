package dev.agentroles.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AlikeTest {
    private static List<Problem> unread(String agent) {
        return List.of(
                Problem.of("cannot read agents/" + agent + ": nothing answers").remedy("start it"));
    }

    @Test
    void whatManyHaveIsToldOnceAndNamesTheOthers() {
        var problems = new LinkedHashMap<String, List<Problem>>();
        IntStream.rangeClosed(1, 9).mapToObj("bot-%d"::formatted).forEach(name -> problems.put(name, unread(name)));

        var told = Alike.together(problems);

        assertThat(told.firstEntry().getValue())
                .hasToString("[cannot read agents/bot-1: nothing answers; the same with bot-2, bot-3, bot-4, bot-5,"
                        + " bot-6 and 3 more; start it]");
        assertThat(told.values().stream().skip(1)).allMatch(List::isEmpty).hasSize(8);
    }

    @Test
    void whatDiffersInMoreThanTheNameIsToldOfEach() {
        var problems = new LinkedHashMap<String, List<Problem>>();
        problems.put("a", unread("a"));
        problems.put("b", List.of(Problem.of("cannot read agents/b: permission denied")));
        problems.put("c", List.of());

        assertThat(Alike.together(problems)).isEqualTo(problems);
    }

    /// `a` is the name of the one and an article in what both are told.
    @Test
    void aNameOfOneLetterIsOnlyThatWhereItStandsForItself() {
        var problems = new LinkedHashMap<String, List<Problem>>();
        for (var name : List.of("a", "b", "an-a")) {
            problems.put(name, List.of(Problem.of("cannot read agents/" + name + ": a server at an address is down")));
        }

        assertThat(Alike.once(problems, 0))
                .map(Problem::toString)
                .containsExactly("cannot read agents/a: a server at an address is down; the same with b, an-a");
        assertThat(Alike.together(problems).get("b")).isEmpty();
    }

    @Test
    void whatNamesNobodyIsToldWithoutNames() {
        var nobody = Problem.of("there is no token").remedy("set one");
        var problems = new LinkedHashMap<String, List<Problem>>();
        problems.put("bot-1", List.of(nobody, unread("bot-1").getFirst()));
        problems.put("bot-2", List.of(nobody, unread("bot-2").getFirst()));

        assertThat(Alike.once(problems, 0))
                .map(Problem::toString)
                .containsExactly(
                        "there is no token; set one",
                        "cannot read agents/bot-1: nothing answers; the same with bot-2; start it");
    }

    @Test
    void whoWasNotTriedIsCounted() {
        var problems = new LinkedHashMap<String, List<Problem>>();
        problems.put("bot-1", unread("bot-1"));
        problems.put("bot-2", unread("bot-2"));

        assertThat(Alike.once(problems, 7))
                .map(Problem::toString)
                .containsExactly(
                        "cannot read agents/bot-1: nothing answers; the same with bot-2; 7 more were not tried; start it");
        assertThat(Alike.once(new LinkedHashMap<>(), 7)).isEmpty();
    }
}
