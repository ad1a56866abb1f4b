package dev.agentroles.report;

import com.google.gson.stream.JsonWriter;
import dev.agentroles.access.Lease;
import dev.agentroles.apply.Outcome;
import dev.agentroles.apply.Proposal;
import dev.agentroles.engine.Statement;
import dev.agentroles.plan.Description;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// Plans and outcomes for machines.
public final class PlanJson {
    private PlanJson() {}

    public static String plan(String profile, String environment, List<Proposal> proposals, String fingerprint) {
        return Json.document("plan", json -> {
            head(json, profile, environment, fingerprint);
            json.name("pending")
                    .value(proposals.stream().anyMatch(proposal -> !proposal.plan().empty()));
            json.name("databases").beginArray();
            for (var proposal : proposals) {
                json.beginObject();
                proposal(json, proposal);
                json.endObject();
            }
            json.endArray();
        });
    }

    public static String outcome(String profile, String environment, List<Outcome> outcomes, String fingerprint) {
        return Json.document("apply", json -> {
            head(json, profile, environment, fingerprint);
            json.name("complete").value(outcomes.stream().allMatch(Outcome::complete));
            json.name("databases").beginArray();
            for (var outcome : outcomes) {
                json.beginObject();
                proposal(json, outcome.proposal());
                json.name("issued").beginArray();
                for (var lease : outcome.issued()) {
                    lease(json, lease);
                }
                json.endArray();
                Json.texts(json, "ended", outcome.ended());
                Json.problems(json, "failed", outcome.failed());
                json.endObject();
            }
            json.endArray();
        });
    }

    private static void head(JsonWriter json, String profile, String environment, String fingerprint)
            throws IOException {
        json.name("profile").value(profile);
        json.name("environment").value(environment);
        json.name("fingerprint").value(fingerprint);
    }

    private static void proposal(JsonWriter json, Proposal proposal) throws IOException {
        var server = proposal.server();
        json.name("name").value(proposal.database());
        json.name("server").beginObject();
        json.name("product").value(server.product());
        json.name("version").value(server.version());
        json.name("identifier").value(server.identifier());
        json.name("database").value(server.database());
        json.name("user").value(server.user());
        json.endObject();
        json.name("fingerprint").value(proposal.plan().fingerprint());
        json.name("steps").beginArray();
        for (var step : proposal.plan().steps()) {
            var description = Description.of(step.change());
            json.beginObject();
            json.name("sign").value(Character.toString(description.sign()));
            json.name("action").value(description.action());
            json.name("text").value(description.text());
            json.name("impact").value(description.impact().name().toLowerCase(Locale.ROOT));
            Json.reason(json, step.reason());
            json.endObject();
        }
        json.endArray();
        Json.texts(
                json,
                "statements",
                proposal.rendering().statements().stream().map(Statement::sql).toList());
        json.name("missing_rights").beginArray();
        for (var right : proposal.rendering().missing()) {
            json.beginObject();
            json.name("what").value(right.what());
            Json.texts(json, "cure", right.cure());
            json.endObject();
        }
        json.endArray();
        Json.problems(json, "problems", proposal.desired().problems());
        Json.problems(json, "notices", proposal.notices());
    }

    private static void lease(JsonWriter json, Lease lease) throws IOException {
        json.beginObject();
        json.name("lease").value(lease.id());
        json.name("agent").value(lease.agent());
        json.name("login").value(lease.login().value());
        json.name("issued_at").value(lease.issuedAt().toString());
        json.name("expires_at").value(lease.expiresAt().toString());
        json.endObject();
    }
}
