package dev.agentroles.engine.postgres;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.postgres.Answers.Parameter;
import dev.agentroles.engine.postgres.EffectivePrivileges.Power;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Routines that the subject may execute: which of them act with somebody else's rights or reach beyond the
/// database, and which it may execute for no reason.
final class RoutineExamination {
    /// Extensions whose routines reach other servers, files, or run jobs later.
    private static final Set<String> REACHING = Set.of(
            "dblink",
            "adminpack",
            "http",
            "pg_net",
            "pg_cron",
            "pgagent",
            "plsh",
            "pageinspect",
            "pg_walinspect",
            "pg_tle",
            "aws_s3",
            "aws_lambda",
            "aws_commons",
            "azure_storage",
            "orafce_files",
            "pg_background");

    private final Examined examined;
    private final Revocation revocation;
    private final Map<Long, List<Power>> executable;
    private final Set<Long> callable;
    private final List<Finding> findings = new ArrayList<>();

    RoutineExamination(Examined examined, Revocation revocation) {
        this.examined = examined;
        this.revocation = revocation;
        this.executable = examined.own().stream()
                .filter(power -> power.holding().on() instanceof Securable.Routine && !power.builtin())
                .collect(Collectors.groupingBy(Power::oid));
        this.callable = executable.values().stream()
                .map(List::getFirst)
                .filter(power -> power.holding().on() instanceof Securable.Routine(var schema, var _, var _)
                        && examined.usableSchemas().contains(schema))
                .map(Power::oid)
                .collect(Collectors.toSet());
    }

    /// How the subject comes to a routine.
    ///
    /// @param through what calls it, if the subject does not call it by its name
    /// @param door the routine whose EXECUTE lets it: this one, or an aggregate that is made of it
    private record Way(long door, List<String> through) {
        String words() {
            return through.isEmpty() ? "" : " through " + String.join(", ", through);
        }
    }

    private record Routine(
            long oid,
            Securable.Routine name,
            boolean definer,
            String owner,
            long ownerOid,
            boolean powerfulOwner,
            String searchPath,
            String language,
            boolean trusted,
            String extension) {
        boolean pinned() {
            return searchPath.replace("\"", "").replace(" ", "").endsWith("pg_temp");
        }

        /// C and internal are untrusted as languages, yet half of all extensions are written in C.
        boolean reachesSystem() {
            return !trusted && extension.isEmpty();
        }
    }

    List<Finding> findings() throws SQLException {
        var indirect = indirect();
        var routines = examined.answers()
                .to(
                        "examine-routines.sql",
                        row -> new Routine(
                                row.getLong("oid"),
                                new Securable.Routine(
                                        row.getString("schema"), row.getString("name"), row.getString("signature")),
                                row.getBoolean("definer"),
                                row.getString("owner"),
                                row.getLong("owner_oid"),
                                row.getBoolean("owner_powerful"),
                                row.getString("search_path"),
                                row.getString("language"),
                                row.getBoolean("trusted"),
                                row.getString("extension")),
                        Parameter.oids(Stream.concat(callable.stream(), indirect.keySet().stream())
                                .collect(Collectors.toSet())));
        var harmless = new TreeMap<String, List<Routine>>();
        var reaching = new TreeMap<String, List<Routine>>();
        for (var routine : routines) {
            indirect.getOrDefault(routine.oid(), List.of()).forEach(way -> code(routine, way));
            if (!callable.contains(routine.oid())) {
                continue;
            }
            var way = new Way(routine.oid(), List.of());
            var declared = declared(routine);
            if (!declared && REACHING.contains(routine.extension()) && !actsAsAnother(routine)) {
                reaching.computeIfAbsent(routine.extension(), _ -> new ArrayList<>())
                        .add(routine);
            } else if (!code(routine, way) && !declared) {
                if (!everybody(way)) {
                    excess(routine, direct(way));
                } else if (routine.extension().isEmpty()) {
                    harmless.computeIfAbsent(routine.name().schema(), _ -> new ArrayList<>())
                            .add(routine);
                }
            }
        }
        reaching.forEach(this::extension);
        harmless.forEach(this::harmless);
        return findings;
    }

    /// Ways to routines that act with somebody else's rights or reach beyond the database, by routine.
    private Map<Long, List<Way>> indirect() throws SQLException {
        record Step(long routine, long door, String through) {}
        var steps = examined.answers()
                .to(
                        "examine-ways.sql",
                        row -> new Step(row.getLong("routine"), row.getLong("door"), row.getString("through")),
                        Parameter.oids(examined.relations(Privilege.SELECT)),
                        Parameter.oids(callable),
                        Parameter.names(examined.usableSchemas()));
        return steps.stream()
                .filter(step -> executable.containsKey(step.door()))
                // What is called by its name needs no other way.
                .filter(step -> step.door() != step.routine() || !callable.contains(step.routine()))
                .collect(Collectors.groupingBy(
                        Step::routine,
                        Collectors.collectingAndThen(
                                Collectors.toList(),
                                ways -> ways.stream()
                                        .collect(Collectors.groupingBy(
                                                Step::door,
                                                TreeMap::new,
                                                Collectors.mapping(Step::through, Collectors.toList())))
                                        .entrySet()
                                        .stream()
                                        .map(way -> new Way(
                                                way.getKey(),
                                                way.getValue().stream().limit(3).toList()))
                                        .toList())));
    }

