package dev.agentroles.report;

import dev.agentroles.access.Lease;
import dev.agentroles.apply.AgentStatus;
import dev.agentroles.problem.Printable;
import dev.agentroles.workspace.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// How the agents stand.
///
/// @param terminal how many characters fit in a line; empty: any number
public record StatusText(Paint paint, OptionalInt terminal) {
    private static final List<String> HEAD =
            List.of("AGENT", "DATABASE", "TIERS", "LEASE", "STATE", "SESSIONS", "EXPIRES IN");

    public String human(List<Result<AgentStatus>> results) {
        var databases = results.stream()
                .flatMap(result -> result instanceof Result.Done<AgentStatus>(var _, var status)
                        ? Stream.of(status)
                        : Stream.<AgentStatus>empty())
                .toList();
        if (databases.isEmpty()) {
            return "";
        }
        var rows = new ArrayList<List<String>>();
        rows.add(HEAD);
        databases.forEach(database -> database.rows().forEach(row -> rows.addAll(rows(database, row))));
        var text = new StringBuilder();
        databases.forEach(database -> above(text, database));
        text.append(new Table(paint, rows, terminal).text());
        databases.forEach(database -> below(text, database));
        return text.toString();
    }

    private void above(StringBuilder text, AgentStatus database) {
        database.freeze()
                .ifPresent(freeze -> text.append(paint.red("FROZEN"))
                        .append(" " + database.database() + " by " + Printable.line(freeze.by()) + " at " + freeze.at()
                                + ": " + Printable.line(freeze.why()))
                        .append('\n'));
        database.rows().forEach(row -> stopped(text, database, row));
        if (!database.applied()) {
            text.append(database.database()).append(": nothing was applied yet\n");
        }
    }

    private void below(StringBuilder text, AgentStatus database) {
        database.problems().forEach(problem -> text.append(paint.red("problem")).append(": " + problem + "\n"));
        owed(text, database);
        prepared(text, database);
        if (database.undecided() > 0) {
            text.append(paint.yellow("decide"))
                    .append(": "
                            + Count.of(database.undecided(), "change request") + " on " + database.database()
                            + ", see agentroles change list\n");
        }
        if (database.applied()) {
            verified(text, database);
        }
    }

    private void stopped(StringBuilder text, AgentStatus database, AgentStatus.Row row) {
        var who = " " + Printable.line(row.agent()) + " on " + database.database();
        row.revoked()
                .ifPresent(by -> text.append(paint.red("REVOKED"))
                        .append(who + " by " + Printable.line(by.by()) + " at " + by.at() + ": "
                                + Printable.line(by.why()))
                        .append('\n'));
        if (row.tiers().isEmpty() && !row.leases().isEmpty()) {
            text.append(paint.yellow("REMOVED")).append(who + " from the profile: apply ends it, and revoke at once\n");
        }
    }

    private void verified(StringBuilder text, AgentStatus database) {
        database.verified()
                .ifPresentOrElse(
                        entry -> text.append("verified: " + database.database() + " "
                                + Span.of(Duration.between(entry.at(), database.now())) + " ago by "
                                + Printable.line(entry.actor().operator()) + ": " + Printable.line(entry.detail())
                                + "\n"),
                        () -> text.append(paint.yellow("verified") + ": " + database.database()
                                + " not lately; agentroles verify does\n"));
    }

    private void owed(StringBuilder text, AgentStatus database) {
        OwedText.lines(database.owed(), database.database(), database.now())
                .forEach(line -> text.append(paint.yellow("owed") + ": " + line + "\n"));
    }

    private void prepared(StringBuilder text, AgentStatus database) {
        for (var prepared : database.prepared()) {
            text.append(paint.yellow("prepared") + ": on " + database.database() + ", "
                    + Printable.line(prepared.what()) + "; if none of your applications is about to commit it: "
                    + Printable.line(prepared.undo()) + "\n");
        }
    }

    private static List<List<String>> rows(AgentStatus database, AgentStatus.Row row) {
        var agent = Printable.line(row.agent());
        var tiers = row.tiers().orElse("-");
        if (row.leases().isEmpty()) {
            var none = row.revoked().isPresent() ? "revoked" : "none";
            return List.of(List.of(agent, database.database(), tiers, "-", none, "-", "-"));
        }
        return row.leases().stream()
                .map(open -> List.of(
                        agent,
                        database.database(),
                        tiers,
                        Printable.line(open.lease().id()),
                        state(open, database.freeze().or(row::revoked).isPresent()),
                        Integer.toString(open.sessions()),
                        left(database, open)))
                .toList();
    }

    /// @param stopped whether somebody stopped the agent, which closes its logins and erases its secrets
    private static String state(AgentStatus.OpenLease open, boolean stopped) {
        return switch (open.purpose()) {
            case PROGRAM -> "a program's";
            case PROBE -> "a probe";
            case AGENT -> {
                if (open.lease().state() == Lease.State.ISSUED) {
                    yield "not published";
                }
                if (stopped) {
                    yield "stopped";
                }
                yield open.published() ? "published" : "replaced";
            }
        };
    }

    private static String left(AgentStatus database, AgentStatus.OpenLease open) {
        var end = open.lease().expiresAt();
        if (!database.now().isBefore(end)) {
            return open.works() ? "STILL WORKS" : "expired";
        }
        return open.works() ? Span.of(Duration.between(database.now(), end)) : "gone";
    }
}
