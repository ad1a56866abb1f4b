package dev.agentroles.workspace;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Naming;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import dev.agentroles.credential.Home;
import dev.agentroles.engine.Engine;
import dev.agentroles.engine.Server;
import dev.agentroles.engine.StopMarks;
import dev.agentroles.engine.Target;
import dev.agentroles.ledger.EnvironmentGuard;
import dev.agentroles.ledger.Ledger;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// One database of a profile: logged in to, and found to be the one that the profile means.
public final class OpenedDatabase implements AutoCloseable {
    private final Profile profile;
    private final Profile.DatabaseEntry entry;
    private final Engine engine;
    private final Target target;
    private final Server server;
    private final Ledger ledger;
    private final List<String> pinned;

    private OpenedDatabase(
            Profile profile,
            Profile.DatabaseEntry entry,
            Engine engine,
            Target target,
            Server server,
            List<String> pinned) {
        this.profile = profile;
        this.entry = entry;
        this.engine = engine;
        this.target = target;
        this.server = server;
        this.pinned = pinned;
        this.ledger = Ledger.on(server.connection(), engine.ledger());
    }

    /// Logs in and compares profile, server and stamp before anything else.
    ///
    /// @param pinned the identities that the server may have, where the profile names them
    /// @throws Failure if the server cannot be reached, or is not the one
    public static OpenedDatabase open(
            Profile profile, Profile.DatabaseEntry entry, Engine engine, Target target, List<String> pinned) {
        try {
            var opened = new OpenedDatabase(profile, entry, engine, target, engine.connect(target), pinned);
            try {
                opened.guard(opened.look()).mayRead();
                return opened;
            } catch (SQLException | RuntimeException refused) {
                opened.close();
                throw refused;
            }
        } catch (SQLException said) {
            throw failure(engine, target, said);
        }
    }

    public Profile profile() {
        return profile;
    }

    public Profile.DatabaseEntry entry() {
        return entry;
    }

