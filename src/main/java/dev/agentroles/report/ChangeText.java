package dev.agentroles.report;

import dev.agentroles.change.Dossier;
import dev.agentroles.change.Ran;
import dev.agentroles.change.Rehearsal;
import dev.agentroles.change.Standing;
import dev.agentroles.engine.StatementForm;
import dev.agentroles.ledger.ChangeRequest;
import dev.agentroles.problem.Printable;
import dev.agentroles.problem.Shell;
import dev.agentroles.workspace.Result;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// Change requests for whoever decides about them. Statements and reasons are an agent's words, and are escaped.
public record ChangeText(Paint paint) {
    /// Characters of a reason in a table.
    private static final int REASON = 50;

    private static final String INDENT = "    ";

    /// All of one request, and what can be done.
    ///
    /// @param file the profile, for commands
    public String one(Dossier dossier, String file) {
        var request = dossier.request();
        var asked = request.asked();
        var text = new StringBuilder();
        text.append(paint.bold(dossier.name()) + "  " + headline(dossier) + "\n");
        line(text, "asked by", "agent " + asked.agent() + " as " + asked.by() + ", " + second(asked.at()));
        line(text, "because", asked.reason());
        var place = dossier.place();
        line(text, "for", place.environment() + ", database " + place.database() + ", server " + place.server());
        text.append('\n');
        statement(text, asked.statement());
        text.append('\n');
        if (!dossier.isAsApproved()) {
            warn(
                    text,
                    dossier.approvedOn()
                            .map(server -> "it was approved for server " + server
                                    + ", whose place this one has taken: the statement is the same")
                            .orElse("it is not what was approved: the statement, the server or the database is"
                                    + " another"));
        }
        dossier.form().unfit().ifPresent(why -> warn(text, "it cannot be run: " + why));
        dossier.stopped().ifPresent(why -> warn(text, why));
        dossier.form().warnings().forEach(warning -> warn(text, warning));
        rehearsed(text, dossier);
        request.decision()
                .ifPresent(by -> line(
                        text,
                        request.approval().isPresent() && dossier.standing() != Standing.REJECTED
                                ? "approved by"
                                : "rejected by",
                        by.by() + ", " + second(by.at()) + (by.why().isEmpty() ? "" : ", because: " + by.why())));
        request.execution().ifPresent(run -> execution(text, run));
        text.append('\n');
        next(dossier, file).forEach(command -> text.append(command + "\n"));
        return text.toString();
    }

    /// What it is and how it stands, in a line.
    private String headline(Dossier dossier) {
        var form = dossier.form();
        var what = form.words().isEmpty() ? "no schema change" : form.words() + ", " + effect(form.effect());
        return Printable.line(what) + ": " + paint(dossier.standing(), standing(dossier));
    }

    private static String effect(StatementForm.Effect effect) {
        return switch (effect) {
            case ADDS -> "adds something";
            case CHANGES -> "changes what is there";
            case BRINGS_CODE -> "brings code";
            case DESTROYS -> "destroys";
        };
    }

    private String paint(Standing standing, String text) {
        return switch (standing) {
            case REQUESTED, EXPIRED, RUNNING -> paint.yellow(text);
            case APPROVED, DONE -> paint.green(text);
            case ALTERED, FAILED -> paint.red(text);
            case REJECTED -> text;
        };
    }

    static String standing(Dossier dossier) {
        var request = dossier.request();
        return switch (dossier.standing()) {
            case REQUESTED -> "waits for a decision";
            case APPROVED ->
                "approved until " + second(request.approval().orElseThrow().validUntil());
            case EXPIRED ->
                "approved, and that ended at "
                        + second(request.approval().orElseThrow().validUntil());
            case ALTERED -> "approved, and altered since";
            case REJECTED -> "rejected";
            case RUNNING -> "begun, and its end not seen yet";
            case DONE -> "done";
            case FAILED -> "failed";
        };
    }

    /// Nobody reads fractions of a second.
    private static Instant second(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append("  %-12s %s\n".formatted(what, Printable.line(value)));
    }

    private void warn(StringBuilder text, String warning) {
        text.append("  " + paint.yellow("!") + " " + Printable.line(warning) + "\n");
    }

    private static void statement(StringBuilder text, String statement) {
        statement
                .replace("\r\n", "\n")
                .replace("\t", INDENT)
                .lines()
                .forEach(line -> text.append(INDENT + Printable.line(line) + "\n"));
    }

    private void rehearsed(StringBuilder text, Dossier dossier) {
        var rehearsal = dossier.request().rehearsal();
        if (rehearsal.isEmpty()) {
            if (dossier.request().state().isOpen()) {
                line(text, "rehearsed", "never: what the server would do nobody has seen");
            }
            return;
        }
        line(
                text,
                "rehearsed",
                "on " + rehearsal.get().on() + ", " + second(rehearsal.get().at()));
        outcome(text, rehearsal.get().outcome());
    }

    private void outcome(StringBuilder text, String outcome) {
        outcome.lines().forEach(line -> {
            boolean signed = line.length() > 1 && "+-~".indexOf(line.charAt(0)) >= 0;
            text.append(INDENT)
                    .append(
                            signed
                                    ? paint.sign(line.charAt(0)) + Printable.line(line.substring(1))
                                    : line.startsWith("refused: ")
                                            ? paint.red(Printable.line(line))
                                            : Printable.line(line))
                    .append('\n');
        });
    }

