package dev.agentroles.change;

import dev.agentroles.problem.Printable;
import dev.agentroles.profile.Profile;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// What a person signs who approves a request: readable, and always the same text for the same approval. The
/// fingerprint in it binds the exact statement, which stands below it escaped.
///
/// @param until how long the approval is good for, in whole seconds
public record ApprovalDocument(Dossier dossier, Instant until) {
    private static final String UNTIL = "until: ";

    public ApprovalDocument {
        until = until.truncatedTo(ChronoUnit.SECONDS);
    }

    public String text() {
        var place = dossier.place();
        return """
                agentroles: approval of a schema change
                request: %s
                environment: %s
                database: %s
                server: %s
                agent: %s
                fingerprint: %s
                %s%s
                statement:
                %s
                """.formatted(
                        dossier.name(),
                        place.environment(),
                        Printable.line(place.database()),
                        Printable.line(place.server()),
                        Printable.line(dossier.request().agent()),
                        dossier.fingerprint(),
                        UNTIL,
                        until,
                        Printable.lines(dossier.request().statement()));
    }

    /// The document that somebody has, if it is one of this request.
    public static Optional<ApprovalDocument> of(Dossier dossier, String text) {
        return text.lines()
                .filter(line -> line.startsWith(UNTIL))
                .findFirst()
                .flatMap(line -> instant(line.substring(UNTIL.length())))
                .map(until -> new ApprovalDocument(dossier, until))
                .filter(document -> document.text().equals(text));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /// Whose key signed it.
    ///
    /// @return the name behind the key; empty: none of theirs did
    Optional<String> signer(List<Profile.Approver> approvers, String signature) {
        var text = text();
        return approvers.stream()
                .filter(approver -> SshSignature.isBy(approver.key(), text, signature))
                .map(Profile.Approver::name)
                .findFirst();
    }
}
