package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.cli.CrashActs.Act;
import dev.agentroles.credential.FaultPoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// Each act with each trouble at each of its steps: what stands in the store right afterwards works or is
/// to be erased, the next run brings everything in order, and nothing is left behind. What was seen is a
/// table, which is printed and stands in `docs/reliability.md`.
///
/// A new ground takes most of the time, so one on which everything is in order again serves the next act,
/// unless that is the first of all.
final class CrashMatrix {
    private static final Path PAGE = Path.of("docs/reliability.md");

    private final String title;
    private final List<Act> acts;
    private final List<Trouble> troubles;
    private final Path directory;
    private final AtomicInteger number = new AtomicInteger();
    private final Map<String, String> seen = new ConcurrentHashMap<>();
    private final Map<Grounds, Place> inOrder = new HashMap<>();

    /// @param title between the marks that the table has on the page
    CrashMatrix(String title, List<Act> acts, List<Trouble> troubles, Path directory) {
        this.title = title;
        this.acts = acts;
        this.troubles = troubles;
        this.directory = directory;
    }

    /// @param words above its column
    /// @param grounds makes the ground on which it happens
    record Trouble(String words, Grounds grounds, Happening happening) {
        /// The process is killed (`kill -9`).
        static Trouble killed(String words, PackedProgram program, Grounds grounds) {
            return new Trouble(
                    words,
                    grounds,
                    (folder, ground, act, point) -> assertThat(
                                    Victims.killAt(program, folder, ground, act.command(), point))
                            .as(point + ": " + Victims.said(folder))
                            .isTrue());
        }

        /// The server ends our sessions.
        static Trouble sessionsEnd(String words, Grounds grounds) {
            return new Trouble(
                    words, grounds, (_, ground, act, point) -> runUntil(ground, act, point, ground::endOurSessions));
        }
    }

    @FunctionalInterface
    interface Grounds {
        LeaseGround in(Path folder) throws Exception;
    }

    /// @param folder of its files
    private record Place(Path folder, LeaseGround ground) {}

    @FunctionalInterface
    interface Happening {
        void on(Path folder, LeaseGround ground, Act act, String point) throws Exception;
    }

    /// Runs the act, in which something happens once; how it ends is its own affair.
    static void runUntil(LeaseGround ground, Act act, String point, Runnable trouble) {
        var parts = point.split(":", 2);
        var left = new AtomicInteger(Integer.parseInt(parts[1]));
        ground.operator().dieAt(reached -> {
            if (reached.name().equals(parts[0]) && left.decrementAndGet() == 0) {
                trouble.run();
            }
        });
        var said = ground.operator().run(act.command().toArray(String[]::new));
        ground.operator().dieAt(FaultPoints.NONE);
        assertThat(left.get()).as(point + ": " + said.out() + said.err()).isLessThanOrEqualTo(0);
    }

    Stream<DynamicTest> tests() {
        return acts.stream()
                .flatMap(act -> act.points().stream()
                        .flatMap(point -> troubles.stream()
                                .map(trouble -> DynamicTest.dynamicTest(
                                        act.name() + ", " + point + ": " + trouble.words(),
                                        () -> meets(act, point, trouble)))));
    }

    private void meets(Act act, String point, Trouble trouble) throws Exception {
        var place = place(act, trouble.grounds());
        try {
            meets(act, point, trouble, place);
        } catch (Exception | Error failed) {
            place.ground().close();
            throw failed;
        }
        inOrder.put(trouble.grounds(), place);
    }

    private Place place(Act act, Grounds grounds) throws Exception {
        var used = inOrder.remove(grounds);
        if (used != null && !act.first()) {
            used.ground().terms("ttl: 1h, overlap: 10m");
            used.ground().overlapsAreOver();
            return used;
        }
        if (used != null) {
            // Only one ground at a time is on a MySQL.
            used.ground().close();
        }
        var folder = Files.createDirectory(directory.resolve("trouble-" + number.incrementAndGet()));
        return new Place(folder, grounds.in(folder));
    }

    private void meets(Act act, String point, Trouble trouble, Place place) throws Exception {
        var what = act.name() + ", " + point + ": " + trouble.words();
        var ground = place.ground();
        var open = act.before().on(ground);
        var before = ground.published(act.agent()).map(login -> login.username());

        trouble.happening().on(place.folder(), ground, act, point);

        assertThat(ground.publishedWorksOrIsOwed(act.agent())).as(what).isTrue();
        seen.put(key(act, point, trouble), standing(ground, act.agent(), before.orElse("")));
        act.after().on(ground, what);
        for (var session : open) {
            session.close();
        }
    }

    /// What an agent reads, and whether it works.
    static String standing(LeaseGround ground, String agent, String before) {
        var published = ground.published(agent);
        if (published.isEmpty()) {
            return "nothing";
        }
        if (!ground.works(published.get())) {
            return "closed, erasure owed";
        }
        return published.get().username().equals(before) ? "the login before" : "the new login";
    }

    private static String key(Act act, String point, Trouble trouble) {
        return act.name() + " " + point + " " + trouble.words();
    }

    private static String words(String point) {
        var parts = point.split(":", 2);
        var word = parts[0].toLowerCase(Locale.ROOT).replace('_', ' ');
        return switch (parts[1]) {
            case "1" -> word;
            case "2" -> word + ", for the second time";
            case "3" -> word + ", for the third time";
            default -> word + ", for the fourth time";
        };
    }

    /// Leaves nothing on the servers.
    void end() throws Exception {
        for (var place : inOrder.values()) {
            place.ground().close();
        }
        inOrder.clear();
    }

    /// If all of it was seen.
    void isTheOneOnThePage() throws IOException {
        var text = table();
        System.out.println(text + "After each: the next run brings everything in order, and nothing is left behind.");
        long cells = acts.stream().mapToInt(act -> act.points().size()).sum() * (long) troubles.size();
        if (seen.size() < cells) {
            return;
        }
        var begin = "<!-- " + title + " begins -->\n";
        var end = "<!-- " + title + " ends -->";
        var page = Files.readString(PAGE);
        var expected =
                page.substring(0, page.indexOf(begin) + begin.length()) + text + page.substring(page.indexOf(end));
        if (Boolean.getBoolean("agentroles.write")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(PAGE)
                .as("run the test with -Dagentroles.write=true to write the page anew")
                .content()
                .isEqualTo(expected);
    }

    private String table() {
        var lines = new ArrayList<String>();
        lines.add(troubles.stream()
                .map(Trouble::words)
                .collect(Collectors.joining(" | ", "| act | when this is done | ", " |")));
        lines.add("|---".repeat(2 + troubles.size()) + "|");
        for (var act : acts) {
            for (var point : act.points()) {
                lines.add(troubles.stream()
                        .map(trouble -> seen.getOrDefault(key(act, point, trouble), "not seen"))
                        .collect(Collectors.joining(" | ", "| " + act.name() + " | " + words(point) + " | ", " |")));
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