    private void execution(StringBuilder text, ChangeRequest.Execution run) {
        line(
                text,
                "run by",
                run.by() + ", " + second(run.startedAt())
                        + run.endedAt().map(at -> " to " + second(at)).orElse(""));
        if (!run.outcome().isEmpty()) {
            line(text, "", run.outcome());
        }
    }

    /// The commands that a person may want next.
    private static List<String> next(Dossier dossier, String file) {
        var at = " " + Shell.word(file) + " " + dossier.name();
        var fit = dossier.form().unfit().isEmpty() && dossier.stopped().isEmpty();
        var next = new ArrayList<String>();
        switch (dossier.standing()) {
            case REQUESTED, EXPIRED, ALTERED -> {
                if (fit) {
                    next.add("agentroles change rehearse" + at);
                    next.add("agentroles change approve" + at + " --expect " + dossier.shortFingerprint());
                }
                next.add("agentroles change reject" + at + " --reason ...");
            }
            case APPROVED -> {
                if (fit) {
                    next.add("agentroles change run" + at);
                }
                next.add("agentroles change reject" + at + " --reason ...");
            }
            case RUNNING -> next.add("agentroles change run" + at + "   finds out how it ended");
            case DONE -> next.add("agentroles plan " + Shell.word(file) + "   shows what it means for agents");
            case REJECTED, FAILED -> {}
        }
        return next;
    }

    /// A table of all databases.
    ///
    /// @param terminal how many characters fit in a line; empty: any number
    public String list(List<Result<List<Dossier>>> results, String file, OptionalInt terminal) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("REQUEST", "AGENT", "WHAT", "STANDS", "ASKED", "BECAUSE"));
        dossiers(results)
                .forEach(dossier -> rows.add(List.of(
                        dossier.name(),
                        Printable.line(dossier.request().agent()),
                        Printable.line(
                                dossier.form().words().isEmpty()
                                        ? "?"
                                        : dossier.form().words()),
                        standing(dossier),
                        second(dossier.request().asked().at()).toString(),
                        Printable.line(shortened(dossier.request().asked().reason())))));
        boolean looked = results.stream().anyMatch(Result.Done.class::isInstance);
        if (rows.size() == 1) {
            return looked ? "No agent asks for a change.\n" : "";
        }
        return new Table(paint, rows, terminal).text() + "\nagentroles change show " + Shell.word(file)
                + " REQUEST shows the statement.\n";
    }

    private static String shortened(String reason) {
        return reason.codePointCount(0, reason.length()) <= REASON
                ? reason
                : reason.substring(0, reason.offsetByCodePoints(0, REASON - 1)) + "…";
    }

    private static List<Dossier> dossiers(List<Result<List<Dossier>>> results) {
        return results.stream()
                .flatMap(result -> result instanceof Result.Done<List<Dossier>>(var _, var found)
                        ? found.stream()
                        : Stream.<Dossier>empty())
                .toList();
    }

    /// What a trial showed.
    public String rehearsal(Rehearsal rehearsal) {
        var text = new StringBuilder();
        var name = rehearsal.dossier().name();
        text.append(
                rehearsal.works()
                        ? paint.green("works") + "  " + paint.bold(name) + " on " + Printable.line(rehearsal.on())
                                + ", in " + rehearsal.trial().took().toMillis() + " ms; nothing of it is left\n"
                        : paint.red("fails") + "  " + paint.bold(name) + " on " + Printable.line(rehearsal.on())
                                + "; nothing of it is left\n");
        outcome(text, rehearsal.outcome());
        if (rehearsal.works()
                && rehearsal.trial().effects().isEmpty()
                && rehearsal.trial().notes().isEmpty()) {
            text.append(INDENT + "nothing is another afterwards\n");
        }
        return text.toString();
    }

    /// How a run ended.
    public String ran(Ran ran, String file) {
        var name = paint.bold(ran.dossier().name());
        return switch (ran) {
            case Ran.Done(var dossier, var before) ->
                paint.green("done") + "  " + name
                        + (before ? " was done already" + ended(dossier) : "")
                        + "\nagentroles plan " + Shell.word(file) + "   shows what it means for agents\n";
            case Ran.Postponed(var _, var said) ->
                paint.yellow("not done") + "  " + name + " stays approved: " + Printable.line(said)
                        + "\nrun the same command again\n";
            case Ran.Failed(var _, var said) ->
                paint.red("failed") + "  " + name + ": " + Printable.line(said)
                        + "\nit is over; whoever still wants it asks again\n";
            case Ran.Unseen(var _, var said) ->
                paint.yellow("unknown") + "  " + name + " was begun and its end not seen: " + Printable.line(said)
                        + "\nrun the same command again to find out\n";
        };
    }

    private static String ended(Dossier dossier) {
        return Optional.of(dossier.request())
                .flatMap(ChangeRequest::execution)
                .flatMap(ChangeRequest.Execution::endedAt)
                .map(at -> ", at " + second(at))
                .orElse("");
    }
}
