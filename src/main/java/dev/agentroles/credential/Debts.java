package dev.agentroles.credential;

import dev.agentroles.access.RoleName;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.Owed;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Does the work that is owed, as far as it can be done now. What fails stays owed.
public record Debts(Tools tools) {
    /// A store that has failed so often in a run is down; the rest of its work waits for the next run.
    static final int ENOUGH = 3;

    /// @param settled what was owed and is done
    /// @param failed why the rest is still owed
    public record Settled(List<Owed> settled, List<Problem> failed) {
        public Settled {
            settled = List.copyOf(settled);
            failed = List.copyOf(failed);
        }
    }

    /// @throws SQLException if the session is lost; whatever else fails stays owed
    public Settled settle() throws SQLException {
        var settled = new ArrayList<Owed>();
        var pieces = new Pieces(tools.ledger());
        int storeFailures = 0;
        for (var owed : tools.ledger().owed().all()) {
            if (owed.work() == Owed.Work.ERASE_SECRET && storeFailures == ENOUGH) {
                continue;
            }
            var done = pieces.attempt(
                    owed.what() + " cannot be done",
                    () -> settle(owed),
                    failure -> tools.ledger()
                            .owed()
                            .failed(owed, failure.problems().getFirst().what()));
            done.ifPresent(settled::add);
            storeFailures += owed.work() == Owed.Work.ERASE_SECRET && done.isEmpty() ? 1 : 0;
        }
        if (!settled.isEmpty()) {
            tools.ledger().owed().settled(settled, this::entry);
            tools.faults().reached(Point.DEBT_SETTLED);
        }
        return new Settled(settled, pieces.failed());
    }

    private Owed settle(Owed owed) throws SQLException {
        switch (owed.work()) {
            case ERASE_SECRET -> {
                // Asked for each secret, as the work may be slow and a thaw quick.
                if (tools.ledger().stops().isStopped(owed.agent())) {
                    tools.store().forget(new StorePath(owed.object()));
                } else {
                    eraseDead(owed);
                }
                tools.faults().reached(Point.SECRET_ERASED);
            }
            case DROP_LOGIN -> {
                tools.logins().dropLogin(new RoleName(owed.object()));
                tools.faults().reached(Point.LOGIN_DROPPED);
            }
        }
        return owed;
    }

    /// While an agent is stopped nobody publishes for it, and everything goes. Afterwards a login that works
    /// may have taken the place of the one that had to go.
    private void eraseDead(Owed owed) throws SQLException {
        var path = new StorePath(owed.object());
        var current = tools.store().read(path);
        var open = tools.ledger().leases().openOf(owed.agent());
        var working = tools.logins()
                .working(open.stream().map(row -> row.lease().login()).toList());
        boolean dead = Standing.of(current, owed.agent(), open, working, tools.now()) instanceof Standing.Due;
        if (dead && current.held().isPresent()) {
            tools.store().erase(path, current.version());
        }
    }

    private JournalEntry entry(Owed owed) {
        return tools.entry("settle", Optional.of(owed.agent()), "done", owed.what());
    }
}
