package dev.agentroles.cli;

import dev.agentroles.access.Severity;
import dev.agentroles.audit.AuditReport;
import dev.agentroles.audit.Audited;
import dev.agentroles.audit.KeyedHash;
import dev.agentroles.audit.Realm;
import dev.agentroles.audit.Realms;
import dev.agentroles.audit.Verifications;
import dev.agentroles.audit.Verifications.Definitions;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.report.AuditMetrics;
import dev.agentroles.report.AuditSarif;
import dev.agentroles.report.AuditText;
import dev.agentroles.report.FindingsJson;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.OpenedDatabases;
import dev.agentroles.workspace.Workspace;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "audit",
        description = {
            "Audits the agents of many profiles, on a schedule: what each can really do by the catalogs, what"
                    + " environments share, and whether journals are whole.",
            "Changes nothing: its sessions are read-only at the server, it makes no login, and waits for no other run."
                    + " One profile or database that cannot be audited does not keep back the others.",
            "Ends with 3 when a database is not the one that its profile means, else with 2 when something is found at or"
                    + " above --fail-on, else with 4 when something could not be audited (1 if nothing could)."
        })
final class AuditCommand extends ProfileCommand {
    @Parameters(index = "1..*", paramLabel = "FILE", description = "More profiles, of any environments.")
    private List<Path> more = List.of();

    @Option(
            names = "--fail-on",
            paramLabel = "critical|high|medium|low",
            defaultValue = "low",
            converter = SeverityWord.class,
            completionCandidates = VerifyCommand.Severities.class,
            description = "The mildest finding that ends with 2; ${DEFAULT-VALUE} if not given.")
    private Severity failOn = Severity.LOW;

    @Option(
            names = "--sarif",
            paramLabel = "FILE",
            description = "Write the findings there in SARIF 2.1.0, too, for code scanning services.")
    private @Nullable Path sarif;

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "Write numbers there in the text format of Prometheus, too, for the node exporter's textfile"
                    + " collector.")
    private @Nullable Path metrics;

    AuditCommand(World world) {
        super(world);
    }

    /// A profile whose databases are open.
    private record Opened(Workspace workspace, OpenedDatabases databases) implements AutoCloseable {
        @Override
        public void close() {
            databases.close();
            workspace.close();
        }
    }

    @Override
    Exit run() {
        var sarifFile = file(sarif);
        var metricsFile = file(metrics);
        Stream.concat(sarifFile.stream(), metricsFile.stream()).forEach(OutputFile::mustBeWritable);
        var audited = audit();
        var unwritten = new ArrayList<Failure>();
        // People first: a full disk must not hide what was found.
        write(
                unwritten,
                () -> common().result(
                                world(),
                                common().json()
                                        ? FindingsJson.of(audited, failOn)
                                        : new AuditText(
                                                        common().paint(world()),
                                                        common().columns(world()),
                                                        common().verbose())
                                                .render(audited)));
        sarifFile.ifPresent(file -> write(unwritten, () -> file.write(AuditSarif.of(audited, world().version()))));
        metricsFile.ifPresent(file -> write(
                unwritten,
                () -> file.write(AuditMetrics.of(audited, world().clock().instant()))));
        var exit = end(audited);
        if (!unwritten.isEmpty()) {
            throw Failure.together(unwritten);
        }
        return exit;
    }

    /// What cannot be written keeps back nothing else.
    private static void write(List<Failure> unwritten, Runnable writing) {
        try {
            writing.run();
        } catch (Failure failure) {
            unwritten.add(failure);
        }
    }

    private Optional<OutputFile> file(@Nullable Path path) {
        return Optional.ofNullable(path).map(given -> OutputFile.of(given.toString(), world().directory()));
    }

    private List<Audited> audit() {
        var names = Stream.concat(Stream.of(file()), more.stream().map(Path::toString))
                .distinct()
                .toList();
        var opened = new LinkedHashMap<String, Opened>();
        var audited = new HashMap<String, Audited>();
        try {
            for (var name : names) {
                try {
                    opened.put(name, open(name));
                } catch (Failure unread) {
                    audited.put(name, new Audited.Unread(name, unread));
                }
            }
            var realms = realms(opened);
            opened.forEach((name, one) -> audited.put(name, examine(one, shared(name, realms))));
            return names.stream().map(audited::get).toList();
        } finally {
            opened.values().forEach(Opened::close);
        }
    }

    private Opened open(String name) {
        var workspace = workspace(profile(name));
        try {
            return new Opened(workspace, OpenedDatabases.reachable(workspace, this::look));
        } catch (Failure refused) {
            workspace.close();
            throw refused;
        }
    }

    private void look(OpenedDatabase database) throws SQLException {
        database.server().readOnly();
        compare(database);
    }

    private Audited examine(Opened opened, List<AuditReport.Located> shared) {
        var report = new Verifications(
                        opened.databases(), world().means(), 0, true, Definitions.LEAVE, this::say, this::progress)
                .runEach(shared);
        return new Audited.Examined(opened.workspace().profile(), report);
    }

    /// By one key, which is gone with this run. One environment by itself shares nothing: no secret is read.
    private Map<String, Realm> realms(Map<String, Opened> opened) {
        var environments = opened.values().stream()
                .map(one -> one.workspace().profile().environment())
                .distinct();
        if (environments.count() < 2) {
            return Map.of();
        }
        var gathered = new Realms(KeyedHash.random(world().random()), this::say);
        var realms = new LinkedHashMap<String, Realm>();
        opened.forEach((name, one) ->
                realms.put(name, gathered.of(one.workspace(), one.databases().all())));
        return realms;
    }

    private static List<AuditReport.Located> shared(String name, Map<String, Realm> realms) {
        var own = realms.get(name);
        return own == null
                ? List.of()
                : realms.values().stream()
                        .filter(other -> !other.environment().equals(own.environment()))
                        .flatMap(other -> own.sharedWith(other).stream())
                        .toList();
    }

    private Exit end(List<Audited> audited) {
        var failures = new ArrayList<Failure>();
        for (var one : audited) {
            for (var missed : one.missed()) {
                missed.failure().problems().forEach(problem -> say("agentroles: " + one.told(problem)));
                failures.add(missed.failure());
            }
        }
        if (failures.stream().anyMatch(failure -> failure.exit() == Exit.REFUSED)) {
            return Exit.REFUSED;
        }
        if (Audited.examined(audited).anyMatch(one -> one.report().fails(failOn))) {
            return Exit.PENDING;
        }
        if (failures.isEmpty()) {
            return Exit.CLEAN;
        }
        boolean nothing =
                Audited.examined(audited).allMatch(one -> one.databases().isEmpty());
        return nothing ? Exit.ERROR : Exit.PARTIAL;
    }
}
