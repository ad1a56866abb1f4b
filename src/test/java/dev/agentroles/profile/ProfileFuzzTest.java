package dev.agentroles.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.agentroles.problem.Failure;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever stands in the file, the reader ends soon with a profile or with a `Failure`.
final class ProfileFuzzTest {
    private static final int MUTATIONS = 500;
    private static final String SPICES = " \t\n\r:,-?[]{}#&*!|>'\"%@`.~<=/\\0a\u0000\u0085\u2028\ufeff\ud83d\ude00";

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 6);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aMutatedProfileIsReadOrRefused(long seed) {
        var random = new Random(seed);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            var text = ProfileSamplesTest.sample("prod.yaml");
            for (int i = 0; i < MUTATIONS; i++) {
                text = i % 10 == 0 ? ProfileSamplesTest.sample("prod.yaml") : mutated(text, random);
                readOrRefused(text);
            }
        });
    }

    private static String mutated(String text, Random random) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + 1 + random.nextInt(8));
        return switch (random.nextInt(6)) {
            case 0 -> text.substring(0, at) + text.substring(end);
            case 1 -> text.substring(0, at) + SPICES.charAt(random.nextInt(SPICES.length())) + text.substring(at);
            case 2 ->
                text.substring(0, at) + text.substring(at, end).repeat(1 + random.nextInt(50)) + text.substring(at);
            case 3 -> text.substring(0, at) + (char) random.nextInt(0x10000) + text.substring(end);
            case 4 -> withoutALine(text, random);
            default -> withALineTwice(text, random);
        };
    }

    private static String withoutALine(String text, Random random) {
        var lines = text.split("\n", -1);
        int gone = random.nextInt(lines.length);
        return IntStream.range(0, lines.length)
                .filter(line -> line != gone)
                .mapToObj(line -> lines[line])
                .collect(Collectors.joining("\n"));
    }

    private static String withALineTwice(String text, Random random) {
        var lines = text.split("\n", -1);
        int twice = random.nextInt(lines.length);
        int where = random.nextInt(lines.length);
        return IntStream.range(0, lines.length)
                .mapToObj(line -> line == where ? lines[twice] + "\n" + lines[line] : lines[line])
                .collect(Collectors.joining("\n"));
    }

    record Large(String name, String text) {
        @Override
        public String toString() {
            return name;
        }
    }

    /// Texts of the size that the reader still takes, each the worst of its kind.
    static Stream<Large> large() {
        int size = ProfileFile.LARGEST;
        return Stream.of(
                new Large("open brackets", "[".repeat(size)),
                new Large("open braces", "{".repeat(size)),
                new Large("nested lists", "- ".repeat(size / 2)),
                new Large("nested keys", "? ".repeat(size / 2)),
                new Large("one long word", "a".repeat(size)),
                new Large("one long key", "a".repeat(size - 2) + ": "),
                new Large("one long quote", "\"" + "\\n".repeat(size / 2)),
                new Large("blank lines", "\n".repeat(size)),
                new Large("spaces", " ".repeat(size)),
                new Large("unknown keys", numbered("k%d: x\n", size / 10)),
                new Large("one key again and again", "a: b\n".repeat(size / 5)),
                new Large("many agents", Samples.SMALL + numbered("  a%d: {access: []}\n", size / 30)),
                new Large(
                        "many unknown scopes",
                        Samples.SMALL + numbered("  a%d: {access: [{scope: ordres}]}\n", 20_000)),
                new Large("many scopes that are used by nobody", scopes(12_000)),
                new Large("one long pattern", Samples.with("app.orders", "app." + "*a".repeat(size / 3))),
                new Large("anchors", numbered("&a%d ", size / 10)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("large")
    void theLargestTextsAreReadOrRefusedSoon(Large large) {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> readOrRefused(large.text()));
    }

    private static String scopes(int count) {
        return Samples.with(
                "scopes:\n", "scopes:\n" + numbered("  s%d: {database: shop, include: [app.orders]}\n", count));
    }

    private static String numbered(String line, int count) {
        return IntStream.range(0, count).mapToObj(line::formatted).collect(Collectors.joining());
    }

    private static void readOrRefused(String text) {
        try {
            assertThat(Readers.READER.read("shop.yaml", text).databases()).isNotEmpty();
        } catch (Failure e) {
            assertThat(e.problems()).isNotEmpty().hasSizeLessThanOrEqualTo(101);
            assertThat(e.problems())
                    .allSatisfy(problem -> assertThat(problem.toString()).doesNotMatch("(?s).*\\p{Cntrl}.*"));
        }
    }
}
