package dev.agentroles.report;

import dev.agentroles.apply.Proposal;
import dev.agentroles.plan.Description;
import dev.agentroles.plan.Impact;
import dev.agentroles.plan.Reason;
import dev.agentroles.problem.Printable;
import dev.agentroles.problem.Problem;
import java.util.List;
import java.util.stream.IntStream;

/// A plan for a person: who is affected first, one line a change, the reason behind it, the SQL if asked.
///
/// @param all every object, however many
/// @param sql the statements, too
public record PlanText(Paint paint, boolean all, boolean sql) {
    private static final List<Section> SECTIONS = List.of(
            new Section(Impact.OTHERS, "Affects users who are not agents"),
            new Section(Impact.WIDENS, "Gives agents more"),
            new Section(Impact.NARROWS, "Takes from agents"),
            new Section(Impact.KEEPS, "Keeps house"));

    private record Section(Impact impact, String title) {}

    public String render(List<Proposal> proposals, String fingerprint) {
        var text = new StringBuilder();
        proposals.forEach(proposal -> database(text, proposal));
        summary(text, proposals, fingerprint);
        return text.toString();
    }

    private void database(StringBuilder text, Proposal proposal) {
        var server = proposal.server();
        text.append(paint.bold(proposal.database()))
                .append(paint.dim("  " + server.product() + " " + server.version() + ", database "
                        + Printable.line(server.database()) + ", server " + server.identifier() + ", as "
                        + Printable.line(server.user())))
                .append('\n');
        if (proposal.plan().empty()) {
            text.append("  as the profile wants it; nothing to do\n");
        }
        var lines = Lines.of(proposal.plan().steps(), all);
        for (var section : SECTIONS) {
            var members = lines.stream()
                    .filter(line -> line.impact() == section.impact())
                    .toList();
            if (!members.isEmpty()) {
                text.append("\n  ").append(paint.bold(section.title())).append('\n');
                members.forEach(line -> line(text, line));
            }
        }
        problems(text, "Cannot be planned", proposal.desired().problems());
        missing(text, proposal);
        problems(text, "Refused for safety", proposal.refused());
        problems(text, "Notes", proposal.notices());
        if (sql && !proposal.rendering().statements().isEmpty()) {
            sql(text, proposal);
        }
        text.append('\n');
    }

    private void line(StringBuilder text, Lines.Line line) {
        text.append("  ")
                .append(paint.sign(line.sign()))
                .append(' ')
                .append(line.text())
                .append(paint.dim("  # " + reason(line.reason())))
                .append('\n');
    }

    static String reason(Reason reason) {
        return Printable.line(
                reason.text() + reason.where().map(where -> ", " + where).orElse(""));
    }

    private void problems(StringBuilder text, String title, List<Problem> problems) {
        if (!problems.isEmpty()) {
            text.append("\n  ").append(paint.bold(title)).append('\n');
            problems.forEach(problem -> text.append("  ! ").append(problem).append('\n'));
        }
    }

    private void missing(StringBuilder text, Proposal proposal) {
        var missing = proposal.rendering().missing();
        if (missing.isEmpty()) {
            return;
        }
        text.append("\n  ")
                .append(paint.bold("Rights that are missing; a database administrator must run:"))
                .append('\n');
        for (var right : missing) {
            text.append("  ")
                    .append(paint.red("!"))
                    .append(' ')
                    .append(right.problem())
                    .append(right.holdsUp() ? "" : " (nothing else waits for that)")
                    .append('\n');
            right.cure()
                    .forEach(cure ->
                            text.append("      ").append(Printable.lines(cure)).append(";\n"));
        }
    }

    private void sql(StringBuilder text, Proposal proposal) {
        boolean together = proposal.rendering().together();
        var title = together ? "SQL, in one transaction" : "SQL, each statement by itself";
        text.append("\n  ").append(paint.bold(title)).append('\n');
        for (var statement : proposal.rendering().statements()) {
            text.append("    ")
                    .append(shown(statement.sql(), proposal.rendering().printable()))
                    .append(together && statement.alone() ? " -- in a transaction of its own" : "")
                    .append('\n');
        }
    }

    /// As it is executed; but a name in back-ticks has no form for what moves the cursor or ends the line.
    ///
    /// @param printable whether there is no such name
    private static String shown(String sql, boolean printable) {
        return printable || (Printable.lines(sql).equals(sql) && !breaksAName(sql))
                ? sql + ";"
                : Printable.line(sql) + "; -- not as executed, for a name in it cannot be printed: see --format json";
    }

    private static boolean breaksAName(String sql) {
        var parts = sql.split("`", -1);
        return IntStream.range(0, parts.length).anyMatch(i -> i % 2 == 1 && parts[i].contains("\n"));
    }

    private void summary(StringBuilder text, List<Proposal> proposals, String fingerprint) {
        var signs = proposals.stream()
                .flatMap(proposal -> proposal.plan().steps().stream())
                .map(step -> Description.of(step.change()).sign())
                .toList();
        if (signs.isEmpty()) {
            text.append("No changes. ");
        } else {
            text.append("Plan: ")
                    .append(count(signs, '+'))
                    .append(" to add, ")
                    .append(count(signs, '~'))
                    .append(" to change, ")
                    .append(count(signs, '-'))
                    .append(" to remove. ");
        }
        text.append("Fingerprint ").append(fingerprint).append(".\n");
    }

    private static long count(List<Character> signs, char sign) {
        return signs.stream().filter(one -> one == sign).count();
    }
}
