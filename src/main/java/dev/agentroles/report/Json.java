package dev.agentroles.report;

import com.google.gson.stream.JsonWriter;
import dev.agentroles.plan.Reason;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// JSON for machines. Every document is an object that begins with `schema_version` and `command`; fields may be added under
/// the same version, never removed or given another meaning.
final class Json {
    static final int SCHEMA_VERSION = 1;

    private Json() {}

    interface Body {
        void write(JsonWriter json) throws IOException;
    }

    static String document(String command, Body body) {
        var text = new StringWriter();
        var json = new JsonWriter(text);
        json.setIndent("  ");
        try {
            json.beginObject();
            json.name("schema_version").value(SCHEMA_VERSION);
            json.name("command").value(command);
            body.write(json);
            json.endObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text + "\n";
    }

    static void problems(JsonWriter json, String name, List<Problem> problems) throws IOException {
        json.name(name).beginArray();
        for (var problem : problems) {
            json.beginObject();
            json.name("what").value(problem.what());
            where(json, problem.where());
            if (problem.remedy().isPresent()) {
                json.name("remedy").value(problem.remedy().get());
            }
            json.endObject();
        }
        json.endArray();
    }

    static void reason(JsonWriter json, Reason reason) throws IOException {
        json.name("reason").value(reason.text());
        where(json, reason.where());
    }

    static void where(JsonWriter json, Optional<Position> where) throws IOException {
        if (where.isPresent()) {
            json.name("where").beginObject();
            json.name("file").value(where.get().file());
            json.name("line").value(where.get().line());
            json.name("column").value(where.get().column());
            json.endObject();
        }
    }

    static void texts(JsonWriter json, String name, List<String> texts) throws IOException {
        json.name(name).beginArray();
        for (var text : texts) {
            json.value(text);
        }
        json.endArray();
    }
}
