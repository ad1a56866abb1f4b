package dev.agentroles.credential;

import dev.agentroles.engine.Said;
import dev.agentroles.ledger.Ledger;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Work in pieces, each by itself: one that cannot be done now hinders no other, and why is kept for the
/// report. Only the loss of the session ends all of them.
public final class Pieces {
    private static final String LATER = "run agentroles reap in a moment";

    private static final String RIGHTS = "agentroles plan lists the rights that are missing";

    private final Ledger ledger;
    private final List<Problem> failed = new ArrayList<>();

    /// @param ledger on the session that the work is done on
    public Pieces(Ledger ledger) {
        this.ledger = ledger;
    }

    /// One piece.
    ///
    /// @param <R> what it gives
    @FunctionalInterface
    public interface Piece<R> {
        R run() throws SQLException;
    }

    /// What to record when a piece has failed.
    @FunctionalInterface
    interface AfterFailure {
        void run(Failure failure) throws SQLException;
    }

    /// @param what cannot be done if it fails, as the beginning of a message: `login ar_x cannot be dropped`
    /// @return what the piece gave; empty if it failed
    /// @throws SQLException if the session is lost
    public <R> Optional<R> attempt(String what, Piece<R> piece) throws SQLException {
        return attempt(what, LATER, piece, failure -> {});
    }

    /// The same, with what to do about it.
    public <R> Optional<R> attempt(String what, String remedy, Piece<R> piece) throws SQLException {
        return attempt(what, remedy, piece, failure -> {});
    }

    <R> Optional<R> attempt(String what, Piece<R> piece, AfterFailure after) throws SQLException {
        return attempt(what, LATER, piece, after);
    }

    private <R> Optional<R> attempt(String what, String remedy, Piece<R> piece, AfterFailure after)
            throws SQLException {
        try {
            return Optional.of(piece.run());
        } catch (Failure failure) {
            return failed(failure, after);
        } catch (SQLException said) {
            if (ledger.isLost()) {
                throw said;
            }
            return failed(
                    new Failure(
                            Exit.ERROR,
                            Problem.of(what + ": " + sentence(said))
                                    .remedy(ledger.forbids(said) ? allowed(remedy) : remedy),
                            said),
                    after);
        }
    }

    /// Waiting helps nobody who may not.
    private static String allowed(String remedy) {
        return remedy.equals(LATER) ? RIGHTS + ", then run agentroles reap" : remedy + "; " + RIGHTS;
    }

    /// PostgreSQL's driver gives detail and hint lines of their own.
    private static String sentence(SQLException said) {
        return Said.text(said).lines().map(String::strip).collect(Collectors.joining("; "));
    }

    private <R> Optional<R> failed(Failure failure, AfterFailure after) throws SQLException {
        failed.addAll(failure.problems());
        after.run(failure);
        return Optional.empty();
    }

    /// Notes what failed elsewhere.
    public void add(List<Problem> problems) {
        failed.addAll(problems);
    }

    /// What could not be done, and why; in the order of the work.
    public List<Problem> failed() {
        return List.copyOf(failed);
    }
}
