package dev.agentroles.audit;

import dev.agentroles.access.Finding;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.Subject;
import dev.agentroles.ledger.Ledger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the ledger says of a database, where neither witness can: which logins it does not know, which have
/// ended meanwhile, and whether somebody touched its journal.
///
/// @param logins of the same server
public record LedgerExamination(Ledger ledger, Logins logins) {
    /// A login that ended between being listed and being examined is missing, and should be.
    public Verified withoutEnded(Verified verified, List<Subject> subjects) throws SQLException {
        var still =
                ledger.leases().open().stream().map(row -> row.lease().login()).collect(Collectors.toSet());
        var ended = subjects.stream()
                .filter(subject -> subject instanceof Subject.Login && !still.contains(subject.role()))
                .map(subject -> List.of(subject.role().value()))
                .toList();
        return verified.finding(verified.findings().stream()
                .filter(finding -> !finding.code().equals(Rule.ROLE_MISSING.code()) || !ended.contains(finding.path()))
                .toList());
    }

    public List<Finding> unknown(Subjects subjects) throws SQLException {
        var findings = new ArrayList<Finding>();
        for (var login : subjects.unknown()) {
            findings.add(Rule.LEASE_UNKNOWN.finding(
                    Optional.of(login.agent()),
                    "login %s works, and the ledger knows no lease %s".formatted(login.login(), login.lease()),
                    List.of(login.login().value()),
                    "no row of agentroles.lease",
                    logins.locking(login.login()),
                    Rule.LEASE_UNKNOWN.paths()));
        }
        return findings;
    }

    /// Walks the whole journal.
    public List<Finding> journal() throws SQLException {
        return ledger
                .journal()
                .firstBreak()
                .map(broken -> Rule.JOURNAL_BROKEN.finding(
                        Optional.empty(),
                        broken.what(),
                        List.of(),
                        "agentroles.journal from entry " + broken.seq(),
                        List.of(),
                        List.of()))
                .stream()
                .toList();
    }
}
