package dev.agentroles.credential;

import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.engine.Logins;
import dev.agentroles.ledger.Journal;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Owed;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Stops one agent, or all of an environment, in one database: no new login, no open session, no secret.
/// Takes no lock that another run may hold, and needs no store: what cannot be erased now is owed.
///
/// Where it dies, doing it again finishes it, and so does [Reaper].
public record Stop(Tools tools) {
    /// A login is made within milliseconds.
    private static final Duration ISSUERS = Duration.ofMillis(500);

    private static final int ATTEMPTS = 3;

    /// @param logins that were closed
    /// @param sessions that were ended
    /// @param owed secrets that are still in the store
    /// @param failed what could not be done, and is tried again by `reap`
    public record Stopped(int logins, int sessions, int owed, List<Problem> failed) {
        public Stopped {
            failed = List.copyOf(failed);
        }
    }

    /// Stops all agents of the environment, and every agent that is still to come.
    ///
    /// @param reason for the journal and for whoever is refused
    public Stopped freeze(Premises premises, String reason) throws SQLException {
        var pieces = new Pieces(tools.ledger());
        pieces.add(restoreHead(Optional.empty()));
        var freeze = new StoppedBy(tools.actor().operator(), tools.now(), reason);
        tools.ledger().stops().freeze(freeze, tools.entry("freeze", Optional.empty(), "begun", reason));
        tools.faults().reached(Point.STOP_RECORDED);
        var stopped = stop(premises, Optional.empty(), pieces);
        tools.ledger().journal().append(tools.entry("freeze", Optional.empty(), outcome(stopped), detail(stopped)));
        return stopped;
    }

    /// Stops one agent.
    ///
    /// @param reason for the journal and for whoever is refused
    public Stopped revoke(Premises premises, String agent, String reason) throws SQLException {
        var pieces = new Pieces(tools.ledger());
        pieces.add(restoreHead(Optional.of(agent)));
        var revocation = new StoppedBy(tools.actor().operator(), tools.now(), reason);
        tools.ledger().stops().revoke(agent, revocation, tools.entry("revoke", Optional.of(agent), "begun", reason));
        tools.faults().reached(Point.STOP_RECORDED);
        var stopped = stop(premises, Optional.of(agent), pieces);
        tools.ledger().journal().append(tools.entry("revoke", Optional.of(agent), outcome(stopped), detail(stopped)));
        return stopped;
    }

    /// Whatever else waits until somebody has found out who emptied it, a stop does not.
    private List<Problem> restoreHead(Optional<String> agent) throws SQLException {
        boolean gone = tools.ledger()
                .journal()
                .restoreHead(tools.entry(Journal.HEAD, agent, "done", "put back behind the last entry there was"));
        return gone
                ? List.of(Problem.of("the journal had lost its head: somebody emptied table agentroles.journal_head; it"
                                + " was put back behind the last entry, and entries may be missing before that")
                        .remedy("find out who did; agentroles verify tells the place"))
                : List.of();
    }

    /// Finishes what a run that recorded the stop did not get to do.
    ///
    /// @param agent empty: all of them
    Stopped stop(Premises premises, Optional<String> agent) throws SQLException {
        return stop(premises, agent, new Pieces(tools.ledger()));
    }

