package dev.agentroles.report;

import dev.agentroles.credential.Reaper.Reaped;
import dev.agentroles.credential.Stop.Stopped;
import dev.agentroles.life.Ends.Thawed;
import dev.agentroles.problem.Printable;
import dev.agentroles.problem.Problem;
import dev.agentroles.workspace.Result;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// What was ended.
public record EndsText(Paint paint) {
    /// Of a database to which nothing was applied yet.
    static final Thawed NOT_STOPPED = new Thawed(Optional.empty(), false, List.of());

    public String reaped(List<Result<Reaped>> results) {
        var text = new StringBuilder();
        each(results, (database, reaped) -> reaped(text, database, reaped));
        boolean looked = results.stream().anyMatch(Result.Done.class::isInstance);
        return text.isEmpty() && looked ? "Nothing to reap.\n" : text.toString();
    }

    private void reaped(StringBuilder text, String database, Reaped reaped) {
        var gone = paint.red("-") + " ";
        reaped.ended()
                .forEach(lease -> text.append(gone
                        + Printable.line("lease " + lease.id() + " of " + lease.agent() + " on " + database + ": login "
                                + lease.login() + " is gone")
                        + "\n"));
        reaped.orphans()
                .forEach(login -> text.append(gone
                        + Printable.line("login " + login + " on " + database + ": nobody was told of it") + "\n"));
        reaped.erased().forEach(path -> text.append(gone + "secret " + path + ": its login does not work\n"));
        reaped.settled()
                .forEach(owed ->
                        text.append(gone + Printable.line(owed.what()) + ", owed since " + owed.since() + "\n"));
        if (reaped.sessions() > 0) {
            text.append(gone + Count.of(reaped.sessions(), "session") + " on " + database + " that lasted too long\n");
        }
        problems(text, reaped.failed());
        if (!reaped.owed().isEmpty()) {
            text.append(
                    paint.yellow("~") + " " + database + " is still owed: " + OwedText.clauses(reaped.owed()) + "\n");
        }
    }

    /// @param agent who was stopped; empty: the environment
    public String stopped(Optional<String> agent, List<Result<Optional<Stopped>>> results) {
        var text = new StringBuilder();
        each(
                results,
                (database, report) -> report.ifPresentOrElse(
                        stopped -> stopped(text, agent, database, stopped), () -> unapplied(text, agent, database)));
        return text.toString();
    }

    private void stopped(StringBuilder text, Optional<String> agent, String database, Stopped stopped) {
        var what = agent.map(name -> name + " on " + database + " is revoked").orElse(database + " is frozen");
        text.append(paint.red("-") + " " + Printable.line(what) + "; "
                + Count.of(stopped.logins(), "login")
                + " closed, "
                + Count.of(stopped.sessions(), "session") + " ended, "
                + (stopped.owed() == 0
                        ? "secrets deleted"
                        : Count.of(stopped.owed(), "secret") + " still to be deleted")
                + "\n");
        problems(text, stopped.failed());
    }

    private static void unapplied(StringBuilder text, Optional<String> agent, String database) {
        var what = agent.map(name -> Printable.line(name) + " on " + database
                        + ": nothing was applied there yet, so no login is out; apply will revoke it there, too")
                .orElse(database + ": nothing was applied there yet, so no login is out; apply refuses until thaw");
        text.append("  " + what + "\n");
    }

    /// @param agent whose revocation ended; empty: the environment's freeze
    public String thawed(Optional<String> agent, List<Result<Optional<Thawed>>> results) {
        var text = new StringBuilder();
        each(results, (database, report) -> {
            var what =
                    Printable.line(agent.map(name -> name + " on " + database).orElse(database));
            var thawed = report.orElse(NOT_STOPPED);
            text.append(thawed.was()
                    .map(was -> paint.green("+") + " " + what + " thawed; " + Printable.line(was.by())
                            + " had stopped it at " + was.at() + " because: " + Printable.line(was.why()) + "\n")
                    .orElse(
                            thawed.forgotten()
                                    ? paint.green("+") + " " + what
                                            + " thawed; the ledger had forgotten who stopped it\n"
                                    : "  " + what + " was not stopped\n"));
            problems(text, thawed.failed());
        });
        return text.toString();
    }

    private void problems(StringBuilder text, List<Problem> problems) {
        problems.forEach(problem -> text.append(paint.red("!") + " " + problem + "\n"));
    }

    private static <R> void each(List<Result<R>> results, BiConsumer<String, R> report) {
        for (var result : results) {
            if (result instanceof Result.Done<R>(var database, var done)) {
                report.accept(database, done);
            }
        }
    }
}
