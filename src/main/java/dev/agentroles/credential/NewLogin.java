package dev.agentroles.credential;

import dev.agentroles.access.Secret;
import dev.agentroles.engine.Logins;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Ledger;
import dev.agentroles.problem.Failure;
import java.sql.SQLException;
import java.util.List;

/// Makes the login of a lease, or leaves nothing of it: where the server made half of it, that half is
/// ended again.
record NewLogin(Ledger ledger, Logins logins) {
    /// @param begun what the journal says before
    /// @param done what the journal says afterwards
    /// @throws Failure refused, if the environment is frozen or the agent revoked
    void make(LeaseRow row, Logins.LoginTerms terms, Secret password, List<JournalEntry> begun, JournalEntry done)
            throws SQLException {
        try {
            ledger.leases().issue(row, logins.createLogin(row.lease(), terms, password), begun, done);
        } catch (SQLException | Failure failed) {
            undo(row, done, failed);
            throw failed;
        }
    }

    /// What cannot be undone now is an orphan, which the next run settles.
    private void undo(LeaseRow row, JournalEntry done, Exception failed) {
        var lease = row.lease();
        try {
            boolean begun = ledger.leases().openOf(lease.agent()).stream()
                    .anyMatch(open -> open.lease().id().equals(lease.id()));
            if (begun) {
                logins.dropLogin(lease.login());
                ledger.leases()
                        .ended(
                                lease.id(),
                                done.at(),
                                new JournalEntry(
                                        done.at(),
                                        done.actor(),
                                        "end",
                                        done.agent(),
                                        done.lease(),
                                        "failed",
                                        "the login could not be made"));
            }
        } catch (SQLException | Failure left) {
            failed.addSuppressed(left);
        }
    }
}
