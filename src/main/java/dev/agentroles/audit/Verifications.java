package dev.agentroles.audit;

import dev.agentroles.access.Finding;
import dev.agentroles.apply.Proposal;
import dev.agentroles.apply.Proposals;
import dev.agentroles.engine.Desired;
import dev.agentroles.ledger.Journal;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.workspace.Means;
import dev.agentroles.workspace.Missed;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.OpenedDatabases;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Runs the verification of every opened database, the same way for `verify`, for `audit` and after `apply`.
///
/// @param probing how many sessions of each database try as its agents, with short-lived logins; 0: nobody tries
/// @param journal whether to walk the whole journal
/// @param definitions what becomes of the hashes that the ledger remembers
/// @param notices takes what a person should know and what does not stop anything
/// @param progress told what is being done
public record Verifications(
        OpenedDatabases databases,
        Means means,
        int probing,
        boolean journal,
        Definitions definitions,
        Consumer<String> notices,
        Consumer<String> progress) {
    /// So many are named in one entry of the journal.
    private static final int NAMED = 20;

    /// What becomes of the hashes of views, routines, rules and policies that the ledger remembers.
    public enum Definitions {
        /// Nothing is written.
        LEAVE,
        /// What is new is remembered from now on; what changed or is gone stays as it was accepted, until
        /// somebody accepts what is there.
        REMEMBER,
        /// All are accepted as they are now, and no others.
        ACCEPT
    }

    /// @param proposals one for each database
    public AuditReport run(List<Proposal> proposals) {
        var verified = new ArrayList<Verified>();
        for (int i = 0; i < proposals.size(); i++) {
            verified.add(verified(databases.all().get(i), proposals.get(i)));
        }
        return judge(verified, List.of());
    }

    /// What cannot be verified does not keep back what can.
    ///
    /// @param others found elsewhere, to be judged with the rest
    public AuditReport runEach(List<AuditReport.Located> others) {
        var verified = new ArrayList<Verified>();
        var missed = new ArrayList<>(databases.missed());
        for (var database : databases.all()) {
            try {
                verified.add(verified(database).and(of(database, others)));
            } catch (Failure failure) {
                missed.add(new Missed(database.entry().name(), failure));
            }
        }
        return noted(judge(verified, missed));
    }

    private AuditReport judge(List<Verified> verified, List<Missed> missed) {
        var today = LocalDate.ofInstant(means.clock().instant(), ZoneOffset.UTC);
        return new Waivers(databases.profile().waivers(), today).judge(verified, missed);
    }

    /// The journal says who tried, and what they found; whoever reads the catalogs only writes nothing. Where the
    /// journal does not take it, what was found is told all the same.
    private AuditReport noted(AuditReport report) {
        if (probing == 0) {
            return report;
        }
        var missed = report.missed().stream().map(Missed::database).collect(Collectors.toSet());
        for (var database : databases.all()) {
            var name = database.entry().name();
            if (!missed.contains(name)) {
                try {
                    database.ledger().journal().append(entry(database, Journal.VERIFY, report.summary(name)));
                } catch (SQLException | Failure said) {
                    notices.accept("agentroles: the journal of " + name + " does not say that it was verified: "
                            + said.getMessage());
                }
            }
        }
        return report;
    }

    private JournalEntry entry(OpenedDatabase database, String action, String detail) {
        try {
            return new JournalEntry(
                    database.clock(means.clock()).instant(),
                    means.actor(database),
                    action,
                    Optional.empty(),
                    Optional.empty(),
                    "done",
                    detail);
        } catch (SQLException said) {
            throw database.failure(said);
        }
    }

    /// Whoever tries nothing issues nothing, and has nothing to ask of the store: one that is sealed hides no finding.
    private Verified verified(OpenedDatabase database) {
        if (probing > 0 || definitions != Definitions.LEAVE) {
            mustTakeWrites(database);
        }
        if (probing > 0) {
            return verified(database, proposals().of(database));
        }
        try {
            database.mustNotBeStrange();
            var inspection = database.server().inspect(database.profile(), database.entry());
            return verify(database, inspection.resolve(), Optional.empty());
        } catch (SQLException said) {
            throw database.failure(said);
        }
    }

    /// A login that is made on a replica would stop its replication, or is refused, which says nothing of the agent.
    private static void mustTakeWrites(OpenedDatabase database) {
        var identity = database.server().identity();
        identity.obstacle().ifPresent(obstacle -> {
            throw Failure.refused(Problem.of(
                            "database " + database.entry().name() + " of server " + identity.identifier() + " "
                                    + obstacle + ", and a verification that tries as the agents writes there")
                    .remedy("point the URL at the primary server, or give --no-probes alone, which writes nothing"));
        });
    }

    private Verified verified(OpenedDatabase database, Proposal proposal) {
        try {
            if (probing == 0) {
                return verify(database, proposal.desired(), Optional.empty());
            }
            try (var logins = new ProbeSessions(
                    databases, database, proposals().proposer(database), proposal, means, probing, progress)) {
                return verify(database, proposal.desired(), Optional.of(logins));
            }
        } catch (SQLException said) {
            throw database.failure(said);
        }
    }

    private Proposals proposals() {
        return new Proposals(databases, means.clock());
    }

    private static List<Finding> of(OpenedDatabase database, List<AuditReport.Located> others) {
        return others.stream()
                .filter(other -> other.database().equals(database.entry().name()))
                .map(AuditReport.Located::finding)
                .toList();
    }

    private Verified verify(OpenedDatabase database, Desired desired, Optional<ProbeLogins> logins)
            throws SQLException {
        var entry = database.entry();
        if (!(database.look() instanceof LedgerState.Present)) {
            throw Failure.error(Problem.of("database " + entry.name() + " has no ledger: nothing was applied yet")
                    .remedy("agentroles apply " + Shell.word(database.profile().source())));
        }
        progress.accept("examining " + entry.name());
        var subjects = Subjects.read(
                database.profile(),
                entry,
                database.ledger().leases(),
                database.server().logins(),
                database.clock(means.clock()).instant());
        var ledger = database.ledger().definitions();
        var known = definitions == Definitions.ACCEPT ? Map.<String, String>of() : ledger.all();
        var verification = new Verification(
                database.engine(), entry.name(), database.server().witness(), desired.state(), known);
        var result = verification.verify(subjects.all(), logins);
        switch (definitions) {
            case LEAVE -> {}
            case REMEMBER -> ledger.remember(result.definitions());
            case ACCEPT ->
                ledger.accept(result.definitions(), objects -> entry(database, "accept definitions", named(objects)));
        }
        var examination =
                new LedgerExamination(database.ledger(), database.server().logins());
        result = examination
                .withoutEnded(result, subjects.all())
                .and(examination.unknown(subjects))
                .and(new StaleProfile(desired).findings());
        return journal ? result.and(examination.journal()) : result;
    }

    private static String named(SequencedSet<String> objects) {
        return objects.stream().limit(NAMED).collect(Collectors.joining(", "))
                + (objects.size() > NAMED ? ", and " + (objects.size() - NAMED) + " more" : "");
    }
}
