package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Owed;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Predicate;

/// The one way in which a lease ends: the journal says that it begins, the login is dropped with its
/// sessions, and the ledger says that it is over. Whatever dies in between leaves a lease that is still
/// open, which the next run ends in the same way.
public record LeaseEnd(Tools tools) {
    /// @param why for the journal
    /// @return the lease
    public Lease end(Lease lease, String why) throws SQLException {
        end(lease, "done", why);
        return lease;
    }

    /// The same of one that was published. Where the agent reads at another path by now, nobody would look for
    /// the secret afterwards: erasing it is owed first, and [Debts] does it.
    ///
    /// @param elsewhere whether a lease stands where its agent does not read any more
    public Lease end(LeaseRow row, Predicate<LeaseRow> elsewhere, String why) throws SQLException {
        var lease = row.lease();
        if (row.purpose() == LeaseRow.Purpose.AGENT && lease.state() == Lease.State.PUBLISHED && elsewhere.test(row)) {
            tools.ledger().owed().owe(Owed.Work.ERASE_SECRET, lease.agent(), row.storePath(), tools.now());
            tools.ledger()
                    .journal()
                    .append(tools.entry(
                            "settle", Optional.of(lease.agent()), "begun", Owed.Work.ERASE_SECRET.of(row.storePath())));
        }
        return end(lease, why);
    }

    /// @param outcome for the journal, and `why`, too
    void end(Lease lease, String outcome, String why) throws SQLException {
        drop(lease.login(), tools.entry("end", lease, "begun", why));
        tools.ledger().leases().ended(lease.id(), tools.now(), tools.entry("end", lease, outcome, why));
        tools.faults().reached(Point.END_RECORDED);
    }

    /// Of one that the ledger does not know.
    void end(LeaseLogin unknown, String why) throws SQLException {
        drop(unknown.login(), entry(unknown, "begun", why));
        tools.ledger().journal().append(entry(unknown, "done", why));
        tools.faults().reached(Point.END_RECORDED);
    }

    private void drop(RoleName login, JournalEntry begun) throws SQLException {
        tools.ledger().journal().append(begun);
        tools.logins().dropLogin(login);
        tools.faults().reached(Point.LOGIN_DROPPED);
    }

    private JournalEntry entry(LeaseLogin unknown, String outcome, String why) {
        return tools.entry("end", unknown.agent(), unknown.lease(), outcome, why);
    }
}
