package dev.agentroles.report;

import com.grack.nanojson.JsonStringWriter;
import dev.agentroles.access.Lease;
import dev.agentroles.credential.Rotation.Outcome;
import dev.agentroles.life.Rotator.Turn;
import dev.agentroles.workspace.Result;
import java.util.List;

/// What a rotation did for each agent, for machines.
public final class RotationJson {
    private RotationJson() {}

    public static String of(String profile, String environment, List<Result<List<Turn>>> results) {
        return Json.document("rotate", json -> {
            json.value("profile", profile);
            json.value("environment", environment);
            Json.results(json, results, RotationJson::turns);
        });
    }

    private static void turns(JsonStringWriter json, List<Turn> turns) {
        json.array("agents");
        for (var turn : turns) {
            json.object();
            json.value("agent", turn.agent());
            switch (turn) {
                case Turn.Ended(var _, var outcome) -> outcome(json, outcome);
                case Turn.Overlong(var _, var outcome, var failure) -> {
                    outcome(json, outcome);
                    Json.problems(json, "problems", failure.problems());
                }
                case Turn.Revoked(var _, var by) -> {
                    json.value("outcome", "revoked");
                    json.value("revoked_by", by.by());
                    json.value("reason", by.why());
                }
                case Turn.Failed(var _, var failure) -> {
                    json.value("outcome", "failed");
                    Json.problems(json, "problems", failure.problems());
                }
            }
            json.end();
        }
        json.end();
    }

    private static void outcome(JsonStringWriter json, Outcome outcome) {
        switch (outcome) {
            case Outcome.Rotated(var lease, var why, var retired) -> {
                json.value("outcome", "rotated");
                json.value("reason", why);
                lease(json, lease);
                Json.texts(json, "retired", retired.stream().map(Lease::id).toList());
                retired.stream()
                        .findFirst()
                        .ifPresent(one ->
                                json.value("retired_until", one.expiresAt().toString()));
            }
            case Outcome.Current(var lease, var due) -> {
                json.value("outcome", "current");
                json.value("due_at", due.toString());
                lease(json, lease);
            }
            case Outcome.Elsewhere() -> json.value("outcome", "elsewhere");
        }
    }

    private static void lease(JsonStringWriter json, Lease lease) {
        json.value("lease", lease.id());
        json.value("login", lease.login().value());
        json.value("issued_at", lease.issuedAt().toString());
        json.value("expires_at", lease.expiresAt().toString());
    }
}
