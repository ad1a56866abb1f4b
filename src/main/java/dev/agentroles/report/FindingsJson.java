package dev.agentroles.report;

import com.grack.nanojson.JsonStringWriter;
import dev.agentroles.access.Severity;
import dev.agentroles.audit.AuditReport;
import dev.agentroles.audit.Audited;
import dev.agentroles.engine.Rule;
import java.util.List;

/// What a verification found, for machines.
public final class FindingsJson {
    private FindingsJson() {}

    /// Of one profile, as `verify` writes it.
    public static String of(String profile, String environment, AuditReport report, Severity failOn) {
        return Json.document("verify", json -> {
            json.value("profile", profile);
            json.value("environment", environment);
            json.value("fail_on", failOn.word());
            json.value("failed", report.fails(failOn));
            report(json, report);
        });
    }

    /// Of many profiles, as `audit` writes it.
    public static String of(List<Audited> audited, Severity failOn) {
        return Json.document("audit", json -> {
            json.value("fail_on", failOn.word());
            json.value(
                    "failed",
                    Audited.examined(audited).anyMatch(one -> one.report().fails(failOn)));
            json.array("profiles");
            for (var one : audited) {
                json.object();
                json.value("profile", one.source());
                switch (one) {
                    case Audited.Examined(var profile, var report) -> {
                        json.value("environment", profile.environment());
                        report(json, report);
                    }
                    case Audited.Unread(var _, var failure) -> Json.problems(json, "problems", failure.problems());
                }
                json.end();
            }
            json.end();
        });
    }

    private static void report(JsonStringWriter json, AuditReport report) {
        json.array("findings");
        for (var located : report.findings()) {
            json.object();
            finding(json, located);
            json.end();
        }
        json.end();
        json.array("waived");
        for (var waived : report.waived()) {
            json.object();
            finding(json, waived.located());
            json.value("by", waived.waiver().by());
            json.value("reason", waived.waiver().reason());
            json.value("until", waived.waiver().until().toString());
            json.end();
        }
        json.end();
        json.array("probes");
        for (var probes : report.probes()) {
            json.object();
            json.value("database", probes.database());
            json.value("agent", probes.probed().agent());
            json.value("statements", probes.probed().attempts());
            json.value("relations_tried", probes.probed().sampled());
            json.value("relations", probes.probed().relations());
            json.end();
        }
        json.end();
        json.array("not_verified");
        for (var missed : report.missed()) {
            json.object();
            json.value("database", missed.database());
            Json.problems(json, "problems", missed.failure().problems());
            json.end();
        }
        json.end();
    }

    private static void finding(JsonStringWriter json, AuditReport.Located located) {
        var finding = located.finding();
        json.value("code", finding.code());
        json.value("severity", finding.severity().word());
        json.value("database", located.database());
        finding.subject().ifPresent(subject -> json.value("agent", subject));
        json.value("what", finding.what());
        Json.texts(json, "path", finding.path());
        json.value("evidence", finding.evidence());
        Rule.byCode(finding.code()).ifPresent(rule -> json.value("cure", rule.cure()));
        Json.texts(json, "mend", finding.mend());
        Json.texts(json, "catalogue", finding.paths());
    }
}
