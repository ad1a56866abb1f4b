package dev.agentroles.life;

import dev.agentroles.apply.LeaseOrders;
import dev.agentroles.credential.Issuer;
import dev.agentroles.credential.Retirements;
import dev.agentroles.credential.Rotation;
import dev.agentroles.credential.Tools;
import dev.agentroles.engine.Threads;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.workspace.EachDatabase;
import dev.agentroles.workspace.Means;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Rotates the agents of one database, several at a time, each on a session that it has to itself.
///
/// Not by [dev.agentroles.workspace.SideSessions]: what fails there on one session is done again on the
/// caller's. An agent whose rotation failed is told here, and the next run finds what it left; and each session has
/// something to end when all is done, the predecessors of those that it rotated.
///
/// @param parallel how many sessions at most
/// @param notices takes what a person should know and what does not stop anything
/// @param progress told what is being done; both by several threads
/// @param ending whether no more agents should be begun with
public record Rotator(
        EachDatabase databases,
        Means means,
        int parallel,
        Consumer<String> notices,
        Consumer<String> progress,
        BooleanSupplier ending) {
    /// How it went for one agent.
    public sealed interface Turn {
        String agent();

        record Ended(String agent, Rotation.Outcome outcome) implements Turn {}

        /// Somebody stopped the agent.
        record Revoked(String agent, StoppedBy by) implements Turn {}

        /// What stands is as it should be, but a lease before it ends no earlier than it did.
        record Overlong(String agent, Rotation.Outcome outcome, Failure failure) implements Turn {}

        record Failed(String agent, Failure failure) implements Turn {}
    }

    /// @param chosen the agents to look at, by name
    /// @param anyway also those that are not due
    /// @return one for each agent, in alphabetical order
    /// @throws Failure refused, if the environment is frozen
    public List<Turn> rotate(OpenedDatabase database, Predicate<String> chosen, boolean anyway) throws SQLException {
        database.guard(database.look()).mayGive();
        var forgotten = database.forgottenStops();
        forgotten.mayGive();
        var revoked = database.ledger().stops().revocations();
        var turns = new ConcurrentLinkedQueue<Turn>();
        var waiting = new ConcurrentLinkedQueue<Profile.Agent>();
        for (var agent : database.profile().agentsOf(database.entry().name())) {
            var stopped = revoked.get(agent.name());
            if (stopped != null && chosen.test(agent.name())) {
                turns.add(new Turn.Revoked(agent.name(), stopped));
            } else if (chosen.test(agent.name())) {
                forgotten
                        .of(agent.name())
                        .ifPresentOrElse(
                                problem -> turns.add(new Turn.Failed(agent.name(), Failure.refused(problem))),
                                () -> waiting.add(agent));
            }
        }
        workTogether(database, new Run(waiting, turns, anyway));
        var why = ending.getAsBoolean()
                ? "the run was told to end"
                : "the sessions on " + database.entry().name() + " were lost";
        waiting.forEach(agent -> turns.add(new Turn.Failed(
                agent.name(),
                Failure.error(
                        Problem.of("the agent was not looked at: " + why).remedy("run agentroles rotate again")))));
        return turns.stream().sorted(Comparator.comparing(Turn::agent)).toList();
    }

    private void workTogether(OpenedDatabase first, Run run) {
        int more = Math.min(parallel, run.waiting().size()) - 1;
        try (var threads = Executors.newThreadPerTaskExecutor(Threads.DAEMONS)) {
            for (int i = 0; i < more; i++) {
                threads.execute(() -> {
                    try (var session = databases.open(first.entry())) {
                        work(session, run);
                    } catch (RuntimeException refused) {
                        // The sessions there are do all the work.
                        notices.accept("one session less on " + first.entry().name() + ": "
                                + Failure.unexpected("opening it", refused).getMessage());
                    }
                });
            }
            work(first, run);
        }
    }

    private record Run(Queue<Profile.Agent> waiting, Queue<Turn> turns, boolean anyway) {}

    private void work(OpenedDatabase session, Run run) {
        Tools tools;
        try {
            // With the server's clock as it was found at first.
            tools = means.on(session, databases.workspace().store());
        } catch (SQLException said) {
            notices.accept("one session less on " + session.entry().name() + ": "
                    + session.failure(said).getMessage());
            return;
        }
        var retirements = new Retirements(tools);
        var rotation = new Rotation(new Issuer(tools), retirements);
        var ended = new ArrayList<Turn.Ended>();
        for (var agent = next(run); agent != null; agent = next(run)) {
            try {
                ended.add(new Turn.Ended(agent.name(), rotate(session, rotation, agent, run.anyway())));
            } catch (RuntimeException failed) {
                var failure = Failure.unexpected("the rotation of " + agent.name(), failed);
                run.turns().add(new Turn.Failed(agent.name(), failure));
            } catch (SQLException said) {
                run.turns().add(new Turn.Failed(agent.name(), session.failure(said)));
                if (isLost(session)) {
                    break;
                }
            }
            if (retirements.areDue()) {
                run.turns().addAll(settle(session, retirements, ended));
                ended.clear();
            }
        }
        run.turns().addAll(settle(session, retirements, ended));
    }

    private Profile.@Nullable Agent next(Run run) {
        return ending.getAsBoolean() ? null : run.waiting().poll();
    }

    /// @return how it went for each agent that was rotated, now that its predecessor should end
    private static List<Turn> settle(OpenedDatabase session, Retirements retirements, List<Turn.Ended> ended) {
        try {
            var failed = retirements.settle();
            return ended.stream()
                    .<Turn>map(turn -> {
                        var said = failed.get(turn.agent());
                        return said == null ? turn : overlong(turn, session.failure(said));
                    })
                    .toList();
        } catch (RuntimeException failed) {
            // Nobody hears what ends a thread, and what was rotated must be told.
            var failure = Failure.unexpected("the end of what was replaced", failed);
            return ended.stream().<Turn>map(turn -> overlong(turn, failure)).toList();
        }
    }

    private static Turn overlong(Turn.Ended turn, Failure failure) {
        var outcome = turn.outcome() instanceof Rotation.Outcome.Rotated(var lease, var why, var _)
                ? new Rotation.Outcome.Rotated(lease, why, List.of())
                : turn.outcome();
        var problems = Retirements.overlong(turn.agent(), failure.problems());
        return new Turn.Overlong(turn.agent(), outcome, new Failure(failure.exit(), problems));
    }

    private static boolean isLost(OpenedDatabase session) {
        try {
            return session.server().connection().isClosed();
        } catch (SQLException unknown) {
            return true;
        }
    }

    private Rotation.Outcome rotate(OpenedDatabase session, Rotation rotation, Profile.Agent agent, boolean anyway)
            throws SQLException {
        var workspace = databases.workspace();
        var digest = LeaseOrders.appliedDigest(session, agent.name());
        var order = LeaseOrders.of(session, digest, name -> workspace.path(session.entry(), name), agent.name());
        var outcome = rotation.rotate(order, agent.lease().overlap(), anyway);
        if (outcome instanceof Rotation.Outcome.Rotated rotated) {
            progress.accept("rotated " + agent.name() + " on " + session.entry().name() + ": " + rotated.why());
        }
        return outcome;
    }
}
