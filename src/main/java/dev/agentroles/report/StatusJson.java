package dev.agentroles.report;

import com.grack.nanojson.JsonStringWriter;
import dev.agentroles.apply.AgentStatus;
import dev.agentroles.workspace.Result;
import java.util.List;
import java.util.Locale;

/// How the agents stand, for machines.
public final class StatusJson {
    private StatusJson() {}

    public static String of(String profile, List<Result<AgentStatus>> results) {
        return Json.document("status", json -> {
            json.value("profile", profile);
            Json.results(json, results, StatusJson::database);
        });
    }

    private static void database(JsonStringWriter json, AgentStatus database) {
        json.value("environment", database.environment());
        json.value("applied", database.applied());
        json.value("frozen", database.freeze().isPresent());
        database.freeze().ifPresent(freeze -> Json.stop(json, "freeze", freeze));
        json.array("agents");
        for (var row : database.rows()) {
            json.object();
            json.value("agent", row.agent());
            json.value("tiers", row.tiers().orElse(""));
            json.value("in_profile", row.tiers().isPresent());
            json.value("revoked", row.revoked().isPresent());
            row.revoked().ifPresent(by -> Json.stop(json, "revocation", by));
            json.array("leases");
            row.leases().forEach(open -> lease(json, open));
            json.end();
            json.end();
        }
        json.end();
        Json.problems(json, "problems", database.problems());
        Json.owed(json, "owed", database.owed());
        json.array("prepared_transactions");
        database.prepared().forEach(prepared -> json.value(prepared.undo()));
        json.end();
        json.value("undecided_changes", database.undecided());
        database.verified().ifPresent(entry -> {
            json.object("last_verification");
            json.value("by", entry.actor().operator());
            json.value("at", entry.at().toString());
            json.value("found", entry.detail());
            json.end();
        });
    }

    private static void lease(JsonStringWriter json, AgentStatus.OpenLease open) {
        var lease = open.lease();
        json.object();
        json.value("lease", lease.id());
        json.value("login", lease.login().value());
        json.value("state", lease.state().name().toLowerCase(Locale.ROOT));
        json.value("purpose", open.purpose().name().toLowerCase(Locale.ROOT));
        json.value("published", open.published());
        json.value("works", open.works());
        json.value("sessions", open.sessions());
        json.value("issued_at", lease.issuedAt().toString());
        json.value("expires_at", lease.expiresAt().toString());
        json.end();
    }
}
