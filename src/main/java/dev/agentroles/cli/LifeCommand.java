package dev.agentroles.cli;

import dev.agentroles.access.Naming;
import dev.agentroles.credential.Stop;
import dev.agentroles.engine.Asking;
import dev.agentroles.life.Ends;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.workspace.EachDatabase;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Result;
import dev.agentroles.workspace.Workspace;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Option;

/// A command on the leases of a profile: on all its databases at once, of which none waits for another.
abstract class LifeCommand extends ProfileCommand {
    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long a server may take for one answer; ${DEFAULT-VALUE} if not given.")
    private int timeout = 30;

    LifeCommand(World world) {
        super(world);
    }

    /// Whoever is refused afterwards reads it. It is not longer than an agent's may be.
    static void mustSayWhy(String reason) {
        if (reason.isBlank()) {
            throw Failure.usage(Problem.of("--reason is empty").remedy("say why in a few words"));
        }
        mustBeShort(reason);
    }

    /// What may be left out, too: whoever looks later reads it.
    static void mustBeShort(String reason) {
        if (reason.length() > Asking.LONGEST_REASON) {
            throw Failure.usage(Problem.of("--reason has " + reason.length() + " characters, and "
                            + Asking.LONGEST_REASON + " at most are kept")
                    .remedy("say why in a few words"));
        }
    }

    final EachDatabase databases(Workspace workspace) {
        return new EachDatabase(workspace, seconds("--timeout", timeout));
    }

    /// An agent is known to the profile or, after it was taken out there, to the ledger of a database.
    ///
    /// @throws Failure if all databases were asked and none remembers it; one that cannot be asked says so
    /// itself
    final void mustBeKnown(Workspace workspace, String agent) {
        var profile = workspace.profile();
        if (profile.agents().containsKey(agent)) {
            return;
        }
        var strange = databases(workspace).look(database -> !Ends.isRemembered(database, agent)).stream()
                .allMatch(result -> result instanceof Result.Done<Boolean> done && done.report());
        if (strange) {
            mustKnow(profile, agent);
        }
    }

    /// Does the same on every database of the profile.
    final <R> List<Result<R>> onEach(Workspace workspace, EachDatabase.Task<R> task) {
        return databases(workspace).run(database -> {
            compareClocks(database);
            return task.on(database);
        });
    }

    /// A stop, which asks a server that lets nobody in for now again until it gets in.
    ///
    /// @param command that stops them
    /// @return empty of a database to which nothing was applied yet: no login is out there
    /// @throws Failure if nothing was applied anywhere: no ledger can take the stop down
    final List<Result<Optional<Stop.Stopped>>> stop(
            String command, Workspace workspace, EachDatabase.Task<Stop.Stopped> task) {
        var results = insist(command, workspace, task);
        if (results.stream().allMatch(LifeCommand::isNothing)) {
            throw Failure.error(
                    Problem.of("nothing was ever applied to a database of "
                                    + workspace.profile().source() + ", so no login is out, and nothing was stopped")
                            .remedy(
                                    "nothing keeps a later agentroles apply from issuing logins: see to it that nobody runs it"));
        }
        return results;
    }

    private List<Result<Optional<Stop.Stopped>>> insist(
            String command, Workspace workspace, EachDatabase.Task<Stop.Stopped> task) {
        try (var _ = world().ending().amid(command)) {
            return databases(workspace)
                    .insistWhereApplied(
                            database -> {
                                compareClocks(database);
                                var stopped = task.on(database);
                                elsewhere(database);
                                return stopped;
                            },
                            this::progress);
        }
    }

    /// A stop goes to the server that makes the logins. A replica has sessions of its own.
    private void elsewhere(OpenedDatabase database) {
        if (database.entry().agentUrl().isPresent()) {
            var name = database.entry().name();
            say("note: agents of " + name + " go by agent_url: where a replica answers there, sessions of "
                    + Naming.prefix(name) + "... that are open at it were not ended; end them there");
        }
    }

    private static boolean isNothing(Result<? extends Optional<?>> result) {
        return result instanceof Result.Done<? extends Optional<?>> done
                && done.report().isEmpty();
    }

    /// How a stop ends. Where it failed nobody should take the agents for stopped.
    final Exit stopped(List<Result<Optional<Stop.Stopped>>> results) {
        var exit = end(
                results,
                report -> report.map(stopped -> stopped.failed().isEmpty() && stopped.owed() == 0)
                        .orElse(true));
        var failed = results.stream()
                .filter(Result.Failed.class::isInstance)
                .map(Result::database)
                .toList();
        if (!failed.isEmpty()) {
            say("agentroles: agents may still be at work on " + String.join(", ", failed)
                    + "; run it again until it says that they are stopped");
        }
        return exit;
    }

    /// The same after a look at what the ledger has forgotten.
    final <R> List<Result<R>> onEachCompared(Workspace workspace, EachDatabase.Task<R> task) {
        return databases(workspace).run(database -> {
            compare(database);
            return task.on(database);
        });
    }

    final Ends ends(Workspace workspace) {
        return new Ends(workspace, world().means());
    }

    /// Says what failed as a whole, and how the run ends: what was refused for safety outweighs the rest;
    /// where some of it is done, running it again does the rest.
    final <R> Exit end(List<Result<R>> results, Predicate<R> complete) {
        var failures = results.stream()
                .filter(Result.Failed.class::isInstance)
                .map(failed -> ((Result.Failed<R>) failed).failure())
                .toList();
        failures.forEach(failure -> failure.problems().forEach(problem -> say("agentroles: " + problem)));
        if (failures.stream().anyMatch(failure -> failure.exit() == Exit.REFUSED)) {
            return Exit.REFUSED;
        }
        if (!failures.isEmpty()) {
            return failures.size() == results.size() ? Exit.ERROR : Exit.PARTIAL;
        }
        boolean whole = results.stream()
                .allMatch(result -> result instanceof Result.Done<R> done && complete.test(done.report()));
        return whole ? Exit.CLEAN : Exit.PARTIAL;
    }
}
