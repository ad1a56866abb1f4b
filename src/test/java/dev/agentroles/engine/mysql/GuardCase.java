package dev.agentroles.engine.mysql;

import static java.util.Objects.requireNonNull;

import dev.agentroles.harness.MySql.Release;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// One entry of `cases.yaml` or `attacks.yaml`; the first file's head tells what each key means.
record GuardCase(
        String id,
        boolean attack,
        String title,
        String charset,
        int allow,
        List<String> setup,
        List<Step> steps,
        List<Step> teardown) {
    /// @param text what is sent, or the name of a hook
    record Step(
            Kind kind,
            String text,
            List<Object> parameters,
            String data,
            boolean mustFail,
            boolean mustPass,
            OptionalInt rows,
            OptionalInt affected) {}

    enum Kind {
        TEXT,
        BINARY,
        RAW,
        HOOK
    }

    private static final Pattern MACRO = Pattern.compile("\\{\\{(repeat|list)\\|(.*?)\\}\\}", Pattern.DOTALL);

    /// Those that are meant for a server.
    static Stream<GuardCase> load(String resource, Release release, String version) {
        var settings = LoadSettings.builder().setCodePointLimit(10_000_000).build();
        var root = (Map<?, ?>) new Load(settings).loadFromString(GuardGround.resource(resource));
        return requireNonNull((List<?>) root.get("cases")).stream()
                .map(entry -> (Map<?, ?>) entry)
                .filter(map -> !(map.get("engines") instanceof List<?> engines) || engines.contains(release.engine()))
                .filter(map ->
                        release.mariadb() || !(map.get("min_mysql") instanceof String least) || !older(version, least))
                .map(map -> of(map, release));
    }

    static boolean older(String version, String least) {
        var have = numbers(version);
        var want = numbers(least);
        for (int place = 0; place < want.length; place++) {
            if (have[place] != want[place]) {
                return have[place] < want[place];
            }
        }
        return false;
    }

    private static int[] numbers(String version) {
        return Stream.of(version.split("[^0-9]+"))
                .limit(3)
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static GuardCase of(Map<?, ?> map, Release release) {
        var own = map.get("steps_" + release.engine());
        return new GuardCase(
                text(map, "id"),
                text(map, "kind").equals("attack"),
                text(map, "title"),
                map.get("charset") instanceof String charset ? charset : "utf8mb4",
                map.get("allow") instanceof Integer allow ? allow : 0,
                list(map, "setup").stream().map(String.class::cast).toList(),
                steps(own instanceof List<?> steps ? steps : list(map, "steps")),
                steps(list(map, "teardown")));
    }

    private static List<Step> steps(List<?> entries) {
        return entries.stream().map(GuardCase::step).toList();
    }

    private static Step step(Object entry) {
        if (entry instanceof String text) {
            return new Step(
                    Kind.TEXT, expand(text), List.of(), "", false, false, OptionalInt.empty(), OptionalInt.empty());
        }
        var map = (Map<?, ?>) entry;
        var kind = map.containsKey("bin")
                ? Kind.BINARY
                : map.containsKey("raw") ? Kind.RAW : map.containsKey("hook") ? Kind.HOOK : Kind.TEXT;
        var text = Stream.of("q", "bin", "raw", "hook")
                .map(map::get)
                .filter(Objects::nonNull)
                .findFirst()
                .map(String.class::cast)
                .orElseThrow();
        return new Step(
                kind,
                expand(text),
                List.copyOf(list(map, "params")),
                Optional.ofNullable((String) map.get("data")).orElse(""),
                Boolean.TRUE.equals(map.get("fail")),
                Boolean.TRUE.equals(map.get("ok")),
                number(map, "rows"),
                number(map, "aff"));
    }

    /// `{{repeat|N|text}}` and `{{list|from|to|separator|text}}`.
    private static String expand(String text) {
        return MACRO.matcher(text)
                .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(
                        found.group(1).equals("repeat") ? repeated(found.group(2)) : listed(found.group(2))));
    }

    private static String repeated(String arguments) {
        var parts = arguments.split("\\|", 2);
        return parts[1].repeat(Integer.parseInt(parts[0]));
    }

    private static String listed(String arguments) {
        var parts = arguments.split("\\|", 4);
        return IntStream.rangeClosed(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]))
                .mapToObj(number -> parts[3].replace("#", Integer.toString(number)))
                .collect(Collectors.joining(parts[2]));
    }

    private static OptionalInt number(Map<?, ?> map, String key) {
        return map.get(key) instanceof Integer value ? OptionalInt.of(value) : OptionalInt.empty();
    }

    private static String text(Map<?, ?> map, String key) {
        return Objects.requireNonNull((String) map.get(key), key);
    }

    private static List<?> list(Map<?, ?> map, String key) {
        return map.get(key) instanceof List<?> list ? list : List.of();
    }
}
