package dev.agentroles.report;

import com.grack.nanojson.JsonStringWriter;
import dev.agentroles.credential.Reaper.Reaped;
import dev.agentroles.credential.Stop.Stopped;
import dev.agentroles.life.Ends.Thawed;
import dev.agentroles.workspace.Result;
import java.util.List;
import java.util.Optional;

/// What was ended, for machines.
public final class EndsJson {
    private EndsJson() {}

    public static String reap(String profile, String environment, List<Result<Reaped>> results) {
        return Json.document("reap", json -> {
            json.value("profile", profile);
            json.value("environment", environment);
            Json.results(json, results, EndsJson::reaped);
        });
    }

    private static void reaped(JsonStringWriter json, Reaped reaped) {
        Json.texts(
                json,
                "ended",
                reaped.ended().stream().map(lease -> lease.login().value()).toList());
        Json.texts(
                json,
                "orphans",
                reaped.orphans().stream().map(login -> login.value()).toList());
        Json.texts(
                json,
                "erased",
                reaped.erased().stream().map(path -> path.value()).toList());
        json.value("long_sessions", reaped.sessions());
        Json.owed(json, "settled", reaped.settled());
        Json.owed(json, "owed", reaped.owed());
        Json.problems(json, "problems", reaped.failed());
    }

    public static String stop(
            String command, String profile, String environment, List<Result<Optional<Stopped>>> results) {
        return Json.document(command, json -> {
            json.value("profile", profile);
            json.value("environment", environment);
            Json.results(json, results, (out, report) -> {
                var stopped = report.orElse(new Stopped(0, 0, 0, List.of()));
                out.value("applied", report.isPresent());
                out.value("logins_closed", stopped.logins());
                out.value("sessions_ended", stopped.sessions());
                out.value("secrets_owed", stopped.owed());
                Json.problems(out, "problems", stopped.failed());
            });
        });
    }

    public static String thaw(String profile, String environment, List<Result<Optional<Thawed>>> results) {
        return Json.document("thaw", json -> {
            json.value("profile", profile);
            json.value("environment", environment);
            Json.results(json, results, (out, report) -> {
                var thawed = report.orElse(EndsText.NOT_STOPPED);
                out.value("applied", report.isPresent());
                out.value("was_stopped", thawed.was().isPresent() || thawed.forgotten());
                Json.problems(out, "problems", thawed.failed());
            });
        });
    }
}
