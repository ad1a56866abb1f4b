package dev.agentroles.audit;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Finding;
import dev.agentroles.engine.Definition;
import dev.agentroles.engine.Engine;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.Said;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.Target;
import dev.agentroles.engine.Witness;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Asks both witnesses about every agent of one database: the catalogs, and a session of the agent's own.
public final class Verification {
    private final Engine engine;
    private final String database;
    private final Witness witness;
    private final AccessState intended;
    private final Map<String, String> remembered;

    /// @param database the entry's name in the profile
    /// @param witness of an administrator's session there
    /// @param intended what the profile wants there, resolved
    /// @param remembered hashes of definitions as they were when somebody accepted them, by identity
    public Verification(
            Engine engine, String database, Witness witness, AccessState intended, Map<String, String> remembered) {
        this.engine = engine;
        this.database = database;
        this.witness = witness;
        this.intended = intended;
        this.remembered = Map.copyOf(remembered);
    }

    /// @param subjects agent roles and logins, each with what it should be
    /// @param logins for the probes, one for each agent role among `subjects`; empty: the catalogs only
    /// @throws SQLException if the administrator's session fails; a login that is refused is a finding
    public Verified verify(List<Subject> subjects, Optional<ProbeLogins> logins) throws SQLException {
        var findings = new ArrayList<Finding>();
        var begun = new ArrayList<Probing>();
        var definitions = new TreeMap<String, String>();
        witness.expect(subjects.stream().map(Subject::role).toList());
        for (var subject : subjects) {
            var testimony = witness.examine(subject, intended);
            findings.addAll(testimony.findings());
            var reliedOn = testimony.reliedOn();
            reliedOn.forEach(definition -> definitions.put(definition.identity(), definition.sha256()));
            findings.addAll(changed(reliedOn));
            if (logins.isPresent() && subject instanceof Subject.AgentRole) {
                probe(subject, logins.get(), testimony.findings()).ifPresent(begun::add);
            }
        }
        var probes = new ArrayList<Verified.Probed>();
        for (var probing : begun) {
            finish(probing, findings, probes);
        }
        return new Verified(database, once(findings), probes, definitions);
    }

    private List<Finding> changed(List<Definition> definitions) {
        return definitions.stream()
                .filter(definition -> remembered.containsKey(definition.identity())
                        && !definition.sha256().equals(remembered.get(definition.identity())))
                .map(this::changed)
                .toList();
    }

    private Finding changed(Definition definition) {
        return Rule.DEFINITION_CHANGED.finding(
                Optional.empty(),
                "%s is not what it was when it was accepted".formatted(definition.identity()),
                List.of(),
                "SHA-256 now %s, accepted was %s".formatted(definition.sha256(), remembered.get(definition.identity())),
                List.of(),
                List.of("S2", "S4", "S8", "S9"));
    }

    /// @param missing whether it is known that the role is, of which every refusal follows
    private record Probing(Subject subject, boolean missing, ProbeLogins.Begun begun) {}

    private Optional<Probing> probe(Subject subject, ProbeLogins logins, List<Finding> known) throws SQLException {
        return witness.holdings(subject.role(), true)
                .map(holdings -> new ProbeVerdict(subject, holdings, known))
                .map(verdict -> logins.begin(subject.agent(), login -> tried(subject, login, verdict)))
                .map(begun -> new Probing(subject, ProbeVerdict.isOfMissingRole(known), begun));
    }

    private ProbeLogins.Tried tried(Subject subject, Target login, ProbeVerdict verdict) throws SQLException {
        var report = engine.probe(login, subject, intended);
        return new ProbeLogins.Tried(
                new Verified.Probed(
                        subject.agent(),
                        report.relations(),
                        report.probed(),
                        report.attempts().size()),
                verdict.findings(report));
    }

    private static void finish(Probing probing, List<Finding> findings, List<Verified.Probed> probes) {
        var subject = probing.subject();
        try {
            var tried = probing.begun().result();
            probes.add(tried.probed());
            findings.addAll(tried.findings());
        } catch (SQLException refused) {
            if (!probing.missing()) {
                findings.add(Rule.PROBE_REFUSED.finding(
                        Optional.of(subject.agent()),
                        "a login of %s could not be used".formatted(subject.agent()),
                        List.of(subject.role().value()),
                        Said.text(refused),
                        List.of(),
                        List.of()));
            }
        }
    }

    /// Several logins of one agent meet the same power; the shortest path is told, once.
    private static List<Finding> once(List<Finding> findings) {
        var kept = new LinkedHashMap<List<Object>, Finding>();
        findings.stream()
                .sorted(Comparator.comparingInt(
                                (Finding finding) -> finding.path().size())
                        .thenComparing(Finding.WORST_FIRST))
                .forEach(finding ->
                        kept.putIfAbsent(List.of(finding.code(), finding.subject(), finding.what()), finding));
        return kept.values().stream().sorted(Finding.WORST_FIRST).toList();
    }
}
