package dev.agentroles.credential;

import dev.agentroles.access.RoleName;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.ledger.Claims;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Settles what a run that died has left behind. The store decides: a lease that it holds is published, one
/// that it does not hold never will be. Leases that another session is issuing right now are left to it.
///
/// @param elsewhere whether a lease stands where its agent does not read any more
/// @param paths where each agent of the profile finds its login
public record Orphans(Tools tools, Predicate<LeaseRow> elsewhere, Function<String, Optional<StorePath>> paths) {
    /// What was done.
    ///
    /// @param adopted leases that were published, which nobody had recorded
    /// @param dropped logins that nobody was told of, or that the ledger does not know
    /// @param read logins that the ledger does not know and agents read: they stay until others are published
    /// @param forgotten leases whose login is gone from the server
    /// @param failed what could not be settled, and is tried again by the next run
    public record Settled(
            List<String> adopted,
            List<RoleName> dropped,
            List<RoleName> read,
            List<String> forgotten,
            List<Problem> failed) {
        public static final Settled NOTHING = new Settled(List.of(), List.of(), List.of(), List.of(), List.of());

        public Settled {
            adopted = List.copyOf(adopted);
            dropped = List.copyOf(dropped);
            read = List.copyOf(read);
            forgotten = List.copyOf(forgotten);
            failed = List.copyOf(failed);
        }
    }

    /// @param database the entry's name in the profile
    public Settled settle(String environment, String database) throws SQLException {
        // A login and its row come in one transaction, so a login that was seen before the rows were read, and has
        // none among them, has none; and a row that was read before the logins, and has none, has lost it.
        var loginsBefore = tools.logins().leaseLogins(environment, database);
        var open = tools.ledger().leases().open();
        var loginsAfter = tools.logins().leaseLogins(environment, database).stream()
                .map(LeaseLogin::login)
                .collect(Collectors.toSet());

        var adopted = new ArrayList<String>();
        var dropped = new ArrayList<RoleName>();
        var forgotten = new ArrayList<String>();
        var pieces = new Pieces(tools.ledger());
        for (var row : open) {
            var lease = row.lease();
            switch (lease.state()) {
                case ISSUED ->
                    pieces.attempt("lease " + lease.id() + " cannot be settled", () -> settle(row, adopted, dropped));
                case PUBLISHED -> {
                    if (!loginsAfter.contains(lease.login())) {
                        pieces.attempt("lease " + lease.id() + " cannot be settled", () -> forget(row))
                                .ifPresent(forgotten::add);
                    }
                }
                case ENDED -> {}
            }
        }
        var read = new ArrayList<RoleName>();
        for (var login : unknown(loginsBefore, open)) {
            pieces.attempt(
                    "login " + login.login() + " cannot be dropped",
                    () -> isRead(login) ? read.add(login.login()) : dropped.add(dropUnknown(login)));
        }
        return new Settled(adopted, dropped, read, forgotten, pieces.failed());
    }

    private String forget(LeaseRow row) throws SQLException {
        var login = row.lease().login();
        if (!tools.logins().working(Set.of(login)).isEmpty()) {
            throw Failure.error(Stop.unmarked(login));
        }
        return new LeaseEnd(tools)
                .end(row, elsewhere, "login is gone from the server")
                .id();
    }

    /// A ledger that was put back, as with a backup of its database, has forgotten what was published since. Its
    /// agents go on with that until `rotate` publishes another.
    private boolean isRead(LeaseLogin login) {
        return login.enabled()
                && paths.apply(login.agent())
                        .flatMap(path -> tools.store().read(path).held())
                        .filter(held -> held.secret().isOf(login))
                        .isPresent();
    }

    private RoleName dropUnknown(LeaseLogin login) throws SQLException {
        new LeaseEnd(tools).end(login, "the ledger did not know it");
        return login.login();
    }

    /// @return whether it was free to be settled
    private boolean settle(LeaseRow row, List<String> adopted, List<RoleName> dropped) throws SQLException {
        var lease = row.lease();
        if (tools.ledger().claims().claimLease(lease.id()) != Claims.Claim.OURS) {
            return false;
        }
        // Where the session is lost, the claim ends with it, and what came first is not hidden.
        try (var _ = (SqlCloseable) () -> tools.ledger().claims().releaseLease(lease.id())) {
            decide(row, adopted, dropped);
            return true;
        }
    }

    private void decide(LeaseRow row, List<String> adopted, List<RoleName> dropped) throws SQLException {
        var lease = row.lease();
        if (row.purpose() == LeaseRow.Purpose.AGENT && adopt(row)) {
            adopted.add(lease.id());
            return;
        }
        dropped.add(new LeaseEnd(tools).end(lease, "it was never published").login());
    }

    private boolean adopt(LeaseRow row) throws SQLException {
        var lease = row.lease();
        var current = tools.store().read(new StorePath(row.storePath()));
        tools.faults().reached(Point.STORE_READ);
        if (!current.held()
                .filter(held -> held.secret().lease().equals(lease.id()))
                .isPresent()) {
            return false;
        }
        var entry = tools.entry("publish", lease, "adopted", "version " + current.version());
        boolean recorded = tools.ledger().leases().published(lease.id(), current.version(), entry);
        tools.faults().reached(Point.PUBLICATION_RECORDED);
        return recorded;
    }

    private static List<LeaseLogin> unknown(List<LeaseLogin> logins, List<LeaseRow> open) {
        Set<RoleName> known = open.stream().map(row -> row.lease().login()).collect(Collectors.toSet());
        return logins.stream().filter(login -> !known.contains(login.login())).toList();
    }
}
