package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The leases that one run has replaced, until the server knows that they end earlier.
///
/// They are told together, because every login that is made costs the next change of a login: since
/// PostgreSQL 16 the server then looks anew through all the roles that the administrator made. Whoever dies
/// with some of them untold has published what is proven, and the next run finds what was replaced and
/// tells them.
public final class Retirements {
    private static final int MOST = 50;

    /// Far below any overlap that is of use.
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Tools tools;
    private final List<Retirement> owed = new ArrayList<>();

    public Retirements(Tools tools) {
        this.tools = tools;
    }

    /// What one rotation leaves to be done.
    ///
    /// @param end of all leases in it
    /// @param last what the journal says when that is done
    private record Retirement(
            String agent, List<Lease> leases, Instant end, Lease newest, Instant since, Optional<JournalEntry> last) {}

    /// The leases that were published before another end an overlap after that one began: the same moment for
    /// every run that gets to say so.
    ///
    /// @param before the agent's leases that were not over then; the newest may be among them
    /// @param last what the journal says when that is done
    /// @return those that will end earlier, with that end
    List<Lease> add(Lease newest, Duration overlap, List<LeaseRow> before, Optional<JournalEntry> last) {
        var end = newest.issuedAt().plus(overlap);
        var retired = retired(newest, end, before);
        if (!retired.isEmpty() || last.isPresent()) {
            owed.add(new Retirement(newest.agent(), retired, end, newest, tools.now(), last));
        }
        return retired.stream().map(lease -> lease.endingAt(end)).toList();
    }

    /// What it means if that cannot be done.
    ///
    /// @param why it cannot
    public static List<Problem> overlong(String agent, List<Problem> why) {
        return why.stream()
                .map(problem -> new Problem(
                        problem.where(),
                        "a login of " + agent + " that was replaced works until its lease is over: " + problem.what(),
                        problem.remedy()))
                .toList();
    }

    /// Whether one of them would end earlier.
    boolean wanted(Lease newest, Duration overlap, List<LeaseRow> before) {
        return !retired(newest, newest.issuedAt().plus(overlap), before).isEmpty();
    }

    private static List<Lease> retired(Lease newest, Instant end, List<LeaseRow> before) {
        return before.stream()
                .filter(row -> row.purpose() == LeaseRow.Purpose.AGENT)
                .map(LeaseRow::lease)
                .filter(lease -> lease.state() == Lease.State.PUBLISHED
                        && !lease.id().equals(newest.id())
                        && lease.expiresAt().isAfter(end))
                .toList();
    }

    /// Whether it is time to [#settle].
    public boolean areDue() {
        return owed.size() >= MOST
                || (!owed.isEmpty()
                        && tools.now().isAfter(owed.getFirst().since().plus(LONGEST)));
    }

    /// Tells the server and the ledger: of all at once or, where that fails, one by one. What cannot be done is
    /// no longer owed: the next run finds it.
    ///
    /// @return by agent, what could not be done and why
    public Map<String, SQLException> settle() {
        var due = List.copyOf(owed);
        owed.clear();
        if (due.isEmpty()) {
            return Map.of();
        }
        try {
            settle(due);
            return Map.of();
        } catch (SQLException _) {
            return settleEach(due);
        }
    }

    private Map<String, SQLException> settleEach(List<Retirement> due) {
        var failed = new HashMap<String, SQLException>();
        for (var one : due) {
            try {
                settle(List.of(one));
            } catch (SQLException refused) {
                failed.put(one.agent(), refused);
            }
        }
        return failed;
    }

    private void settle(List<Retirement> due) throws SQLException {
        var leases = due.stream().flatMap(one -> one.leases().stream()).toList();
        // Also of those that somebody has closed: who opens one again must not have it for longer.
        var unexpired =
                tools.logins().unexpired(leases.stream().map(Lease::login).toList());
        var ends = new LinkedHashMap<String, Instant>();
        var atServer = new LinkedHashMap<RoleName, Instant>();
        for (var one : due) {
            for (var lease : one.leases()) {
                ends.put(lease.id(), one.end());
                if (unexpired.contains(lease.login())) {
                    atServer.put(lease.login(), one.end());
                }
            }
        }
        tools.ledger()
                .leases()
                .shorten(
                        ends,
                        tools.logins().expireLogins(atServer),
                        due.stream().flatMap(this::shortened).toList(),
                        due.stream().flatMap(one -> one.last().stream()).toList());
        tools.faults().reached(Point.PREDECESSOR_SHORTENED);
    }

    private Stream<JournalEntry> shortened(Retirement retirement) {
        return retirement.leases().stream()
                .map(lease -> tools.entry(
                        "retire",
                        lease,
                        "done",
                        "ends at " + retirement.end() + ", as lease "
                                + retirement.newest().id() + " took its place"));
    }
}
