package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.Secret;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.engine.Logins;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Ledger;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Issues leases: mint, set, log in, publish, record. The publication is the switch: until it the old lease
/// is the published one and untouched, after it the new one is proven. Whatever dies on the way leaves an
/// orphan, which [Orphans] settles.
///
/// One issuer is one administrator's session; several at once do not get in each other's way.
///
/// @param clock the server's ([dev.agentroles.ledger.LedgerState.Present#clock]), which decides what has
/// expired
public record Issuer(
        Ledger ledger,
        Logins logins,
        SecretStore store,
        Mint mint,
        InstantSource clock,
        Actor actor,
        FaultPoints faults) {
    /// How often one that lost to a login which does not work is tried again.
    private static final int ATTEMPTS = 3;

    /// How issuing ended.
    public sealed interface Outcome {
        /// The store holds a new, proven login.
        record Issued(Lease lease) implements Outcome {}

        /// Somebody else published a login that works while ours was being made; ours is gone again.
        record Adopted(Lease lease) implements Outcome {}
    }

    /// Nothing is made in the database where the store cannot be read.
    ///
    /// @throws Failure if the login does not prove itself (it is dropped again), or the store does not say
    /// whether it holds the new login (the next run finds out)
    public Outcome issue(LeaseOrder order) throws SQLException {
        return issue(order, store.read(order.path()), List.of());
    }

    /// @param seen what the store held a moment ago: what it holds when the new login is published must be
    /// the same
    /// @param begun what the journal says first, in one with the new login
    Outcome issue(LeaseOrder order, SecretStore.Current seen, List<JournalEntry> begun) throws SQLException {
        var before = seen;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            var outcome = issueOnce(order, before, begun);
            if (outcome.isPresent()) {
                return outcome.get();
            }
            before = store.read(order.path());
        }
        throw Failure.error(Problem.of("agent " + order.agent() + ": " + ATTEMPTS
                        + " logins in a row lost their place at " + order.path() + " in " + store.describe()
                        + " to a login that does not work")
                .remedy("find out who else writes there, then run the command again"));
    }

    private Optional<Outcome> issueOnce(LeaseOrder order, SecretStore.Current before, List<JournalEntry> begun)
            throws SQLException {
        faults.reached(Point.STORE_READ);

        var password = mint.password();
        var lease = lease(order);
        var mark = new Mark(order.environment(), order.database(), new Mark.Kind.LeaseLogin(order.agent(), lease.id()));
        var terms = new Logins.LoginTerms(order.agentRole(), mark.text(), order.connections(), order.bounds());
        new NewLogin(ledger, logins)
                .make(
                        new LeaseRow(lease, LeaseRow.Purpose.AGENT, order.path().value()),
                        terms,
                        password,
                        begun,
                        entry("issue", lease, "done", "expires at " + lease.expiresAt()));
        faults.reached(Point.LOGIN_ISSUED);

        prove(order, lease, password);
        faults.reached(Point.LOGIN_PROVEN);

        var publication = store.publish(
                order.path(),
                secret(order, lease, password),
                before.version(),
                Duration.between(clock.instant(), lease.expiresAt()));
        faults.reached(Point.SECRET_PUBLISHED);

        return switch (publication) {
            case SecretStore.Publication.Published(var version) -> confirm(order, lease, password, version);
            case SecretStore.Publication.Superseded(var version) -> {
                abandon(lease, "superseded", "version " + version + " was published first");
                yield winner(order);
            }
        };
    }

    private Lease lease(LeaseOrder order) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var id = mint.lease();
        return new Lease(
                id,
                order.agent(),
                Naming.leaseLogin(order.database(), order.agent(), id),
                Lease.State.ISSUED,
                now,
                now.plus(order.ttl()),
                order.digest(),
                Optional.empty());
    }

    private void prove(LeaseOrder order, Lease lease, Secret password) throws SQLException {
        if (logins.prove(lease.login(), password, order.agentRole())
                instanceof Logins.Proof.Disproved(var what, var _)) {
            abandon(lease, "failed", what);
            throw Failure.error(Problem.of("the new login " + lease.login() + " of agent " + order.agent()
                            + " did not prove itself on database " + order.database() + ": " + what)
                    .remedy("nothing was published and the login is dropped; what was published before is untouched"));
        }
    }

    /// @return empty if the lease was taken for an orphan, or its agent was stopped, while it was being
    /// published: the store holds a dead login then, which goes, and another must take its place
    private Optional<Outcome> confirm(LeaseOrder order, Lease lease, Secret password, long version)
            throws SQLException {
        boolean recorded = record(order, lease, password, version);
        faults.reached(Point.PUBLICATION_RECORDED);
        if (!recorded) {
            store.erase(order.path(), version);
            abandon(lease, "failed", "it was stopped or taken for an orphan while it was being published");
            return Optional.empty();
        }
        return Optional.of(new Outcome.Issued(new Lease(
                lease.id(),
                lease.agent(),
                lease.login(),
                Lease.State.PUBLISHED,
                lease.issuedAt(),
                lease.expiresAt(),
                lease.digest(),
                Optional.of(version))));
    }

    /// The claim ends with the session: once that is lost, another run may have taken the lease for an
    /// orphan before the store held it. Only the login itself can still say so.
    private boolean record(LeaseOrder order, Lease lease, Secret password, long version) throws SQLException {
        try {
            return ledger.leases()
                    .published(lease.id(), version, entry("publish", lease, "done", "version " + version));
        } catch (SQLException lost) {
            if (logins.prove(lease.login(), password, order.agentRole())
                            instanceof Logins.Proof.Disproved(var _, boolean refused)
                    && refused) {
                store.erase(order.path(), version);
            }
            throw lost;
        }
    }

    private void abandon(Lease lease, String outcome, String detail) throws SQLException {
        logins.dropLogin(lease.login());
        faults.reached(Point.LOGIN_DROPPED);
        ledger.leases().ended(lease.id(), clock.instant(), entry("end", lease, outcome, detail));
        ledger.leases().release(lease.id());
        faults.reached(Point.END_RECORDED);
    }

    /// What was published instead of ours; empty if it does not work.
    private Optional<Outcome> winner(LeaseOrder order) throws SQLException {
        return look(order).standing() instanceof Standing.Live(var row, var _)
                ? Optional.of(new Outcome.Adopted(row.lease()))
                : Optional.empty();
    }

    /// How an agent stands, and what was seen of it.
    ///
    /// @param open its leases that are not over
    record Look(SecretStore.Current current, List<LeaseRow> open, Standing standing) {}

    Look look(LeaseOrder order) throws SQLException {
        var current = store.read(order.path());
        var open = ledger.leases().openOf(order.agent());
        var working =
                logins.working(open.stream().map(row -> row.lease().login()).toList());
        return new Look(current, open, Standing.of(current, order.agent(), open, working, clock.instant()));
    }

    private static LeaseSecret secret(LeaseOrder order, Lease lease, Secret password) {
        return new LeaseSecret(
                lease.id(),
                order.environment(),
                order.database(),
                order.agent(),
                order.tier(),
                order.owner(),
                order.url(),
                lease.login().value(),
                password,
                lease.issuedAt(),
                lease.expiresAt(),
                lease.digest());
    }

    private JournalEntry entry(String action, Lease lease, String outcome, String detail) {
        return new JournalEntry(
                clock.instant(), actor, action, Optional.of(lease.agent()), Optional.of(lease.id()), outcome, detail);
    }
}
