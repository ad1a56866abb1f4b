package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.engine.Logins;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Issues leases: mint, set, log in, publish, record. The publication is the switch: until it the old lease
/// is the published one and untouched, after it the new one is proven. Whatever dies on the way leaves an
/// orphan, which [Orphans] settles.
///
/// One issuer is one administrator's session; several at once do not get in each other's way.
public record Issuer(Tools tools) {
    /// How often one that lost to a login which does not work is tried again.
    private static final int ATTEMPTS = 3;

    /// One for us, and one for the agent.
    private static final int CONNECTIONS_LEFT = 2;

    /// How issuing ended.
    public sealed interface Outcome {
        /// The store holds a new, proven login.
        record Issued(Lease lease) implements Outcome {}

        /// Nothing of ours is published: the store holds a login that works, which was there before or came
        /// while ours was being made.
        record Adopted(Lease lease) implements Outcome {}
    }

    /// Nothing is made in the database where the store cannot be read.
    ///
    /// @throws Failure if the login does not prove itself (it is dropped again), or the store does not say
    /// whether it holds the new login (the next run finds out)
    public Outcome issue(LeaseOrder order) throws SQLException {
        return issue(order, tools.store().read(order.path()), List.of());
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
            before = tools.store().read(order.path());
        }
        throw Failure.error(Problem.of("agent " + order.agent() + ": " + ATTEMPTS
                        + " logins in a row lost their place at " + order.path() + " in "
                        + tools.store().describe()
                        + " to a login that does not work")
                .remedy("find out who else writes there, then run the command again"));
    }

    private Optional<Outcome> issueOnce(LeaseOrder order, SecretStore.Current before, List<JournalEntry> begun)
            throws SQLException {
        tools.faults().reached(Point.STORE_READ);

        var made = maker().make(order, LeaseRow.Purpose.AGENT, order.ttl(), "issue", begun);
        prove(order, made);
        tools.faults().reached(Point.LOGIN_PROVEN);

        var publication = tools.store()
                .publish(
                        order.path(),
                        secret(order, made),
                        before.version(),
                        Duration.between(tools.now(), made.lease().expiresAt()));
        tools.faults().reached(Point.SECRET_PUBLISHED);

        return switch (publication) {
            case SecretStore.Publication.Published(var version) -> confirm(order, made, version);
            case SecretStore.Publication.Superseded(var version) -> {
                maker().end(made.lease(), "superseded", "version " + version + " was published first");
                yield winner(order);
            }
        };
    }

    private void prove(LeaseOrder order, LoginMaker.Made made) throws SQLException {
        var lease = made.lease();
        if (check().of(order, lease.login(), made.password()) instanceof Logins.Proof.Disproved(var what, var _)) {
            maker().end(lease, "failed", what);
            throw Failure.error(Problem.of("the new login " + lease.login() + " of agent " + order.agent()
                            + " did not prove itself on database " + order.database() + ": " + what)
                    .remedy("nothing was published and the login is dropped; what was published before is untouched"));
        }
    }

    /// @return empty if the lease was taken for an orphan, or its agent was stopped, while it was being
    /// published: the store holds a dead login then, which goes, and another must take its place
    private Optional<Outcome> confirm(LeaseOrder order, LoginMaker.Made made, long version) throws SQLException {
        var lease = made.lease();
        boolean recorded = record(order, made, version);
        tools.faults().reached(Point.PUBLICATION_RECORDED);
        if (!recorded) {
            tools.store().erase(order.path(), version);
            maker().end(lease, "failed", "it was stopped or taken for an orphan while it was being published");
            return Optional.empty();
        }
        return Optional.of(new Outcome.Issued(lease.published(version)));
    }

    /// The claim ends with the session: once that is lost, another run may have taken the lease for an
    /// orphan before the store held it. Only the login itself can still say so.
    private boolean record(LeaseOrder order, LoginMaker.Made made, long version) throws SQLException {
        var lease = made.lease();
        try {
            return tools.ledger()
                    .leases()
                    .published(lease.id(), version, tools.entry("publish", lease, "done", "version " + version));
        } catch (SQLException lost) {
            if (check().directly(order, lease.login(), made.password())
                            instanceof Logins.Proof.Disproved(var _, var verdict)
                    && verdict.certain()) {
                tools.store().erase(order.path(), version);
            }
            throw lost;
        }
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
        var current = tools.store().read(order.path());
        var open = tools.ledger().leases().openOf(order.agent());
        var working = tools.logins()
                .working(open.stream().map(row -> row.lease().login()).toList());
        Standing.mustNotBeOfAnother(order.home(), order.path(), current, open, tools.now());
        var standing = Standing.of(current, order.agent(), open, working, tools.now());
        return new Look(current, open, standing.told(current, order.urls(), order.tier()));
    }

    /// Asks the server whether it takes what is published and gives it the agent's power: somebody may have
    /// changed the password, or the role that acts, which shows nowhere else. Not where that could take
    /// from the agent the last connection that it may open.
    Look proven(LeaseOrder order, Look look) throws SQLException {
        if (!(look.standing() instanceof Standing.Live(var row, var _))) {
            return look;
        }
        var login = row.lease().login();
        int open = tools.logins().sessions(List.of(login)).getOrDefault(login, 0);
        if (open + CONNECTIONS_LEFT > order.connections()) {
            return look;
        }
        var password = look.current().held().orElseThrow().secret().password();
        return check().of(order, login, password) instanceof Logins.Proof.Disproved(var what, var verdict)
                        && verdict.certain()
                ? new Look(
                        look.current(),
                        look.open(),
                        new Standing.Due("the published login " + login + " does not work: " + what))
                : look;
    }

    private static LeaseSecret secret(LeaseOrder order, LoginMaker.Made made) {
        var lease = made.lease();
        return new LeaseSecret(
                lease.id(),
                order.environment(),
                order.database(),
                order.agent(),
                order.tier(),
                order.owner(),
                order.urls().published(),
                order.home().server(),
                lease.login().value(),
                made.password(),
                lease.issuedAt(),
                lease.expiresAt(),
                lease.digest());
    }

    private LoginCheck check() {
        return new LoginCheck(tools.logins()::prove);
    }

    private LoginMaker maker() {
        return new LoginMaker(tools);
    }
}