    private Stopped stop(Premises premises, Optional<String> agent, Pieces pieces) throws SQLException {
        if (!tools.ledger().stops().awaitIssuers(ISSUERS)) {
            pieces.add(List.of(Problem.of("a run that is just making a login for " + premises.database()
                            + " does not end; what it makes cannot be stopped yet")
                    .remedy("run agentroles reap in a moment")));
        }
        var now = tools.now();
        var closed = close(premises, agent, now, pieces);
        tools.faults().reached(Point.LOGINS_CLOSED);
        var ended = endSessions(premises, agent, now, pieces);
        pieces.attempt("logins that are closed keep their power in sessions that hide", () -> {
            var names = names(premises, agent);
            tools.logins().disempower(names);
            return names.size();
        });
        // MariaDB leaves its role to who came out before it was taken.
        int late =
                ended.isEmpty() ? 0 : endSessions(premises, agent, now, pieces).orElse(0);
        int sessions = closed.sessions() + ended.orElse(0) + late;
        pieces.attempt("what still works cannot be looked for", () -> stillWorking(premises, agent))
                .ifPresent(pieces::add);
        pieces.attempt("the guard cannot be told that logins are closed", () -> {
            var names = names(premises, agent);
            tools.logins().disarm(names, now);
            return names.size();
        });
        pieces.attempt("prepared transactions cannot be looked for", () -> prepared(tools.logins(), premises))
                .ifPresent(pieces::add);
        // Last of all at the server: it helps only whoever restores a backup one day.
        pieces.attempt(
                "a restore of the database would make the ledger forget this stop, and nothing would tell", () -> {
                    tools.logins().markStopped(premises.environment(), premises.database(), agent, now);
                    return agent;
                });
        tools.faults().reached(Point.SESSIONS_ENDED);
        pieces.add(new Debts(tools, premises.home()).settle().failed());
        int secrets = (int) tools.ledger().owed().all().stream()
                .filter(owed -> owed.work() == Owed.Work.ERASE_SECRET)
                .count();
        return new Stopped(closed.logins(), sessions, secrets, pieces.failed());
    }

    /// They hold what an agent wrote that may be out by now.
    static List<Problem> prepared(Logins logins, Premises premises) throws SQLException {
        return logins.preparedTransactions().stream()
                .map(prepared -> Problem.of("on " + premises.database() + ", " + prepared.what())
                        .remedy("if none of your applications is about to commit it: " + prepared.undo()))
                .toList();
    }

    private Optional<Integer> endSessions(Premises premises, Optional<String> agent, Instant now, Pieces pieces)
            throws SQLException {
        return pieces.attempt("sessions cannot be ended", () -> endSessions(premises, agent, now));
    }

    private int endSessions(Premises premises, Optional<String> agent, Instant now) throws SQLException {
        return tools.logins().endSessions(names(premises, agent), now.plus(Duration.ofDays(1)));
    }

    private List<RoleName> names(Premises premises, Optional<String> agent) throws SQLException {
        return all(premises, agent).stream().map(LeaseLogin::login).toList();
    }

    private List<LeaseLogin> all(Premises premises, Optional<String> agent) throws SQLException {
        return tools.logins().leaseLogins(premises.environment(), premises.database()).stream()
                .filter(login -> agent.isEmpty() || agent.get().equals(login.agent()))
                .toList();
    }

    /// @param sessions that had to be ended first
    private record Closed(int logins, int sessions) {}

