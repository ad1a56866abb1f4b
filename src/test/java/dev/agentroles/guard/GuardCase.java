package dev.agentroles.guard;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// One entry of `cases.yaml` or `attacks.yaml`; the file's head tells what each key means.
record GuardCase(
        String id,
        String why,
        int since,
        Set<Client.Protocol> by,
        Optional<String> needs,
        List<String> setup,
        Map<String, Object> limits,
        List<Item> send,
        Expect expect,
        String sqlstate,
        boolean each,
        long changes) {
    enum Expect {
        REFUSED,
        ALLOWED,
        UNCHANGED
    }

    /// What is sent.
    sealed interface Item {
        record Message(String text) implements Item {}

        record Prepared(String text, List<Object> parameters, List<String> types) implements Item {}

        record Prepare(String name, String text) implements Item {}

        record Run(String name, List<Object> parameters) implements Item {}

        record Pipeline(String text, int from, int to) implements Item {}

        record As(String who, String text) implements Item {}

        record Beside(String text) implements Item {}

        record Bind(String portal, String text) implements Item {}

        record Execute(String portal) implements Item {}

        record Together(List<Item> items) implements Item {}

        record CopyIn(String text, String data) implements Item {}

        record Options(String options) implements Item {}
    }

    static Stream<GuardCase> load(String resource) {
        var settings = LoadSettings.builder().setCodePointLimit(10_000_000).build();
        var list = (List<?>) new Load(settings).loadFromString(Ground.resource(resource));
        return list.stream().map(entry -> of((Map<?, ?>) entry));
    }

    private static GuardCase of(Map<?, ?> map) {
        return new GuardCase(
                text(map, "id"),
                text(map, "why"),
                map.get("since") instanceof Integer since ? since : 0,
                map.get("by") instanceof String by
                        ? Set.of(Client.Protocol.valueOf(by.toUpperCase(Locale.ROOT)))
                        : Set.of(Client.Protocol.values()),
                Optional.ofNullable((String) map.get("needs")),
                list(map, "setup").stream().map(String.class::cast).toList(),
                limits(map),
                list(map, "send").stream().map(GuardCase::item).toList(),
                Expect.valueOf(text(map, "expect").toUpperCase(Locale.ROOT)),
                map.get("sqlstate") instanceof String sqlstate ? sqlstate : "AR.*",
                Boolean.TRUE.equals(map.get("each")),
                map.get("changes") instanceof Integer changes ? changes : 0);
    }

    private static Map<String, Object> limits(Map<?, ?> map) {
        var limits = new TreeMap<String, Object>();
        if (map.get("limits") instanceof Map<?, ?> given) {
            given.forEach((key, value) -> limits.put((String) key, Objects.requireNonNull(value)));
        }
        return limits;
    }

    private static Item item(Object entry) {
        if (entry instanceof String text) {
            return new Item.Message(text);
        }
        var map = (Map<?, ?>) entry;
        if (map.containsKey("ext")) {
            return new Item.Prepared(
                    text(map, "ext"),
                    List.copyOf(list(map, "params")),
                    list(map, "types").stream().map(String.class::cast).toList());
        }
        if (map.containsKey("prepare")) {
            return new Item.Prepare(text(map, "prepare"), text(map, "text"));
        }
        if (map.containsKey("run")) {
            return new Item.Run(text(map, "run"), List.copyOf(list(map, "params")));
        }
        if (map.containsKey("pipeline")) {
            return new Item.Pipeline(text(map, "pipeline"), number(map, "from"), number(map, "to"));
        }
        if (map.containsKey("joined")) {
            var text = text(map, "joined");
            var joined = new StringBuilder();
            for (int number = number(map, "from"); number <= number(map, "to"); number++) {
                joined.append(joined.isEmpty() ? "" : "; ").append(text.replace("{}", Integer.toString(number)));
            }
            return new Item.Message(joined.toString());
        }
        if (map.containsKey("fill")) {
            return new Item.Message(
                    text(map, "fill").replace("{}", text(map, "with").repeat(number(map, "times"))));
        }
        if (map.containsKey("as")) {
            return new Item.As(text(map, "as"), text(map, "sql"));
        }
        if (map.containsKey("beside")) {
            return new Item.Beside(text(map, "beside"));
        }
        if (map.containsKey("bind")) {
            return new Item.Bind(text(map, "bind"), text(map, "text"));
        }
        if (map.containsKey("execute")) {
            return new Item.Execute(text(map, "execute"));
        }
        if (map.containsKey("together")) {
            return new Item.Together(
                    list(map, "together").stream().map(GuardCase::item).toList());
        }
        if (map.containsKey("copy_in")) {
            return new Item.CopyIn(text(map, "copy_in"), text(map, "data"));
        }
        return new Item.Options(text(map, "options"));
    }

    private static String text(Map<?, ?> map, String key) {
        return Objects.requireNonNull((String) map.get(key), key);
    }

    private static int number(Map<?, ?> map, String key) {
        return Objects.requireNonNull((Integer) map.get(key), key);
    }

    private static List<?> list(Map<?, ?> map, String key) {
        return map.get(key) instanceof List<?> list ? list : List.of();
    }
}
