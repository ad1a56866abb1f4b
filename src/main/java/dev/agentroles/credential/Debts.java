package dev.agentroles.credential;

import dev.agentroles.access.RoleName;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Owed;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Does the work that is owed, as far as it can be done now. What fails stays owed.
///
/// @param home of the leases
public record Debts(Tools tools, Home home) {
    /// @param settled what was owed and is done
    /// @param failed why the rest is still owed; and secrets of another server, which are left
    public record Settled(List<Owed> settled, List<Problem> failed) {
        public Settled {
            settled = List.copyOf(settled);
            failed = List.copyOf(failed);
        }
    }

    /// @throws SQLException if the session is lost; whatever else fails stays owed
    public Settled settle() throws SQLException {
        var settled = new ArrayList<Owed>();
        var left = new ArrayList<Owed>();
        var pieces = new Pieces(tools.ledger());
        var secrets = new ArrayList<Owed>();
        for (var owed : tools.ledger().owed().all()) {
            switch (owed.work()) {
                case ERASE_SECRET -> secrets.add(owed);
                case DROP_LOGIN -> attempt(owed, pieces, () -> drop(owed)).ifPresent(_ -> settled.add(owed));
            }
        }
        // What the store does not take now waits for the next run.
        new StoreRound<>(tools, pieces, owed -> new StorePath(owed.object()), Owed::agent)
                .each(secrets, (reading, piece) -> {
                    var owed = reading.of();
                    var ours = attempt(owed, piece, () -> erase(reading, piece));
                    ours.ifPresent(all -> (all ? settled : left).add(owed));
                    return ours.isPresent();
                });
        if (!settled.isEmpty() || !left.isEmpty()) {
            tools.ledger().owed().settled(settled, owed -> entry(owed, "done"));
            tools.ledger().owed().settled(left, owed -> entry(owed, "left"));
            tools.faults().reached(Point.DEBT_SETTLED);
        }
        return new Settled(settled, pieces.failed());
    }

    private <R> Optional<R> attempt(Owed owed, Pieces pieces, Pieces.Piece<R> work) throws SQLException {
        return pieces.attempt(
                // In the words of whoever came to owe it in the same run.
                switch (owed.work()) {
                    case DROP_LOGIN -> "login " + owed.object() + " cannot be dropped";
                    case ERASE_SECRET -> owed.what() + " cannot be done";
                },
                work,
                failure -> tools.ledger()
                        .owed()
                        .failed(owed, failure.problems().getFirst().what()));
    }

    private RoleName drop(Owed owed) throws SQLException {
        var login = new RoleName(owed.object());
        tools.logins().dropLogin(login);
        tools.faults().reached(Point.LOGIN_DROPPED);
        return login;
    }

    /// While an agent is stopped nobody publishes for it, and everything of ours goes. Afterwards a login that
    /// works may have taken the place of the one that had to go.
    ///
    /// @return false if what stands there is another server's
    private boolean erase(Readings.Reading<Owed> reading, Pieces pieces) throws SQLException {
        var owed = reading.of();
        var path = reading.path();
        var current = reading.current();
        var open = tools.ledger().leases().openOf(owed.agent());
        if (Standing.isOfAnother(home, current, open, tools.now())) {
            eraseBefore(path, current, open);
            tools.faults().reached(Point.SECRET_ERASED);
            pieces.add(List.of(Standing.ofAnother("a secret is left: ", home, path, current)));
            return false;
        }
        // Asked for each secret, as the work may be slow and a thaw quick.
        if (tools.ledger().stops().isStopped(owed.agent())) {
            tools.store().forget(path);
        } else {
            eraseDead(owed, path, current, open);
        }
        tools.faults().reached(Point.SECRET_ERASED);
        return true;
    }

    /// What was published there before the other server's.
    private void eraseBefore(StorePath path, SecretStore.Current current, List<LeaseRow> open) {
        open.stream()
                .filter(row -> row.storePath().equals(path.value()))
                .flatMap(row -> row.lease().storeVersion().stream())
                .filter(version -> version < current.version())
                .forEach(version -> tools.store().erase(path, version));
    }

    private void eraseDead(Owed owed, StorePath path, SecretStore.Current current, List<LeaseRow> open)
            throws SQLException {
        var working = tools.logins()
                .working(open.stream().map(row -> row.lease().login()).toList());
        boolean dead = Standing.of(current, owed.agent(), open, working, tools.now()) instanceof Standing.Due;
        if (dead && current.held().isPresent()) {
            tools.store().erase(path, current.version());
        }
    }

    private JournalEntry entry(Owed owed, String outcome) {
        return tools.entry("settle", Optional.of(owed.agent()), outcome, owed.what());
    }
}