    /// All in one transaction. What an agent has open may hold its login, so where that fails all their
    /// sessions are ended, and at last each login is closed by itself: one that cannot be, because somebody
    /// else holds it, it is gone, or the administrator may not alter it, must not save the others.
    private Closed close(Premises premises, Optional<String> agent, Instant now, Pieces pieces) throws SQLException {
        var secrets = secrets(premises, agent);
        int sessions = 0;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            var open = enabled(premises, agent);
            try {
                var names = open.stream().map(LeaseLogin::login).toList();
                record(agent, now, open, tools.logins().closeLogins(names, now), secrets);
                return new Closed(open.size(), sessions);
            } catch (SQLException refused) {
                if (attempt == ATTEMPTS && open.isEmpty()) {
                    throw tools.logins().named(refused);
                }
                sessions += despite(refused, () -> endSessions(premises, agent, now));
            }
        }
        record(agent, now, List.of(), List.of(), secrets);
        var all = new Closed(0, sessions);
        for (var login : enabled(premises, agent)) {
            var one = pieces.attempt(
                            "login " + login.login() + " cannot be closed",
                            "have a database administrator keep it from logging in, then run agentroles reap",
                            () -> close(login, now))
                    .orElse(new Closed(0, 0));
            all = new Closed(all.logins() + one.logins(), all.sessions() + one.sessions());
        }
        return all;
    }

    private Closed close(LeaseLogin login, Instant now) throws SQLException {
        int sessions = 0;
        for (int attempt = 1; ; attempt++) {
            try {
                var closing = tools.logins().forceClosed(login.login(), now);
                record(Optional.of(login.agent()), now, List.of(login), closing, Map.of());
                return new Closed(1, sessions);
            } catch (SQLException refused) {
                if (attempt == ATTEMPTS) {
                    throw tools.logins().named(refused);
                }
                sessions += despite(refused, () -> tools.logins().release(login.login()));
            }
        }
    }

    /// What fails here matters no more if the next attempt succeeds, and is not why that failed if it does not.
    private static int despite(SQLException refused, Pieces.Piece<Integer> remedy) {
        try {
            return remedy.run();
        } catch (SQLException | Failure failed) {
            refused.addSuppressed(failed);
            return 0;
        }
    }

    /// What the ledger knows and was not found by its mark, as somebody has replaced or removed that. It may be
    /// in use for something else by now, so it is named and not touched.
    private List<Problem> stillWorking(Premises premises, Optional<String> agent) throws SQLException {
        var unmarked = open(agent).stream()
                .filter(row -> row.purpose() != LeaseRow.Purpose.PROBE)
                .map(row -> row.lease().login())
                .collect(Collectors.toCollection(TreeSet::new));
        all(premises, agent).forEach(login -> unmarked.remove(login.login()));
        var working = tools.logins().working(unmarked);
        var problems = new ArrayList<Problem>();
        working.stream().sorted().map(Stop::unmarked).forEach(problems::add);
        var strange = new TreeSet<>(tools.logins()
                .leases(premises.environment(), premises.database())
                .unmarked());
        strange.removeAll(working);
        for (var login : strange) {
            if (agent.isEmpty()
                    || login.equals(Naming.leaseLogin(premises.database(), agent.get(), Naming.leaseOf(login)))) {
                problems.add(forgotten(login));
            }
        }
        return List.copyOf(problems);
    }

    /// Where the marks are the ledger's, one that was put back has lost those of logins that it never knew.
    private Problem forgotten(RoleName login) throws SQLException {
        return Problem.of("login " + login + " still works and is called as one that was issued to an agent, but it"
                        + " carries no mark of a lease, so agentroles will not touch it")
                .remedy("if the ledger was put back, as by a backup that was restored, it is such a login: have a"
                        + " database administrator run "
                        + String.join("; ", tools.logins().locking(login))
                        + ", end its sessions, and drop it");
    }

    static Problem unmarked(RoleName login) {
        return Problem.of("login " + login + " still works and was issued to an agent, but it no longer carries the"
                        + " mark of a lease, so agentroles will not touch it")
                .remedy("find out who replaced the mark, and drop it by hand if it is not needed");
    }

    private List<LeaseRow> open(Optional<String> agent) throws SQLException {
        return agent.isPresent()
                ? tools.ledger().leases().openOf(agent.get())
                : tools.ledger().leases().open();
    }

    private List<LeaseLogin> enabled(Premises premises, Optional<String> agent) throws SQLException {
        return all(premises, agent).stream().filter(LeaseLogin::enabled).toList();
    }

    /// @param statements that close the logins
    private void record(
            Optional<String> agent,
            Instant now,
            List<LeaseLogin> closing,
            List<String> statements,
            Map<String, String> secrets)
            throws SQLException {
        var closed = closing.stream()
                .map(login -> tools.entry("close", login.agent(), login.lease(), "done", "login " + login.login()))
                .toList();
        var begun = secrets.entrySet().stream()
                .map(secret -> tools.entry(
                        "settle", Optional.of(secret.getValue()), "begun", Owed.Work.ERASE_SECRET.of(secret.getKey())))
                .toList();
        tools.ledger().stops().stop(agent, now, statements, secrets, closed, begun);
    }

    private Map<String, String> secrets(Premises premises, Optional<String> agent) throws SQLException {
        var secrets = new TreeMap<String, String>();
        premises.paths().forEach((name, path) -> {
            if (agent.isEmpty() || agent.get().equals(name)) {
                secrets.put(path.value(), name);
            }
        });
        open(agent).stream()
                .filter(row -> row.purpose() == LeaseRow.Purpose.AGENT)
                .forEach(row -> secrets.put(row.storePath(), row.lease().agent()));
        return secrets;
    }

    private static String outcome(Stopped stopped) {
        return stopped.failed().isEmpty() ? "done" : "partly";
    }

    private static String detail(Stopped stopped) {
        return stopped.logins() + " logins closed, " + stopped.sessions() + " sessions ended, " + stopped.owed()
                + " secrets owed";
    }
}
