package dev.agentroles.cli;

import dev.agentroles.access.Severity;
import dev.agentroles.apply.Applier;
import dev.agentroles.apply.Fingerprint;
import dev.agentroles.apply.Outcome;
import dev.agentroles.apply.Proposal;
import dev.agentroles.apply.Proposals;
import dev.agentroles.audit.Verifications;
import dev.agentroles.audit.Verifications.Definitions;
import dev.agentroles.plan.Description;
import dev.agentroles.plan.Impact;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.report.FindingsText;
import dev.agentroles.report.OutcomeText;
import dev.agentroles.report.PlanJson;
import dev.agentroles.report.PlanText;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.OpenedDatabases;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "apply",
        description = {
            "Makes every database as the profile wants it and issues the leases that are missing.",
            "Shows the plan and asks first; without a terminal it needs --yes.",
            "Examines the catalogs afterwards, and ends with 2 if a finding is high or critical; milder ones are told,"
                    + " and verify ends with 2 for them."
        })
final class ApplyCommand extends ProfileCommand {
    /// Of seconds. No session of ours waits ten minutes for an answer.
    private static final int LONGEST_WAIT = 300;

    @Option(names = "--yes", description = "Do it without asking: the plan was reviewed elsewhere.")
    private boolean yes;

    @Option(
            names = "--expect",
            paramLabel = "FINGERPRINT",
            description = "Refuse if the plan is not exactly the one that was reviewed.")
    private @Nullable String expected;

    @Option(
            names = "--lock-timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for another run, and for locks inside the database; ${DEFAULT-VALUE} if"
                    + " not given, 300 at most.")
    private int lockTimeout = 30;

    @Option(names = "--no-verify", description = "Do not examine the catalogs afterwards.")
    private boolean noVerify;

    ApplyCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        mustBeWithin("--lock-timeout", lockTimeout, 1, LONGEST_WAIT);
        var profile = profile();
        try (var workspace = workspace(profile);
                var databases = OpenedDatabases.all(workspace, this::compare)) {
            var proposals = propose(databases);
            var fingerprint = Fingerprint.of(proposals);
            expected(fingerprint);
            var text = new PlanText(common().paint(world()), common().verbose(), false).render(proposals, fingerprint);
            if (!common().quiet() || !yes || hasObstacles(proposals)) {
                world().err().print(text);
            }
            databases.mayGive();
            obstacles(proposals);
            consent(proposals);
            var outcomes = apply(databases, proposals);
            common().result(
                            world(),
                            common().json()
                                    ? PlanJson.outcome(profile.source(), profile.environment(), outcomes, fingerprint)
                                    : new OutcomeText(common().paint(world())).render(outcomes));
            if (!outcomes.stream().allMatch(Outcome::complete)) {
                return Exit.PARTIAL;
            }
            return noVerify ? Exit.CLEAN : verify(databases, outcomes);
        }
    }

    /// What is frozen is refused as that also while no store answers, which a plan asks for what is published.
    private List<Proposal> propose(OpenedDatabases databases) {
        try {
            return new Proposals(databases, world().clock()).all();
        } catch (Failure failure) {
            databases.mayGive();
            throw failure;
        }
    }

    /// What the catalogs say afterwards; the new logins were tried when they were issued.
    private Exit verify(OpenedDatabases databases, List<Outcome> outcomes) {
        var proposals = outcomes.stream().map(Outcome::proposal).toList();
        var report = new Verifications(
                        databases, world().means(), 0, false, Definitions.REMEMBER, this::say, this::progress)
                .run(proposals);
        boolean failed = report.fails(Severity.HIGH);
        if (failed || !common().quiet()) {
            world().err().print(new FindingsText(common().paint(world()), file(), common().verbose()).render(report));
        }
        if (!failed && report.fails(Severity.LOW)) {
            progress("note: none of these is high or critical, so apply ends with 0; agentroles verify "
                    + Shell.word(file()) + " ends with 2 until they are mended or waived");
        }
        return failed ? Exit.PENDING : Exit.CLEAN;
    }

    private void expected(String fingerprint) {
        Optional.ofNullable(expected)
                .filter(wanted -> !wanted.equals(fingerprint))
                .ifPresent(wanted -> {
                    throw Failure.refused(Problem.of("the plan is not the one that was reviewed: its fingerprint is "
                                    + fingerprint + " and --expect says " + wanted)
                            .remedy("run agentroles plan again and have it reviewed"));
                });
    }

    private static boolean hasObstacles(List<Proposal> proposals) {
        return proposals.stream().anyMatch(proposal -> !proposal.obstacles().isEmpty());
    }

    private static void obstacles(List<Proposal> proposals) {
        var obstacles = proposals.stream()
                .flatMap(proposal -> proposal.obstacles().stream())
                .toList();
        if (!obstacles.isEmpty()) {
            throw new Failure(
                    Exit.ERROR,
                    List.of(Problem.of("nothing was changed: the plan above has " + obstacles.size()
                            + (obstacles.size() == 1 ? " obstacle" : " obstacles"))));
        }
    }

    /// Users who are not agents, and then the rest: two questions, because they are two decisions.
    private void consent(List<Proposal> proposals) {
        if (yes || proposals.stream().allMatch(proposal -> proposal.plan().empty())) {
            return;
        }
        var terminal = world().terminal()
                .orElseThrow(
                        () -> Failure.refused(
                                Problem.of("nobody can be asked: this is no terminal, and --yes was not given")
                                        .remedy(
                                                "review agentroles plan, then apply with --yes, best with --expect and its fingerprint")));
        long others = proposals.stream()
                .flatMap(proposal -> proposal.plan().steps().stream())
                .filter(step -> Description.of(step.change()).impact() == Impact.OTHERS)
                .count();
        if (others > 0) {
            ask(
                    terminal,
                    others + (others == 1 ? " change affects" : " changes affect")
                            + " users who are not agents. Do you agree to that? Only yes is taken: ");
        }
        ask(terminal, "Apply this plan? Only yes is taken: ");
    }

    private static void ask(World.Terminal terminal, String question) {
        if (!terminal.ask(question).filter("yes"::equals).isPresent()) {
            throw Failure.refused(Problem.of("nothing was changed: the answer was not yes"));
        }
    }

    private List<Outcome> apply(OpenedDatabases databases, List<Proposal> proposals) {
        var outcomes = new ArrayList<Outcome>();
        try (var _ = world().ending().amid("apply")) {
            for (int i = 0; i < proposals.size(); i++) {
                var database = databases.all().get(i);
                try {
                    outcomes.add(applier(databases, database).apply(database, agreed(proposals.get(i))));
                } catch (SQLException said) {
                    return partly(outcomes, proposals.get(i), database.failure(said));
                } catch (Failure failure) {
                    return partly(outcomes, proposals.get(i), failure);
                }
            }
        }
        return outcomes;
    }

    /// Who was asked, or named the plan, agreed to this one and no other. Who said --yes alone wants the
    /// profile.
    private Optional<String> agreed(Proposal proposal) {
        return yes && expected == null
                ? Optional.empty()
                : Optional.of(proposal.plan().fingerprint());
    }

    /// Where an earlier database has been changed already, a failure is no longer all or nothing.
    private static List<Outcome> partly(List<Outcome> done, Proposal next, Failure failure) {
        if (done.stream().allMatch(outcome -> outcome.proposal().plan().empty())) {
            throw failure;
        }
        return Stream.concat(done.stream(), Stream.of(new Outcome(next, List.of(), List.of(), failure.problems())))
                .toList();
    }

    private Applier applier(OpenedDatabases databases, OpenedDatabase database) {
        return new Applier(
                new Proposals(databases, world().clock()).proposer(database),
                world().means(),
                world().version(),
                Duration.ofSeconds(lockTimeout),
                this::progress);
    }
}
