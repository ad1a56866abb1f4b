package dev.agentroles.report;

import com.grack.nanojson.JsonWriter;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Problem;
import java.util.List;

/// Why there is no result, for machines: in one line, as the command's result may be one of lines.
public final class FailureJson {
    private FailureJson() {}

    public static String of(String command, Exit exit, List<Problem> problems) {
        var json = JsonWriter.string().object();
        json.value("schema_version", Json.SCHEMA_VERSION);
        json.value("command", command);
        json.value("exit_code", exit.code());
        Json.problems(json, "problems", problems);
        return json.end().done() + "\n";
    }
}
