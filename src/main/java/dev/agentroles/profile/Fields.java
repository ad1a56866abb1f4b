package dev.agentroles.profile;

import dev.agentroles.problem.Position;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A mapping that has been held to its form: unknown, repeated and missing keys are reported.
record Fields(Form form, Map<String, Item> items) {
    static Fields of(Item item, Form form) {
        var entries = item.entries();
        entries.forEach((key, value) -> {
            if (!form.has(key)) {
                item.problems().unknown(value.keyAt(), "unknown key in " + item.label(), key, form.keys());
            }
        });
        for (var key : form.required()) {
            if (item.isMapping() && !entries.containsKey(key)) {
                item.problems().add(item.keyAt(), item.label() + " has no " + Quoted.of(key));
            }
        }
        return new Fields(form, entries);
    }

    Optional<Item> find(String key) {
        if (!form.has(key)) {
            throw new IllegalArgumentException(form + " has no key " + key);
        }
        return Optional.ofNullable(items.get(key));
    }

    /// What a key holds; empty if it is not there, or after the reason was reported.
    <T> Optional<T> read(String key, Function<Item, Optional<T>> reading) {
        return find(key).flatMap(reading);
    }

    Optional<Position> keyAt(String key) {
        return find(key).map(Item::keyAt);
    }
}
