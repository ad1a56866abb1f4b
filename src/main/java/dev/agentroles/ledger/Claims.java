package dev.agentroles.ledger;

import dev.agentroles.access.Sha256;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// Which session has something in hand: a lease that it is issuing or keeps for a program, an agent that it is
/// rotating, a change request that it runs. Locks of the server that outlive a transaction and end with the session,
/// however that dies.
public final class Claims {
    /// How long nothing may be heard of a session that has something in hand itself.
    private static final Duration SILENCE = Duration.ofMinutes(5);

    /// What every server takes for that.
    private static final Duration MOST = Duration.ofDays(24);

    private final Connection connection;
    private final Queries queries;

    Claims(Connection connection, Queries queries) {
        this.connection = connection;
        this.queries = queries;
    }

    /// Whether a session is in the middle of issuing the lease, or keeps it for a program.
    public boolean isLeaseClaimed(String lease) throws SQLException {
        return ask("claimed", leaseKey(lease));
    }

    /// Asks for the sole right to rotate an agent's login, until it is released or the session ends.
    ///
    /// @return false while another session has it
    public boolean claimAgent(String agent) throws SQLException {
        return ask("claim-alone", agentKey(agent));
    }

    /// The session that has claimed something, or what else holds the lock.
    ///
    /// @param session 0: none any more, as the transaction was prepared
    /// @param machine from where, as the server knows it
    /// @param silent since when nothing was heard of it
    /// @param outsider whether it is of another login than ours, and so no run of ours
    public record Holder(long session, String login, boolean outsider, String machine, Duration silent) {
        @Override
        public String toString() {
            return (session == 0 ? "a prepared transaction" : "session " + session) + " of login " + login;
        }
    }

    /// Who has claimed an agent; empty if nobody has any more.
    public Optional<Holder> holder(String agent) throws SQLException {
        return holder(agentKey(agent));
    }

    private Optional<Holder> holder(long key) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("holder"))) {
            statement.setLong(1, key);
            try (var row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Holder(
                                row.getLong("session"),
                                row.getString("login"),
                                row.getBoolean("outsider"),
                                row.getString("machine"),
                                Duration.ofSeconds(row.getLong("silent"))))
                        : Optional.empty();
            }
        }
    }

    /// Gives the right to rotate back.
    public void releaseAgent(String agent) throws SQLException {
        ask("release-alone", agentKey(agent));
    }

    /// Asks for the sole right to run a change request, until it is released or the session ends.
    ///
    /// @param longest how long nothing may be heard of this session, as another one runs the change
    /// @return false while another session has it
    public boolean claimChange(long id, Duration longest) throws SQLException {
        if (!ask("claim-alone", changeKey(id))) {
            return false;
        }
        var silence = longest.plus(SILENCE);
        try (var statement = connection.prepareStatement(queries.text("stay"))) {
            statement.setLong(1, (silence.compareTo(MOST) < 0 ? silence : MOST).toSeconds());
            statement.execute();
        }
        return true;
    }

    /// Who has claimed a change request; empty if nobody has any more.
    public Optional<Holder> holderOfChange(long id) throws SQLException {
        return holder(changeKey(id));
    }

    /// Gives the right to run it back.
    public void releaseChange(long id) throws SQLException {
        ask("release-alone", changeKey(id));
    }

    /// Who may decide what becomes of a lease that was issued and not published.
    public enum Claim {
        /// This session, and no other.
        OURS,
        /// Another session, which issues it, keeps it or is just ending it.
        ANOTHERS,
        /// Nobody any more: it was published, or has ended.
        OVER
    }

    /// Asks for the sole right to decide what becomes of a lease that was issued and not published.
    public Claim claimLease(String lease) throws SQLException {
        if (!ask("claim", leaseKey(lease))) {
            return Claim.ANOTHERS;
        }
        if (isIssued(lease)) {
            return Claim.OURS;
        }
        releaseLease(lease);
        return Claim.OVER;
    }

    private boolean isIssued(String lease) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("issued"))) {
            statement.setString(1, lease);
            try (var row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /// Gives a claim back.
    public void releaseLease(String lease) throws SQLException {
        ask("release", leaseKey(lease));
    }

    private boolean ask(String query, long key) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text(query))) {
            statement.setLong(1, key);
            statement.execute();
            try (var row = LeaseBook.onlyResult(statement)) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /// The lock that stands for a claim on a lease.
    static long leaseKey(String lease) {
        return key("lease " + lease);
    }

    static long changeKey(long id) {
        return key("change " + id);
    }

    static long agentKey(String agent) {
        return key("agent " + agent);
    }

    /// The name of a lock, as the server wants it: a number.
    private static long key(String claimed) {
        return Sha256.of("agentroles " + claimed).number();
    }
}
