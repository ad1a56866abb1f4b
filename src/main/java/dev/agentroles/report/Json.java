package dev.agentroles.report;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import dev.agentroles.ledger.Owed;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.plan.Reason;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import dev.agentroles.workspace.Result;
import java.util.List;
import java.util.Locale;
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

    /// Who stopped an environment or an agent.
    static void stop(JsonStringWriter json, String key, StoppedBy stop) {
        json.object(key);
        json.value("by", stop.by());
        json.value("at", stop.at().toString());
        json.value("reason", stop.why());
        json.end();
    }

    /// Work that could not be done yet.
    static void owed(JsonStringWriter json, String name, List<Owed> all) {
        json.array(name);
        for (var owed : all) {
            json.object();
            json.value("work", owed.work().name().toLowerCase(Locale.ROOT));
            json.value("agent", owed.agent());
            json.value("object", owed.object());
            json.value("since", owed.since().toString());
            json.value("attempts", owed.attempts());
            json.value("last_error", owed.lastError());
            json.end();
        }
        json.end();
    }
}
