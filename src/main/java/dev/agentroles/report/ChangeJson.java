package dev.agentroles.report;

import com.grack.nanojson.JsonStringWriter;
import dev.agentroles.change.Dossier;
import dev.agentroles.change.Ran;
import dev.agentroles.change.Rehearsal;
import dev.agentroles.engine.Said;
import dev.agentroles.workspace.Result;
import java.util.List;
import java.util.Locale;

/// Change requests for machines.
public final class ChangeJson {
    private ChangeJson() {}

    /// @param command `change show`, ...
    public static String of(String command, String profile, List<Dossier> dossiers) {
        return Json.document(command, json -> {
            json.value("profile", profile);
            requests(json, dossiers);
        });
    }

    public static String list(String profile, String environment, List<Result<List<Dossier>>> results) {
        return Json.document("change list", json -> {
            json.value("profile", profile);
            json.value("environment", environment);
            Json.results(json, results, ChangeJson::requests);
        });
    }

    public static String rehearsal(String profile, Rehearsal rehearsal) {
        return Json.document("change rehearse", json -> {
            json.value("profile", profile);
            json.value("on", rehearsal.on());
            json.value("works", rehearsal.works());
            json.value("milliseconds", rehearsal.trial().took().toMillis());
            Json.texts(json, "effects", rehearsal.trial().effects());
            Json.texts(json, "notes", rehearsal.trial().notes());
            rehearsal.trial().refused().ifPresent(said -> json.value("refused", Said.firstLine(said)));
            requests(json, List.of(rehearsal.dossier()));
        });
    }

    public static String ran(String profile, Ran ran) {
        return Json.document("change run", json -> {
            json.value("profile", profile);
            json.value(
                    "outcome",
                    switch (ran) {
                        case Ran.Done done -> done.before() ? "done_before" : "done";
                        case Ran.Postponed _ -> "postponed";
                        case Ran.Failed _ -> "failed";
                        case Ran.Unseen _ -> "unseen";
                    });
            switch (ran) {
                case Ran.Done _ -> {}
                case Ran.Postponed(var _, var said) -> json.value("said", said);
                case Ran.Failed(var _, var said) -> json.value("said", said);
                case Ran.Unseen(var _, var said) -> json.value("said", said);
            }
            requests(json, List.of(ran.dossier()));
        });
    }

    private static void requests(JsonStringWriter json, List<Dossier> dossiers) {
        json.array("requests");
        for (var dossier : dossiers) {
            json.object();
            request(json, dossier);
            json.end();
        }
        json.end();
    }

    private static void request(JsonStringWriter json, Dossier dossier) {
        var request = dossier.request();
        var asked = request.asked();
        json.value("request", dossier.name());
        json.value("standing", word(dossier.standing()));
        json.value("agent", asked.agent());
        json.value("requested_by", asked.by());
        json.value("requested_at", asked.at().toString());
        json.value("reason", asked.reason());
        json.value("statement", asked.statement());
        json.value("fingerprint", dossier.fingerprint());
        json.value("environment", dossier.place().environment());
        json.value("database", dossier.place().database());
        json.value("server", dossier.place().server());
        json.value("what", dossier.form().words());
        json.value("effect", word(dossier.form().effect()));
        Json.texts(json, "warnings", dossier.form().warnings());
        dossier.form().unfit().ifPresent(why -> json.value("unfit", why));
        dossier.stopped().ifPresent(why -> json.value("stopped", why));
        request.rehearsal().ifPresent(rehearsal -> {
            json.object("rehearsal");
            json.value("on", rehearsal.on());
            json.value("at", rehearsal.at().toString());
            Json.texts(json, "outcome", rehearsal.outcome().lines().toList());
            json.end();
        });
        request.decision().ifPresent(by -> {
            json.object("decision");
            json.value("by", by.by());
            json.value("at", by.at().toString());
            json.value("reason", by.why());
            request.approval()
                    .ifPresent(approval ->
                            json.value("valid_until", approval.validUntil().toString()));
            json.end();
        });
        request.execution().ifPresent(run -> {
            json.object("run");
            json.value("by", run.by());
            json.value("started_at", run.startedAt().toString());
            run.endedAt().ifPresent(at -> json.value("ended_at", at.toString()));
            json.value("outcome", run.outcome());
            json.end();
        });
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
