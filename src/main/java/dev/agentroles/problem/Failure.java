package dev.agentroles.problem;

import java.util.List;
import java.util.stream.Collectors;

/// Ends a command: what the caller did not ask for and cannot go on from. The command line prints the
/// problems and exits with the code.
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Exit exit;

    @SuppressWarnings("serial")
    private final List<Problem> problems;

    public Failure(Exit exit, List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.exit = exit;
        this.problems = List.copyOf(problems);
    }

    /// @param cause kept for `-v`; its message must hold no secret
    public Failure(Exit exit, Problem problem, Throwable cause) {
        super(problem.toString(), cause);
        this.exit = exit;
        this.problems = List.of(problem);
    }

    /// An error of the outside world or of ours.
    public static Failure error(Problem problem) {
        return new Failure(Exit.ERROR, List.of(problem));
    }

    /// Something that must not be done.
    public static Failure refused(Problem problem) {
        return new Failure(Exit.REFUSED, List.of(problem));
    }

    /// Something on the command line that makes no sense.
    public static Failure usage(Problem problem) {
        return new Failure(Exit.USAGE, List.of(problem));
    }

    /// Several, at least one, told at once. What was refused for safety outweighs the rest.
    public static Failure together(List<Failure> failures) {
        if (failures.size() == 1) {
            return failures.getFirst();
        }
        boolean refused = failures.stream().anyMatch(failure -> failure.exit == Exit.REFUSED);
        var together = new Failure(
                refused ? Exit.REFUSED : Exit.ERROR,
                failures.stream()
                        .flatMap(failure -> failure.problems.stream())
                        .distinct()
                        .toList());
        failures.forEach(together::addSuppressed);
        return together;
    }

    /// Somebody stopped this thread while it waited; it stays interrupted.
    public static Failure interrupted() {
        Thread.currentThread().interrupt();
        return error(Problem.of("the run was interrupted").remedy("run the command again"));
    }

    /// A bug of ours. Its own words are kept for `-v`: nobody has looked whether they hold a secret.
    ///
    /// @param where it happened, as the beginning of a sentence
    public static Failure unexpected(String where, RuntimeException bug) {
        return bug instanceof Failure failure
                ? failure
                : new Failure(
                        Exit.ERROR,
                        Problem.of(where + " ended in an error of agentroles itself: "
                                        + bug.getClass().getSimpleName())
                                .remedy("run the command again; if it happens again, report it"),
                        bug);
    }

    public Exit exit() {
        return exit;
    }

    public List<Problem> problems() {
        return problems;
    }
}
