package dev.agentroles.engine;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.access.SessionBounds;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The logins of one database: made, proven, ended. What a lease needs of a server, and no more.
public interface Logins {
    /// The statements that make `lease` a login of its agent, with a verifier in place of the password. Run
    /// by the ledger's transaction, so that the login and its row stand or fall together. The first makes a
    /// login that is nobody's yet, and gets in the way of no other change.
    List<String> createLogin(Lease lease, LoginTerms terms, Secret password) throws SQLException;

    /// What the role of an agent has now, whatever a profile says.
    Held held(RoleName agentRole) throws SQLException;

    /// Logs in as an agent would, and looks around without writing anything.
    ///
    /// @param url by which the agent logs in
    /// @param agentRole whose power the login must have
    Proof prove(String url, RoleName login, Secret password, RoleName agentRole);

    /// The statements by which logins end then, and no later. Run by the ledger's transaction; they fail where
    /// somebody holds one of the logins, an agent perhaps, and wait for nobody.
    List<String> expireLogins(Map<RoleName, Instant> ends) throws SQLException;

    /// The statements by which logins take no new session from now on and never again; open ones go on. Run
    /// by the ledger's transaction; they fail where somebody holds one of the logins for longer than a moment.
    List<String> closeLogins(Collection<RoleName> logins, Instant at) throws SQLException;

    /// The same for one login that its own sessions may hold: they are told to end in the same breath, so that
    /// none is back before.
    default List<String> forceClosed(RoleName login, Instant at) throws SQLException {
        return closeLogins(List.of(login), at);
    }

    /// What a database administrator types so that a login takes no new session.
    List<String> locking(RoleName login) throws SQLException;

    /// What roles and logins of ours have on this server.
    Remains remains(Collection<RoleName> roles) throws SQLException;

    /// Which of these the server has and lets log in.
    Set<RoleName> working(Collection<RoleName> logins) throws SQLException;

    /// Which of these the server has and holds to no time that is over by now, closed ones among them.
    Set<RoleName> unexpired(Collection<RoleName> logins) throws SQLException;

    /// How many sessions these logins have open; without those that have none.
    Map<RoleName, Integer> sessions(Collection<RoleName> logins) throws SQLException;

    /// Ends sessions of these logins that began before a time, and waits until they have ended.
    ///
    /// @return how many there were
    int endSessions(Collection<RoleName> logins, Instant startedBefore) throws SQLException;

    /// Ends whatever a login has open that may keep it from being changed: its sessions and, where the server
    /// has such, changes of itself that it has prepared. As long as it can log in it may come back.
    ///
    /// @return how many sessions there were
    int release(RoleName login) throws SQLException;

    /// The same failure and, where it is that somebody held what we waited for, who does and what ends that.
    default SQLException named(SQLException failed) throws SQLException {
        return failed;
    }

    /// Takes from closed logins the power of their agents. The server shows a session a while after it has decided
    /// to let it in, and the client has a say in how long that is: one that shows itself when the others have been
    /// ended has no power.
    void disempower(Collection<RoleName> logins) throws SQLException;

    /// Keeps sessions of closed logins that could not be ended from changing anything, where the guard of
    /// writers must be told that. Not before sessions have been ended: their transactions may hold what
    /// must be written.
    void disarm(Collection<RoleName> logins, Instant at) throws SQLException;

    /// Ends a login: no new session, the open ones ended, the role dropped. Absent is as good as dropped.
    ///
    /// @throws dev.agentroles.problem.Failure refused, if the role does not carry the mark of a lease; an
    /// error, if it owns something, which is named: it cannot log in any more, and stays until that is gone
    void dropLogin(RoleName login) throws SQLException;

    /// Transactions that were prepared and outlive their sessions: of agents, of logins that are gone, and
    /// all where the server does not say whose they are.
    List<PreparedTransaction> preparedTransactions() throws SQLException;

    /// What stops have left beside the ledger. Nothing, where the server keeps what it knows of agents in the ledger's
    /// own databases, or has no place for it.
    ///
    /// @param database the entry's name in the profile
    default StopMarks stopMarks(String environment, String database) throws SQLException {
        return StopMarks.NONE;
    }

    /// Leaves beside the ledger that an agent is stopped, or all of them. Waits for nobody longer than a moment.
    ///
    /// @param agent empty: the environment
    default void markStopped(String environment, String database, Optional<String> agent, Instant at)
            throws SQLException {}

    /// Takes that back.
    ///
    /// @param agent empty: the environment, and no agent that is stopped by itself
    default void unmarkStopped(String environment, String database, Optional<String> agent) throws SQLException {}

    /// The leases that the server has, by their marks.
    ///
    /// @param database the entry's name in the profile
    List<LeaseLogin> leaseLogins(String environment, String database) throws SQLException;

    /// The same, and logins that are called as those of leases and carry no mark of ours. Where the server keeps no
    /// text on an account its mark stands in the ledger, and goes back with that when a backup is restored.
    ///
    /// @param database the entry's name in the profile
    default Leases leases(String environment, String database) throws SQLException {
        return new Leases(leaseLogins(environment, database), Set.of());
    }

    /// @param unmarked the server lets them in
    record Leases(List<LeaseLogin> marked, Set<RoleName> unmarked) {
        public Leases {
            marked = List.copyOf(marked);
            unmarked = Set.copyOf(unmarked);
        }
    }

    /// @param roles that it is a member of
    record Held(AgentUrls urls, Set<RoleName> roles) {
        public Held {
            roles = Set.copyOf(roles);
        }
    }

    /// @param databases in which they hold or own something; empty where the server does not keep account of it
    /// @param dropping what a database administrator types so that nothing is left of them
    record Remains(Optional<List<String>> databases, List<String> dropping) {
        public Remains {
            dropping = List.copyOf(dropping);
        }
    }

    /// @param what it is and who can end it, in words
    /// @param undo the statement that ends it and changes nothing
    record PreparedTransaction(String what, String undo) {}

    /// @param agentRole whose member the login is
    /// @param connections how many sessions at once
    /// @param bounds a convenience: the agent can lift them
    record LoginTerms(RoleName agentRole, String mark, int connections, SessionBounds bounds) {}

    /// Whether a login does what it was made for.
    sealed interface Proof {
        record Proven() implements Proof {}

        /// What time may change.
        enum Verdict {
            /// The server may not have been reached.
            UNREACHED,
            /// The server turned the login away, or let it in without the power of its agent, as one does
            /// that has not heard of it yet: a replica, or a pooler with a list of its own. One that never
            /// will says the same.
            NOT_YET,
            /// The login came in somewhere else or as somebody else, or cannot come where the URL leads.
            NEVER;

            /// Whether the server itself said so.
            public boolean certain() {
                return this != UNREACHED;
            }
        }

        /// @param what went wrong, in a clause; never a secret
        record Disproved(String what, Verdict verdict) implements Proof {
            /// Drivers say some things in paragraphs.
            public Disproved {
                what = what.replaceAll("\\s*\\R\\s*", " ");
            }

            /// The login came in, and is not what it should be.
            public Disproved(String what) {
                this(what, Verdict.NEVER);
            }
        }
    }
}
