package dev.agentroles.change;

import dev.agentroles.access.Sha256;
import dev.agentroles.engine.ServerIdentity;
import dev.agentroles.engine.StatementForm;
import dev.agentroles.ledger.ChangeRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One change request and all that a person should know who decides about it.
///
/// @param place where it would be run
/// @param form of the statement
/// @param stopped why the agent has nothing changed now, a clause; empty: it may
/// @param at when this was so, by the server's clock
public record Dossier(Place place, ChangeRequest request, StatementForm form, Optional<String> stopped, Instant at) {
    /// The exact database.
    ///
    /// @param entry the database's name in the profile
    /// @param others the other servers that the profile lets stand in this one's place, sorted
    public record Place(String environment, String entry, String server, String database, List<String> others) {
        public Place {
            others = List.copyOf(others);
        }

        static Place of(String environment, String entry, ServerIdentity identity, Set<String> servers) {
            return new Place(
                    environment,
                    entry,
                    identity.identifier(),
                    identity.database(),
                    servers.stream()
                            .filter(server -> !server.equals(identity.identifier()))
                            .sorted()
                            .toList());
        }
    }

    /// Of a fingerprint, what a person reads and types.
    private static final int SHORT = 16;

    /// As people name it: `shop/12`.
    public String name() {
        return place.entry() + "/" + request.id();
    }

    /// Over all that an approval is bound to, 64 hexadecimal digits.
    public String fingerprint() {
        return fingerprint(place.server());
    }

    private String fingerprint(String server) {
        return Sha256.ofAll(List.of(
                        "change request",
                        place.environment(),
                        place.entry(),
                        server,
                        place.database(),
                        Long.toString(request.id()),
                        request.agent(),
                        request.statement()))
                .hex();
    }

    /// Its beginning, which a person may type.
    public String shortFingerprint() {
        return fingerprint().substring(0, SHORT);
    }

    /// Whether somebody who names a fingerprint means this: its beginning or all of it.
    public boolean isMeantBy(String expected) {
        return expected.length() >= SHORT && fingerprint().startsWith(expected);
    }

    public Standing standing() {
        return switch (request.state()) {
            case REQUESTED -> Standing.REQUESTED;
            case APPROVED -> approved();
            case REJECTED -> Standing.REJECTED;
            case RUNNING -> Standing.RUNNING;
            case DONE -> Standing.DONE;
            case FAILED -> Standing.FAILED;
        };
    }

    private Standing approved() {
        var approval = request.approval().orElseThrow();
        if (!isAsApproved()) {
            return Standing.ALTERED;
        }
        return approval.validUntil().isAfter(at) ? Standing.APPROVED : Standing.EXPIRED;
    }

    /// Whether what was approved, if it was, is still what stands here, for this very database.
    public boolean isAsApproved() {
        return request.approval()
                .filter(approval -> !approval.fingerprint().equals(fingerprint()))
                .isEmpty();
    }

    /// The server that exactly this was approved for, where this one has taken its place by the profile. Empty: it
    /// was approved for this one, or is not what was approved.
    public Optional<String> approvedOn() {
        return request.approval()
                .flatMap(approval -> place.others().stream()
                        .filter(server -> approval.fingerprint().equals(fingerprint(server)))
                        .findFirst());
    }

    /// As the journal names it.
    String described() {
        return described(request.id(), form.words());
    }

    static String described(long id, String words) {
        return "change request " + id + (words.isEmpty() ? "" : ", " + words);
    }

    /// What became of it, a clause.
    String past() {
        return switch (standing()) {
            case REQUESTED -> "nobody has decided";
            case APPROVED, EXPIRED, ALTERED ->
                request.decision()
                        .map(by -> by.by() + " approved it at " + by.at())
                        .orElse("it was approved");
            case REJECTED ->
                request.decision()
                        .map(by -> by.by() + " rejected it at " + by.at()
                                + (by.why().isEmpty() ? "" : " because: " + by.why()))
                        .orElse("it was rejected");
            case RUNNING ->
                request.execution()
                        .map(run -> run.by() + " began to run " + name() + " at " + run.startedAt()
                                + " and nobody saw the end")
                        .orElse("it is being run");
            case DONE -> "it was done" + endedAt();
            case FAILED ->
                "it failed" + endedAt()
                        + request.execution().map(run -> ": " + run.outcome()).orElse("");
        };
    }

    private String endedAt() {
        return request.execution()
                .flatMap(ChangeRequest.Execution::endedAt)
                .map(at -> " at " + at)
                .orElse("");
    }
}
