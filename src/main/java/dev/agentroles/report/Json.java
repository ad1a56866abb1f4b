package dev.agentroles.report;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import dev.agentroles.plan.Reason;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import dev.agentroles.workspace.Result;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// JSON for machines. Every document is an object that begins with `schema_version` and `command`; fields may
/// be added under the same version, never removed or given another meaning.
final class Json {
    static final int SCHEMA_VERSION = 1;

    private Json() {}

    static String document(String command, Consumer<JsonStringWriter> body) {
        var json = JsonWriter.indent("  ").string();
        json.object();
        json.value("schema_version", SCHEMA_VERSION);
        json.value("command", command);
        body.accept(json);
        json.end();
        return json.done() + "\n";
    }

    /// One object for each database: its name, then what was done there or why nothing was.
    static <R> void results(JsonStringWriter json, List<Result<R>> results, BiConsumer<JsonStringWriter, R> report) {
        json.array("databases");
        for (var result : results) {
            json.object();
            json.value("name", result.database());
            switch (result) {
                case Result.Done<R>(var _, var done) -> report.accept(json, done);
                case Result.Failed<R>(var _, var failure) -> problems(json, "problems", failure.problems());
            }
            json.end();
        }
        json.end();
    }

    static void problems(JsonStringWriter json, String name, List<Problem> problems) {
        json.array(name);
        for (var problem : problems) {
            json.object();
            json.value("what", problem.what());
            where(json, problem.where());
            problem.remedy().ifPresent(remedy -> json.value("remedy", remedy));
            json.end();
        }
        json.end();
    }

    static void reason(JsonStringWriter json, Reason reason) {
        json.value("reason", reason.text());
        where(json, reason.where());
    }

    static void where(JsonStringWriter json, Optional<Position> where) {
        where.ifPresent(position -> json.object("where")
                .value("file", position.file())
                .value("line", position.line())
                .value("column", position.column())
                .end());
    }

    static void texts(JsonStringWriter json, String name, List<String> texts) {
        json.array(name);
        texts.forEach(json::value);
        json.end();
    }
}
