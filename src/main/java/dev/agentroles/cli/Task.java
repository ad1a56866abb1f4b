package dev.agentroles.cli;

import dev.agentroles.credential.DeferredStore;
import dev.agentroles.credential.StorePath;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Nearest;
import dev.agentroles.problem.Printable;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.profile.ProfileReader;
import dev.agentroles.profile.Values;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Workspace;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/// What works with a profile, however it comes to know which.
abstract class Task {
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofDays(1);

    private static final int FEW = 10;

    private final World world;

    Task(World world) {
        this.world = world;
    }

    /// An option's seconds: a day at most, which no server needs for an answer.
    static Duration seconds(String option, int seconds) {
        if (seconds < 1 || seconds > LONGEST.toSeconds()) {
            throw Failure.usage(Problem.of(option + " takes 1 to " + LONGEST.toSeconds() + " seconds"));
        }
        return Duration.ofSeconds(seconds);
    }

    final World world() {
        return world;
    }

    /// @throws Failure if a number that was given makes no sense
    static void mustBeWithin(String option, int given, int least, int most) {
        if (given < least || given > most) {
            throw Failure.usage(Problem.of(option + " is " + given + "; it can be from " + least + " to " + most));
        }
    }

    final Profile profile(String name) {
        var profile = new ProfileReader(world.terms()).read(name, world.directory());
        profile.notices().forEach(notice -> say("note: " + notice));
        return profile;
    }

    final Workspace workspace(Profile profile) {
        var directory = Values.directoryOf(profile, world.directory());
        var own = new Values(
                world.environment(), directory, (_, _) -> Optional.empty(), notice -> say("note: " + notice));
        var store = new DeferredStore(() -> world.stores().open(profile, own));
        var values = new Values(
                world.environment(),
                directory,
                (path, field) -> store.field(new StorePath(path), field),
                notice -> say("note: " + notice));
        return new Workspace(profile, world.engines(), values, store);
    }

    /// Says so where the server's clock and ours are far apart. Nothing goes wrong by that: the server's
    /// decides.
    final void compareClocks(OpenedDatabase database) throws SQLException {
        if (!(database.look() instanceof LedgerState.Present present)) {
            return;
        }
        var ahead = present.ahead(world.clock());
        if (ahead.abs().compareTo(CLOCKS_APART) > 0) {
            say("note: the clock of database " + database.entry().name() + " is "
                    + ahead.abs().truncatedTo(ChronoUnit.SECONDS) + (ahead.isNegative() ? " behind" : " ahead of")
                    + " this machine's; the database's decides when a login ends");
        }
    }

    /// The clocks, and whether the ledger was put back. Who stops somebody waits for no such look.
    final void compare(OpenedDatabase database) throws SQLException {
        compareClocks(database);
        database.forgottenStops().problems().forEach(problem -> say("note: " + problem));
        var forgotten = database.forgotten();
        if (!forgotten.isEmpty()) {
            say("note: the ledger of database " + database.entry().name() + " never knew "
                    + (forgotten.size() == 1 ? "login " : forgotten.size() + " logins of agents, among them ")
                    + forgotten.getFirst()
                    + ": it was put back, as by a backup that was restored or a standby that lagged, and has forgotten"
                    + " every freeze and revocation since; agentroles log shows the last that it knows; stop again"
                    + " whom you had stopped");
        }
    }

    final void say(String message) {
        world.err().println(Printable.lines(message));
    }

    /// @throws Failure if the profile has no such agent
    static void mustKnow(Profile profile, String agent) {
        if (!profile.agents().containsKey(agent)) {
            var problem = Problem.of(profile.source() + " has no agent \"" + agent + "\"");
            throw Failure.usage(
                    problem.remedy(Nearest.question(agent, profile.agents().keySet())
                            .orElseGet(() -> few(profile.agents().keySet()))));
        }
    }

    /// What a profile has, where nothing of it is near what was said.
    static String few(Collection<String> names) {
        return "it has "
                + names.stream().sorted().limit(FEW).collect(Collectors.joining(", "))
                + (names.size() > FEW ? " and " + (names.size() - FEW) + " more" : "");
    }

    /// The database on which an agent is meant.
    ///
    /// @param named by whoever asks
    /// @throws Failure if that is not exactly one
    static Profile.DatabaseEntry entry(Profile profile, String agent, Optional<String> named) {
        mustKnow(profile, agent);
        var known = profile.databasesOf(agent);
        var chosen = known.stream()
                .filter(one -> named.isEmpty() || one.name().equals(named.get()))
                .toList();
        if (chosen.size() == 1) {
            return chosen.getFirst();
        }
        var names = known.stream().map(Profile.DatabaseEntry::name).toList();
        throw Failure.usage(Problem.of("agent " + agent + " has access to " + String.join(", ", names)
                        + named.map(name -> ", and not to \"" + name + "\"").orElse(""))
                .remedy(named.flatMap(name -> Nearest.question(name, names)).orElse("say which with --database")));
    }
}
