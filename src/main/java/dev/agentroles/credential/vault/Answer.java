package dev.agentroles.credential.vault;

import io.github.jopenlibs.vault.json.Json;
import io.github.jopenlibs.vault.json.JsonArray;
import io.github.jopenlibs.vault.json.JsonObject;
import io.github.jopenlibs.vault.json.JsonValue;
import io.github.jopenlibs.vault.json.ParseException;
import io.github.jopenlibs.vault.response.VaultResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What came back from Vault, whatever the status. The driver throws on some statuses and returns others;
/// here they are all alike.
///
/// @param json the body as an object; empty where it was none
record Answer(int status, JsonObject json) {
    static Answer of(VaultResponse response) {
        var rest = response.getRestResponse();
        return new Answer(rest.getStatus(), object(new String(rest.getBody(), StandardCharsets.UTF_8)));
    }

    /// @param text may hold more than the JSON, as the driver's exceptions do
    static Answer of(int status, String text) {
        return new Answer(status, object(text.substring(Math.max(text.indexOf('{'), 0))));
    }

    boolean is(int expected) {
        return status == expected;
    }

    boolean isDone() {
        return status == 200 || status == 204;
    }

    /// The path holds nothing, or nothing any more. An absent mount or namespace is 404, too, and says so
    /// in words.
    boolean isAbsent() {
        return status == 404 && errors().isEmpty();
    }

    /// The object under `data`; empty where there is none.
    JsonObject data() {
        return child(json, "data");
    }

    /// What Vault says is wrong. It never repeats what was sent.
    List<String> errors() {
        return texts(json.get("errors"));
    }

    static JsonObject child(JsonObject parent, String name) {
        var value = parent.get(name);
        return value != null && value.isObject() ? value.asObject() : new JsonObject();
    }

    static Optional<String> text(JsonObject parent, String name) {
        return Optional.ofNullable(parent.get(name))
                .filter(value -> !value.isNull())
                .map(value -> value.isString() ? value.asString() : value.toString());
    }

    static Optional<Long> number(JsonObject parent, String name) {
        return Optional.ofNullable(parent.get(name)).filter(JsonValue::isNumber).map(JsonValue::asLong);
    }

    static List<String> texts(JsonValue value) {
        var texts = new ArrayList<String>();
        if (value instanceof JsonArray array) {
            array.forEach(element -> texts.add(element.isString() ? element.asString() : element.toString()));
        }
        return texts;
    }

    private static JsonObject object(String text) {
        try {
            var value = text.isBlank() ? Json.NULL : Json.parse(text);
            return value.isObject() ? value.asObject() : new JsonObject();
        } catch (ParseException e) {
            return new JsonObject();
        }
    }
}