    private Optional<RoleName> direct(Way way) {
        return executable.getOrDefault(way.door(), List.of()).stream()
                .flatMap(power -> power.grantee().stream())
                .findFirst();
    }

    private boolean everybody(Way way) {
        return executable.getOrDefault(way.door(), List.of()).stream()
                .anyMatch(power -> power.grantee().isEmpty());
    }

    private boolean declared(Routine routine) {
        return examined.intended().gives(Privilege.EXECUTE, routine.name());
    }

    private boolean actsAsAnother(Routine routine) {
        return routine.definer()
                && examined.closure().usable(routine.ownerOid()).isEmpty();
    }

    /// @return whether the routine is judged by what it is made of
    private boolean code(Routine routine, Way way) {
        if (actsAsAnother(routine)) {
            definer(routine, way);
            return true;
        }
        if (!declared(routine) && routine.reachesSystem()) {
            untrusted(routine, way);
            return true;
        }
        return false;
    }

    private void untrusted(Routine routine, Way way) {
        var direct = direct(way);
        findings.add(Rule.UNTRUSTED_ROUTINE.finding(
                examined.agent(),
                "%s is written in %s and can be executed%s"
                        .formatted(routine.name().display(), routine.language(), way.words()),
                examined.pathTo(direct),
                "pg_proc.prolang is %s, which is not trusted".formatted(routine.language()),
                revoke(List.of(way.door()), direct),
                List.of("S12")));
    }

    private void excess(Routine routine, Optional<RoleName> direct) {
        findings.add(Rule.GRANT_EXCESS.finding(
                Severity.MEDIUM,
                examined.agent(),
                "%s has EXECUTE on %s"
                        .formatted(
                                direct.map(RoleName::value).orElse("everybody"),
                                routine.name().display()),
                examined.pathTo(direct),
                "pg_proc.proacl",
                revoke(List.of(routine.oid()), direct),
                List.of("G14")));
    }

    private void definer(Routine routine, Way way) {
        var direct = direct(way);
        var severity = routine.powerfulOwner() ? Severity.CRITICAL : Severity.HIGH;
        var unpinned = routine.pinned() ? List.of("S1") : List.of("S1", "S3");
        var evidence = "pg_proc.prosecdef is true, owner %s%s, %s"
                .formatted(
                        routine.owner(),
                        routine.powerfulOwner() ? " (superuser or BYPASSRLS)" : "",
                        routine.searchPath().isEmpty() ? "search_path is not set" : routine.searchPath());
        if (!declared(routine)) {
            var rule = direct.isPresent() ? Rule.DEFINER_ROUTINE : Rule.PUBLIC_EXECUTE;
            findings.add(rule.finding(
                    severity,
                    direct.isPresent() ? examined.agent() : Optional.empty(),
                    "%s runs as %s and %s may execute it%s"
                            .formatted(
                                    routine.name().display(),
                                    routine.owner(),
                                    direct.map(RoleName::value).orElse("everybody"),
                                    way.words()),
                    examined.pathTo(direct),
                    evidence,
                    revoke(List.of(way.door()), direct),
                    unpinned));
        } else if (!routine.pinned()) {
            findings.add(Rule.DEFINER_UNPINNED.finding(
                    examined.agent(),
                    "%s runs as %s with the caller's search_path"
                            .formatted(routine.name().display(), routine.owner()),
                    examined.pathTo(direct),
                    evidence,
                    List.of("ALTER %s SET search_path = pg_catalog, pg_temp".formatted(Sql.on(routine.name()))),
                    List.of("S3")));
        }
    }

    private void extension(String extension, List<Routine> routines) {
        findings.add(Rule.EXTENSION_ROUTINE.finding(
                Optional.empty(),
                "routines of extension %s can be executed, %s among them"
                        .formatted(extension, routines.getFirst().name().display()),
                examined.pathTo(Optional.empty()),
                "pg_extension, pg_depend: %d routines".formatted(routines.size()),
                revoke(routines.stream().map(Routine::oid).toList(), Optional.empty()),
                List.of("S10", "S13")));
    }

    private void harmless(String schema, List<Routine> routines) {
        findings.add(Rule.PUBLIC_ROUTINE.finding(
                Optional.empty(),
                "everybody may execute %d routines of schema %s, with the caller's own rights: %s"
                        .formatted(
                                routines.size(),
                                schema,
                                routines.stream()
                                        .map(routine -> routine.name().display())
                                        .limit(3)
                                        .collect(Collectors.joining(", "))),
                examined.pathTo(Optional.empty()),
                "pg_proc.proacl",
                List.of(),
                List.of("G14")));
    }

    /// @param grantee empty: PUBLIC
    private List<String> revoke(List<Long> routines, Optional<RoleName> grantee) {
        return routines.stream()
                .map(routine -> executable.getOrDefault(routine, List.of()).stream()
                        .filter(power -> power.grantee().equals(grantee))
                        .toList())
                .filter(powers -> !powers.isEmpty())
                .flatMap(powers -> revocation.statements(powers, ""))
                .toList();
    }
}
