package dev.agentroles.life;

import dev.agentroles.access.Lease;
import dev.agentroles.apply.LeaseOrders;
import dev.agentroles.credential.PrivateLease;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.engine.Target;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.workspace.EachDatabase;
import dev.agentroles.workspace.Means;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// Lends a program a login of its own: issued for it, never published, ended with it. A login that outlives
/// this process is dropped by the next `reap`; the ttl bounds it in any case.
///
/// @param notices takes what a person should know and what does not stop anything
public record Lending(EachDatabase databases, Means means, Consumer<String> notices) {
    /// Runs with the login until it ends by itself.
    @FunctionalInterface
    public interface Borrower {
        /// @return how it ended
        int with(Target login, Lease lease);
    }

    /// @return how the borrower ended, whatever became of the login
    /// @throws Failure refused, if the environment is frozen or the agent revoked
    public int lend(OpenedDatabase database, String agent, Borrower borrower) throws SQLException {
        database.guard(database.look()).mayGive();
        database.forgottenStops().mayGive(agent);
        var workspace = databases.workspace();
        var digest = LeaseOrders.appliedDigest(database, agent);
        var order = LeaseOrders.of(database, digest, name -> workspace.path(database.entry(), name), agent);
        var lent = leases(database).begin(order);
        var lease = lent.lease();
        var ended = new Ended();
        try (var keeper = new Keeper(databases, database, lease.id(), notices)) {
            try (var _ = (SqlCloseable) () -> end(keeper, lease)) {
                var login = database.target()
                        .at(order.urls().published())
                        .as(lease.login().value(), lent.password());
                return ended.with(borrower.with(login, lease));
            } catch (SQLException said) {
                return outlived(ended, database.failure(said));
            } catch (Failure failure) {
                return outlived(ended, failure);
            }
        }
    }

    private void end(Keeper keeper, Lease lease) throws SQLException {
        leases(keeper.relieved()).end(lease);
    }

    private PrivateLease leases(OpenedDatabase session) throws SQLException {
        return new PrivateLease(means.on(session, databases.workspace().store()), LeaseRow.Purpose.PROGRAM);
    }

    /// The program has ended; its login has not.
    private int outlived(Ended ended, Failure failure) {
        int code = ended.code.orElseThrow(() -> failure);
        failure.problems().forEach(problem -> notices.accept("the program's login is not ended yet: " + problem));
        notices.accept(Problem.of("the login of the program is left to the next run")
                .remedy("agentroles reap "
                        + Shell.word(databases.workspace().profile().source()))
                .toString());
        return code;
    }

    private static final class Ended {
        private OptionalInt code = OptionalInt.empty();

        int with(int how) {
            code = OptionalInt.of(how);
            return how;
        }
    }
}
