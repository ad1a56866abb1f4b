package dev.agentroles.life;

import dev.agentroles.credential.Debts;
import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.Premises;
import dev.agentroles.credential.Reaper;
import dev.agentroles.credential.Stop;
import dev.agentroles.credential.StorePath;
import dev.agentroles.credential.Tools;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.workspace.Means;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Workspace;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Ends what a profile's agents have in one database: what is over, one agent, or everything.
public record Ends(Workspace workspace, Means means) {
    /// What a thaw found.
    ///
    /// @param was the stop that is over now; empty if there was none
    /// @param forgotten whether there was one that the ledger had forgotten
    /// @param failed secrets that had to go first, and could not
    public record Thawed(Optional<StoppedBy> was, boolean forgotten, List<Problem> failed) {
        public Thawed {
            failed = List.copyOf(failed);
        }
    }

    public Reaper.Reaped reap(OpenedDatabase database) throws SQLException {
        database.guard(database.look()).mayChange();
        var reaper = new Reaper(tools(database));
        var reaped = reaper.reap(premises(database), longestSessions(database));
        database.server().tidy();
        return reaped;
    }

    public Stop.Stopped revoke(OpenedDatabase database, String agent, String reason) throws SQLException {
        database.guard(database.look()).mayChange();
        return stop(database).revoke(premises(database), agent, reason);
    }

    /// Whether the agent ever had a lease there, or is stopped there. The ledger remembers agents that the
    /// profile has no longer.
    public static boolean isRemembered(OpenedDatabase database, String agent) throws SQLException {
        return database.look() instanceof LedgerState.Present
                && (database.ledger().leases().lastDigest(agent).isPresent()
                        || database.revocation(agent).isPresent());
    }

    public Stop.Stopped freeze(OpenedDatabase database, String reason) throws SQLException {
        database.guard(database.look()).mayChange();
        return stop(database).freeze(premises(database), reason);
    }

    /// Lets logins be issued again; what was stopped stays ended.
    ///
    /// @param agent empty: the environment
    public Thawed thaw(OpenedDatabase database, Optional<String> agent) throws SQLException {
        database.guard(database.look()).mayChange();
        var was = stopOf(database, agent);
        var forgotten = database.forgottenStops().stops();
        boolean known = was.isPresent();
        if (!known && !agent.map(forgotten.agents()::contains).orElse(forgotten.frozen())) {
            return new Thawed(was, false, List.of());
        }
        var why = was.map(stop -> "was stopped by " + stop.by() + " because: " + stop.why())
                .orElse("was stopped, and the ledger had forgotten by whom");
        var tools = tools(database);
        database.ledger().journal().append(tools.entry("thaw", agent, "begun", why));
        tools.logins()
                .unmarkStopped(
                        database.profile().environment(), database.entry().name(), agent);
        // While nobody may publish, everything that has to go can go.
        var debts = new Debts(tools, database.home()).settle();
        var stops = database.ledger().stops();
        var entry = tools.entry("thaw", agent, "done", why);
        if (agent.isPresent()) {
            stops.restore(agent.get(), entry);
        } else {
            stops.thaw(entry);
        }
        tools.faults().reached(FaultPoints.Point.STOP_LIFTED);
        return new Thawed(was, !known, debts.failed());
    }

    private static Optional<StoppedBy> stopOf(OpenedDatabase database, Optional<String> agent) throws SQLException {
        return agent.isPresent() ? database.revocation(agent.get()) : database.freeze();
    }

    private Stop stop(OpenedDatabase database) throws SQLException {
        return new Stop(tools(database));
    }

    private Tools tools(OpenedDatabase database) throws SQLException {
        return means.on(database, workspace.store());
    }

    private Premises premises(OpenedDatabase database) {
        var entry = database.entry();
        Map<String, StorePath> paths = database.agents().stream()
                .collect(Collectors.toMap(Function.identity(), agent -> workspace.path(entry, agent)));
        var urls = database.engine().agentUrls(database.target().agentUrls());
        return new Premises(
                database.profile().environment(), entry.name(), database.home(), urls, paths, workspace.folder());
    }

    private static Map<String, Duration> longestSessions(OpenedDatabase database) {
        return database.profile().agentsOf(database.entry().name()).stream()
                .filter(agent -> agent.lease().bounds().maxSession().isPresent())
                .collect(Collectors.toMap(
                        Profile.Agent::name,
                        agent -> agent.lease().bounds().maxSession().orElseThrow()));
    }
}
