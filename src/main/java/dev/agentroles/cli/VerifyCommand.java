package dev.agentroles.cli;

import dev.agentroles.access.Severity;
import dev.agentroles.audit.AuditReport;
import dev.agentroles.audit.KeyedHash;
import dev.agentroles.audit.Realm;
import dev.agentroles.audit.Realms;
import dev.agentroles.audit.Verifications;
import dev.agentroles.audit.Verifications.Definitions;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.report.FindingsJson;
import dev.agentroles.report.FindingsText;
import dev.agentroles.workspace.Missed;
import dev.agentroles.workspace.OpenedDatabases;
import dev.agentroles.workspace.Workspace;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description = {
            "Proves what each agent can really do: from the catalogs, and by trying as the agent.",
            "Ends with 2 when it finds something at or above --fail-on, else with 4 when a database could not be verified."
        })
final class VerifyCommand extends ProfileCommand {
    @Option(
            names = "--fail-on",
            paramLabel = "critical|high|medium|low",
            defaultValue = "low",
            converter = SeverityWord.class,
            completionCandidates = Severities.class,
            description = "The mildest finding that ends with 2; ${DEFAULT-VALUE} if not given.")
    private Severity failOn = Severity.LOW;

    @Option(
            names = "--no-probes",
            description = "Ask the catalogs only; makes no login, so that nothing is written to the database.")
    private boolean noProbes;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many sessions try as agents on each database; ${DEFAULT-VALUE} if not given.")
    private int parallel = 4;

    @Option(
            names = "--accept-definitions",
            description = "Accept views, functions and policies that changed as they are now.")
    private boolean accept;

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description =
                    "Another environment's profile: find roles and passwords that serve both; may be given several"
                            + " times. What of it cannot be reached is said, and left out.")
    private List<Path> others = List.of();

    /// As the help writes them.
    static final class Severities implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Severity.values())
                    .filter(severity -> severity != Severity.INFO)
                    .map(severity -> severity.word())
                    .iterator();
        }
    }

    VerifyCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        mustBeWithin("--parallel", parallel, 1, 100);
        var profile = profile();
        try (var workspace = workspace(profile);
                var databases = OpenedDatabases.reachable(workspace, this::compare)) {
            var shared = shared(workspace, databases);
            var report = new Verifications(
                            databases,
                            world().means(),
                            noProbes ? 0 : parallel,
                            true,
                            definitions(),
                            this::say,
                            this::progress)
                    .runEach(shared);
            if (report.missed().size() == workspace.databases().size()) {
                throw Failure.together(
                        report.missed().stream().map(Missed::failure).toList());
            }
            common().result(
                            world(),
                            common().json()
                                    ? FindingsJson.of(profile.source(), profile.environment(), report, failOn)
                                    : new FindingsText(common().paint(world()), file(), common().verbose())
                                            .render(report));
            return end(report);
        }
    }

    /// A database that could not be verified was named; what stands elsewhere outweighs it, unless it is
    /// not the one that the profile means.
    private Exit end(AuditReport report) {
        for (var missed : report.missed()) {
            missed.failure().problems().forEach(problem -> say("agentroles: " + problem));
        }
        if (report.missed().stream().anyMatch(missed -> missed.failure().exit() == Exit.REFUSED)) {
            return Exit.REFUSED;
        }
        if (report.fails(failOn)) {
            return Exit.PENDING;
        }
        return report.missed().isEmpty() ? Exit.CLEAN : Exit.PARTIAL;
    }

    private Definitions definitions() {
        if (accept) {
            return Definitions.ACCEPT;
        }
        return noProbes ? Definitions.LEAVE : Definitions.REMEMBER;
    }

    /// By one key, which is gone with this run.
    private List<AuditReport.Located> shared(Workspace workspace, OpenedDatabases databases) {
        if (others.isEmpty()) {
            return List.of();
        }
        var realms = new Realms(KeyedHash.random(world().random()), this::say);
        var own = realms.of(workspace, databases.all());
        return others.stream()
                .flatMap(name -> other(realms, own, name.toString()).stream())
                .flatMap(other -> own.sharedWith(other).stream())
                .toList();
    }

    /// Empty if nothing of it can be reached.
    private Optional<Realm> other(Realms realms, Realm own, String name) {
        var profile = profile(name);
        if (profile.environment().equals(own.environment())) {
            throw Failure.usage(
                    Problem.of(profile.source() + " is a profile of environment " + own.environment() + ", too")
                            .remedy("give --against the profile of another environment"));
        }
        try (var workspace = workspace(profile)) {
            return Optional.of(realms.of(workspace));
        } catch (Failure unreachable) {
            say("note: environment " + profile.environment() + " was not compared: "
                    + unreachable.problems().getFirst());
            return Optional.empty();
        }
    }
}
