package dev.agentroles.report;

import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonReader;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Nearest;
import dev.agentroles.problem.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What Terraform's `external` data source asks: one JSON object of strings (provider `external`, "External Program
/// Protocol").
///
/// @param database the one that is meant; empty: all
public record TerraformQuery(String profile, Optional<String> database) {
    /// In bytes. No question of ours is nearly as long.
    public static final int LONGEST = 1 << 20;

    private static final List<String> KEYS = List.of("profile", "database");

    /// @param bytes all of standard input, or more than [#LONGEST] of it
    /// @throws Failure if it is no such object, or asks for what is not known
    public static TerraformQuery read(byte[] bytes) {
        if (bytes.length > LONGEST) {
            throw refused("it is longer than 1 MiB");
        }
        var values = strings(text(bytes));
        for (var key : values.keySet()) {
            if (!KEYS.contains(key)) {
                var problem = Problem.of("the query has an unknown key \"" + key + "\"");
                throw Failure.usage(problem.remedy(
                        Nearest.question(key, KEYS).orElse("it can have " + String.join(" and ", KEYS))));
            }
        }
        // A variable that is not set comes from Terraform as an empty text.
        var profile = Optional.ofNullable(values.get("profile"))
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> refused("it names no profile"));
        return new TerraformQuery(
                profile, Optional.ofNullable(values.get("database")).filter(value -> !value.isEmpty()));
    }

    private static String text(byte[] bytes) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.isBlank()) {
                throw refused("it is empty");
            }
            return text;
        } catch (CharacterCodingException broken) {
            throw refused("it is not UTF-8");
        }
    }

    /// Read as a stream: a parser of whole documents runs out of stack where somebody nests deeply.
    private static Map<String, String> strings(String text) {
        try {
            var values = new LinkedHashMap<String, String>();
            var reader = JsonReader.from(text);
            if (reader.current() != JsonReader.Type.OBJECT) {
                throw refused("it is no object");
            }
            reader.object();
            while (reader.next()) {
                var key = reader.key();
                if (reader.current() != JsonReader.Type.STRING) {
                    throw refused("\"" + key + "\" is no string");
                }
                if (values.put(key, reader.string()) != null) {
                    throw refused("\"" + key + "\" stands there twice");
                }
            }
            if (!behind(text).isBlank()) {
                throw refused("something stands behind the object");
            }
            return values;
        } catch (JsonParserException broken) {
            throw refused(
                    "it is no JSON: line " + broken.getLinePosition() + ", character " + broken.getCharPosition());
        }
    }

    /// What comes after an object of strings, at which the stream's reader does not look.
    private static String behind(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (quoted && character == '\\') {
                i++;
            } else if (character == '"') {
                quoted = !quoted;
            } else if (!quoted && character == '}') {
                return text.substring(i + 1);
            }
        }
        return "";
    }

    private static Failure refused(String why) {
        return Failure.usage(Problem.of("standard input holds no query: " + why)
                .remedy("give one JSON object of strings, such as {\"profile\": \"prod.yaml\"}"));
    }
}
