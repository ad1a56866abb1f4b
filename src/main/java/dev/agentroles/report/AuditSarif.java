package dev.agentroles.report;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import dev.agentroles.access.Severity;
import dev.agentroles.access.Sha256;
import dev.agentroles.audit.AuditReport;
import dev.agentroles.audit.Audited;
import dev.agentroles.engine.Rule;
import dev.agentroles.problem.Position;
import dev.agentroles.profile.Profile;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What an audit found, in SARIF 2.1.0 (OASIS, 2020), which code scanning services show beside the profile's
/// line. A finding keeps its fingerprint from run to run; one that is waived is a suppressed result.
public final class AuditSarif {
    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

    private AuditSarif() {}

    /// @param version of agentroles
    public static String of(List<Audited> audited, String version) {
        var json = JsonWriter.indent("  ").string();
        json.object().value("$schema", SCHEMA).value("version", "2.1.0");
        json.array("runs").object();
        json.object("tool").object("driver").value("name", "agentroles").value("version", version);
        json.array("rules");
        rules(audited).forEach(rule -> rule(json, rule));
        json.end().end().end();
        invocation(json, audited);
        json.array("results");
        Audited.examined(audited).forEach(examined -> {
            var profile = examined.profile();
            examined.report().findings().forEach(located -> result(json, profile, located, Optional.empty()));
            examined.report().waived().forEach(one -> result(json, profile, one.located(), Optional.of(one.waiver())));
        });
        json.end();
        json.end().end().end();
        return json.done() + "\n";
    }

    private static List<Rule> rules(List<Audited> audited) {
        var codes = new TreeSet<String>();
        Audited.examined(audited).map(Audited.Examined::report).forEach(report -> {
            report.findings().forEach(located -> codes.add(located.finding().code()));
            report.waived().forEach(one -> codes.add(one.located().finding().code()));
        });
        return codes.stream().flatMap(code -> Rule.byCode(code).stream()).toList();
    }

    private static void rule(JsonStringWriter json, Rule rule) {
        json.object().value("id", rule.code());
        json.object("shortDescription").value("text", rule.meaning()).end();
        json.object("help").value("text", rule.cure()).end();
        json.object("defaultConfiguration")
                .value("level", level(rule.severity()))
                .end();
        json.object("properties").value("security-severity", score(rule.severity()));
        Json.texts(
                json,
                "tags",
                Stream.concat(Stream.of("security"), rule.controls().stream()).toList());
        json.end().end();
    }

    /// What could not be audited is no result: nothing is known of it.
    private static void invocation(JsonStringWriter json, List<Audited> audited) {
        var missed = audited.stream().anyMatch(one -> !one.missed().isEmpty());
        json.array("invocations").object().value("executionSuccessful", !missed);
        json.array("toolExecutionNotifications");
        for (var one : audited) {
            for (var gap : one.missed()) {
                for (var problem : gap.failure().problems()) {
                    json.object().value("level", "error");
                    json.object("message").value("text", one.told(problem)).end();
                    json.end();
                }
            }
        }
        json.end().end().end();
    }

    private static void result(
            JsonStringWriter json, Profile profile, AuditReport.Located located, Optional<Profile.Waiver> waiver) {
        var finding = located.finding();
        json.object().value("ruleId", finding.code()).value("level", level(finding.severity()));
        json.object("message").value("text", message(located)).end();
        json.array("locations").object();
        json.object("physicalLocation");
        var at = position(profile, located);
        json.object("artifactLocation").value("uri", uri(profile.source())).end();
        at.ifPresent(position -> json.object("region")
                .value("startLine", position.line())
                .value("startColumn", position.column())
                .end());
        json.end();
        json.array("logicalLocations").object();
        json.value("fullyQualifiedName", String.join("/", where(profile, located)));
        json.end().end();
        json.end().end();
        json.object("partialFingerprints")
                .value("agentroles/v1", fingerprint(profile, located))
                .end();
        json.object("properties")
                .value("security-severity", score(finding.severity()))
                .end();
        waiver.ifPresent(by -> {
            json.array("suppressions").object().value("kind", "external");
            json.value("justification", by.reason() + " (" + by.by() + ", until " + by.until() + ")");
            json.end().end();
        });
        json.end();
    }

    private static String message(AuditReport.Located located) {
        var finding = located.finding();
        var text = new StringBuilder(finding.what());
        if (!finding.path().isEmpty()) {
            text.append("\nPath: ").append(String.join(" > ", finding.path()));
        }
        text.append("\nEvidence: ").append(finding.evidence());
        if (!finding.mend().isEmpty()) {
            text.append("\nMend: ").append(String.join("\n", finding.mend()));
        }
        return text.toString();
    }

    /// The agent's line, or the database's.
    private static Optional<Position> position(Profile profile, AuditReport.Located located) {
        return located.finding()
                .subject()
                .flatMap(subject -> Optional.ofNullable(profile.agents().get(subject)))
                .map(Profile.Agent::at)
                .or(() -> Optional.ofNullable(profile.databases().get(located.database()))
                        .map(Profile.DatabaseEntry::at));
    }

    private static List<String> where(Profile profile, AuditReport.Located located) {
        return Stream.of(
                        profile.environment(),
                        located.database(),
                        located.finding().subject().orElse(""))
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static String fingerprint(Profile profile, AuditReport.Located located) {
        var finding = located.finding();
        return Sha256.ofAll(List.of(
                        finding.code(),
                        profile.environment(),
                        located.database(),
                        finding.subject().orElse(""),
                        finding.what()))
                .hex();
    }

    /// RFC 3986: relative to where the audit ran, as the profile was given.
    private static String uri(String path) {
        try {
            return new URI(null, null, path, null).getRawPath();
        } catch (URISyntaxException unwritable) {
            throw new IllegalArgumentException(path, unwritable);
        }
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case CRITICAL, HIGH -> "error";
            case MEDIUM -> "warning";
            case LOW, INFO -> "note";
        };
    }

    /// As code scanning services sort: from 9.0 critical, from 7.0 high, from 4.0 medium, above 0 low.
    private static String score(Severity severity) {
        return switch (severity) {
            case CRITICAL -> "9.5";
            case HIGH -> "8.0";
            case MEDIUM -> "5.5";
            case LOW -> "2.0";
            case INFO -> "0.0";
        };
    }
}