    /// The names of the agents that the profile has here, in its order.
    public SequencedSet<String> agents() {
        return profile.agentsOf(entry.name()).stream()
                .map(Profile.Agent::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    public Engine engine() {
        return engine;
    }

    public Target target() {
        return target;
    }

    public Server server() {
        return server;
    }

    public Ledger ledger() {
        return ledger;
    }

    public LedgerState look() throws SQLException {
        return ledger.look();
    }

    /// The server's clock from now on: it decides what has expired.
    ///
    /// @param ours where there is no ledger yet to ask
    public InstantSource clock(InstantSource ours) throws SQLException {
        return look() instanceof LedgerState.Present present ? present.clock(ours) : ours;
    }

    /// Who froze the environment, if somebody did.
    public Optional<StoppedBy> freeze() throws SQLException {
        return look() instanceof LedgerState.Present present ? present.freeze() : Optional.empty();
    }

    /// Who revoked an agent, if somebody did.
    public Optional<StoppedBy> revocation(String agent) throws SQLException {
        return look() instanceof LedgerState.Present
                ? Optional.ofNullable(ledger.stops().revocations().get(agent))
                : Optional.empty();
    }

    /// Logins of leases that the server has and the ledger never heard of. Their row comes before them or with them
    /// and stays when they are gone: the ledger was put back to what it was before they were made. With it may have
    /// gone their marks.
    public List<RoleName> forgotten() throws SQLException {
        if (!(look() instanceof LedgerState.Present)) {
            return List.of();
        }
        var leases = server.logins().leases(profile.environment(), entry.name());
        var found = new TreeMap<RoleName, String>();
        leases.marked().forEach(login -> found.put(login.login(), login.lease()));
        leases.unmarked().forEach(login -> found.put(login, Naming.leaseOf(login)));
        var open = ledger.leases().open().stream().map(row -> row.lease().id()).collect(Collectors.toSet());
        var forgotten = new ArrayList<RoleName>();
        for (var login : found.entrySet()) {
            if (!open.contains(login.getValue()) && !ledger.leases().knows(login.getValue())) {
                forgotten.add(login.getKey());
            }
        }
        return List.copyOf(forgotten);
    }

    /// Stops that are known to be forgotten. A stop is in the ledger before it leaves its mark, and until its mark is
    /// gone: one that is just begun or lifted is not taken for forgotten.
    public ForgottenStops forgottenStops() throws SQLException {
        var forgotten = without(marks());
        return new ForgottenStops(
                profile.source(),
                profile.environment(),
                entry.name(),
                forgotten.isEmpty() ? forgotten : both(forgotten, marks()));
    }

    private StopMarks marks() throws SQLException {
        return server.logins().stopMarks(profile.environment(), entry.name());
    }

    /// Those that the ledger does not have.
    private StopMarks without(StopMarks marks) throws SQLException {
        if (marks.isEmpty() || !(look() instanceof LedgerState.Present present)) {
            return StopMarks.NONE;
        }
        var agents = new HashSet<>(marks.agents());
        agents.removeAll(ledger.stops().revocations().keySet());
        return new StopMarks(marks.frozen() && present.freeze().isEmpty(), agents);
    }

    private static StopMarks both(StopMarks one, StopMarks other) {
        var agents = new HashSet<>(one.agents());
        agents.retainAll(other.agents());
        return new StopMarks(one.frozen() && other.frozen(), agents);
    }

    /// Where the logins of this database are issued.
    public Home home() {
        return new Home(server.identity().identifier(), Set.copyOf(pinned));
    }

    public EnvironmentGuard guard(LedgerState state) {
        var claim = new EnvironmentGuard.Claim(profile.source(), profile.environment(), entry.name(), pinned);
        return new EnvironmentGuard(claim, server.identity(), state);
    }

    /// A database is stamped before it gets its first role, and roles are the whole server's: where there
    /// are roles and no stamp, the roles belong to another database of the server.
    ///
    /// @throws Failure if that is so
    public void mustNotBeStrange() throws SQLException {
        var state = look();
        if (!isStamped(state)) {
            mustNotBeStrange(state, server.inspect(profile, entry).access());
        }
    }

    public void mustNotBeStrange(LedgerState state, AccessState actual) throws SQLException {
        if (!isStamped(state) && !actual.roles().isEmpty()) {
            throw Failure.refused(new StrangeRoles(profile.environment(), entry.name(), server)
                    .problem(actual.roles().stream().map(Role::name).toList()));
        }
    }

    /// Where nothing was ever applied no agent gets in. Where the ledger was lost one may, and where accounts carry no
    /// mark it is known by its name alone.
    ///
    /// @throws Failure if there is no ledger, and a login of an agent all the same
    public void mustHaveLedgerOrNoLogins() throws SQLException {
        var state = look();
        if (state instanceof LedgerState.Present) {
            return;
        }
        var inspection = server.inspect(profile, entry);
        mustNotBeStrange(state, inspection.access());
        var named = inspection.namesakes().stream()
                .filter(name -> Naming.isLeaseLogin(entry.name(), name))
                .toList();
        var working = named.isEmpty() ? Set.<RoleName>of() : server.logins().working(named);
        if (working.isEmpty()) {
            return;
        }
        var locking = new ArrayList<String>();
        for (var login : new TreeSet<>(working)) {
            locking.addAll(server.logins().locking(login));
        }
        throw Failure.error(Problem.of("database " + entry.name() + " has no ledger, and its server lets in "
                        + working.size() + (working.size() == 1 ? " login" : " logins")
                        + " called as those of agents are: the ledger was lost")
                .remedy("restore schema agentroles and run it again; to stop them now, have a database administrator"
                        + " run these, and end their sessions: " + String.join("; ", locking)));
    }

    public static boolean isStamped(LedgerState state) {
        return state instanceof LedgerState.Present present && present.stamp().isPresent();
    }

    /// What the server said, in our words.
    public Failure failure(SQLException said) {
        try {
            return failure(engine, target, server.logins().named(said));
        } catch (SQLException lost) {
            said.addSuppressed(lost);
            return failure(engine, target, said);
        }
    }

    private static Failure failure(Engine engine, Target target, SQLException said) {
        return new Failure(Exit.ERROR, engine.describe(said, target), said);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (SQLException alreadyGone) {
            // The session ends with the connection, whatever the driver says about it.
            return;
        }
    }
}
