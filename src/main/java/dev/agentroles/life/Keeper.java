package dev.agentroles.life;

import dev.agentroles.engine.Threads;
import dev.agentroles.ledger.Claims.Claim;
import dev.agentroles.workspace.EachDatabase;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Keeps the claim on a lease while a program uses its login, so that no other run takes it for abandoned.
/// The claim ends with the session, and a session that says nothing for hours is ended by servers and by
/// the network: it says something every few seconds. Where it is lost all the same, another one takes its
/// place, as soon as the server has ended the lost one, too: until then that one has the claim.
final class Keeper implements AutoCloseable {
    private static final Duration BEAT = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final EachDatabase databases;
    private final OpenedDatabase first;
    private final String lease;
    private final Consumer<String> notices;
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(Threads.DAEMONS);

    private OpenedDatabase session;
    private Claim claim = Claim.OURS;

    /// @param first the session that has the claim; its owner closes it
    Keeper(EachDatabase databases, OpenedDatabase first, String lease, Consumer<String> notices) {
        this.databases = databases;
        this.first = first;
        this.lease = lease;
        this.notices = notices;
        this.session = first;
        var _ = heart.scheduleWithFixedDelay(this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void beat() {
        try {
            keep();
        } catch (RuntimeException | SQLException _) {
            // The server cannot be reached; perhaps it can at the next beat, and there is one only if this one returns.
            return;
        }
    }

    private void keep() throws SQLException {
        if (claim == Claim.OVER) {
            return;
        }
        if (!isAlive()) {
            claim = Claim.ANOTHERS;
            renew();
        }
        if (claim == Claim.ANOTHERS) {
            claim = session.ledger().claims().claimLease(lease);
            if (claim == Claim.OVER) {
                notices.accept("the login of the program has been ended by another run");
            }
        }
    }

    /// Ends the watch.
    ///
    /// @return a session to end the lease on
    /// @throws dev.agentroles.problem.Failure if the server cannot be reached
    OpenedDatabase relieved() throws SQLException {
        heart.close();
        if (!isAlive()) {
            renew();
        }
        return session;
    }

    private boolean isAlive() throws SQLException {
        return session.server().connection().isValid((int) PATIENCE.toSeconds());
    }

    private void renew() {
        var next = databases.open(first.entry());
        closeOwn();
        session = next;
    }

    private void closeOwn() {
        if (session != first) {
            session.close();
        }
    }

    @Override
    public void close() {
        heart.close();
        closeOwn();
    }
}
