package dev.agentroles.report;

import com.grack.nanojson.JsonStringWriter;
import dev.agentroles.access.Lease;
import dev.agentroles.apply.Outcome;
import dev.agentroles.apply.Proposal;
import dev.agentroles.engine.Statement;
import dev.agentroles.plan.Description;
import java.util.List;
import java.util.Locale;

/// Plans and outcomes for machines.
public final class PlanJson {
    private PlanJson() {}

    public static String plan(String profile, String environment, List<Proposal> proposals, String fingerprint) {
        return Json.document("plan", json -> {
            head(json, profile, environment, fingerprint);
            json.value(
                    "pending",
                    proposals.stream().anyMatch(proposal -> !proposal.plan().empty()));
            json.array("databases");
            for (var proposal : proposals) {
                json.object();
                proposal(json, proposal);
                json.end();
            }
            json.end();
        });
    }

    public static String outcome(String profile, String environment, List<Outcome> outcomes, String fingerprint) {
        return Json.document("apply", json -> {
            head(json, profile, environment, fingerprint);
            json.value("complete", outcomes.stream().allMatch(Outcome::complete));
            json.array("databases");
            for (var outcome : outcomes) {
                json.object();
                proposal(json, outcome.proposal());
                json.array("issued");
                for (var lease : outcome.issued()) {
                    lease(json, lease);
                }
                json.end();
                Json.texts(json, "ended", outcome.ended());
                Json.problems(json, "failed", outcome.failed());
                json.end();
            }
            json.end();
        });
    }

    private static void head(JsonStringWriter json, String profile, String environment, String fingerprint) {
        json.value("profile", profile);
        json.value("environment", environment);
        json.value("fingerprint", fingerprint);
    }

    private static void proposal(JsonStringWriter json, Proposal proposal) {
        var server = proposal.server();
        json.value("name", proposal.database());
        json.object("server");
        json.value("product", server.product());
        json.value("version", server.version());
        json.value("identifier", server.identifier());
        json.value("database", server.database());
        json.value("user", server.user());
        json.end();
        json.value("fingerprint", proposal.plan().fingerprint());
        json.array("steps");
        for (var step : proposal.plan().steps()) {
            var description = Description.of(step.change());
            json.object();
            json.value("sign", Character.toString(description.sign()));
            json.value("action", description.action());
            json.value("text", description.text());
            json.value("impact", description.impact().name().toLowerCase(Locale.ROOT));
            Json.reason(json, step.reason());
            json.end();
        }
        json.end();
        Json.texts(
                json,
                "statements",
                proposal.rendering().statements().stream().map(Statement::sql).toList());
        json.array("missing_rights");
        for (var right : proposal.rendering().missing()) {
            json.object();
            json.value("what", right.problem().toString());
            json.value("holds_up", right.holdsUp());
            Json.texts(json, "cure", right.cure());
            json.end();
        }
        json.end();
        Json.problems(json, "problems", proposal.desired().problems());
        Json.problems(json, "refused", proposal.refused());
        Json.problems(json, "notices", proposal.notices());
    }

    private static void lease(JsonStringWriter json, Lease lease) {
        json.object();
        json.value("lease", lease.id());
        json.value("agent", lease.agent());
        json.value("login", lease.login().value());
        json.value("issued_at", lease.issuedAt().toString());
        json.value("expires_at", lease.expiresAt().toString());
        json.end();
    }
}
