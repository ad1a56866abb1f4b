package dev.agentroles.engine.postgres;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.Holding;
import dev.agentroles.engine.MissingGrants;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.postgres.EffectivePrivileges.Power;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a subject's own roles, and everybody, hold that the profile does not give, and what it gives that
/// they lack.
final class PrivilegeExamination {
    /// More objects than this of one schema are told in one finding.
    private static final int TOGETHER = 20;

    private static final Set<String> UNTRUSTED = Set.of(
            "c", "internal", "plperlu", "plpythonu", "plpython2u", "plpython3u", "pltclu", "plsh", "plr", "plrustu");

    /// Make a large object out of nothing; the other functions need one to begin with.
    private static final Set<String> LARGE_OBJECT_MAKERS = Set.of("lo_creat", "lo_create", "lo_from_bytea");

    private final Examined examined;
    private final Revocation revocation;
    private final Set<Securable.Relation> unguarded;

    /// @param unguarded tables without the guard that they should have, which the subject cannot change
    PrivilegeExamination(Examined examined, Revocation revocation, Set<Securable.Relation> unguarded) {
        this.examined = examined;
        this.revocation = revocation;
        this.unguarded = Set.copyOf(unguarded);
    }

    /// Privileges of one grantee on one object that break one rule.
    private record Excess(Rule rule, Securable on, Optional<RoleName> grantee, String detail, List<Power> powers) {
        String schema() {
            return on.home().map(Securable.Schema::name).orElse("");
        }

        Set<Privilege> privileges() {
            return powers.stream()
                    .map(power -> power.holding().privilege())
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(Privilege.class)));
        }

        String who() {
            return grantee.map(RoleName::value).orElse("PUBLIC");
        }

        String privilegeList() {
            return privileges().stream().map(Privilege::sql).collect(Collectors.joining(", "));
        }
    }

    List<Finding> findings() {
        var findings = new ArrayList<Finding>();
        var excesses = excesses();
        var groups = excesses.stream()
                .collect(Collectors.groupingBy(
                        excess -> List.of(excess.rule(), excess.who(), excess.schema()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        for (var group : groups.values()) {
            var together = group.size() > TOGETHER
                    || group.getFirst().rule() == Rule.PUBLIC_LARGE_OBJECTS
                    || group.getFirst().rule() == Rule.PUBLIC_LANGUAGES;
            if (together) {
                findings.add(together(group));
            } else {
                group.forEach(excess -> findings.add(finding(excess)));
            }
        }
        missing(findings);
        return findings;
    }

    private List<Excess> excesses() {
        var excesses = new LinkedHashMap<List<Object>, Excess>();
        for (var power : examined.own()) {
            rule(power).ifPresent(rule -> {
                var holding = power.holding();
                var key = List.<Object>of(rule, holding.on(), power.grantee());
                excesses.computeIfAbsent(
                                key,
                                _ -> new Excess(rule, holding.on(), power.grantee(), power.detail(), new ArrayList<>()))
                        .powers()
                        .add(power);
            });
        }
        return excesses.values().stream()
                .sorted(Comparator.comparing(Excess::rule)
                        .thenComparing(Excess::who)
                        .thenComparing(excess -> excess.on().display()))
                .toList();
    }

    private Optional<Rule> rule(Power power) {
        var holding = power.holding();
        if (examined.intended().gives(holding.privilege(), holding.on())) {
            return holding.grantable() && !examined.intended().givesGrantable(holding.privilege(), holding.on())
                    ? Optional.of(Rule.GRANT_OPTION)
                    : Optional.empty();
        }
        if (power.shipped() && !(holding.on() instanceof Securable.Language) && !makesLargeObjects(holding.on())) {
            return Optional.empty();
        }
        return broken(power, power.grantee().isEmpty());
    }

    private Optional<Rule> broken(Power power, boolean everybody) {
        var privilege = power.holding().privilege();
        return switch (power.holding().on()) {
            case Securable.Relation(var schema, var _) -> onData(power, schema, everybody);
            case Securable.Column(var schema, var _, var _) -> onData(power, schema, everybody);
            case Securable.Sequence(var schema, var _) -> onData(power, schema, everybody);
            case Securable.Schema _
            when privilege == Privilege.CREATE -> Optional.of(everybody ? Rule.PUBLIC_CREATE : Rule.SCHEMA_CREATE);
            case Securable.Schema _ -> Optional.of(everybody ? Rule.PUBLIC_USAGE : Rule.GRANT_EXCESS);
            case Securable.Database(var name) -> onDatabase(power, name, everybody);
            case Securable.Routine routine -> onRoutine(power, routine, everybody);
            case Securable.Language(var name) -> onLanguage(name, power.detail());
            // Everybody has USAGE on every type; without CREATE anywhere it is good for nothing.
            case Securable.Type _ -> Optional.empty();
            case Securable.LargeObject _ -> Optional.of(Rule.LARGE_OBJECT);
            case Securable.ForeignDataWrapper _ -> Optional.of(Rule.FOREIGN_DATA_WRAPPER);
            case Securable.ForeignServer _ -> Optional.of(Rule.FOREIGN_SERVER);
            case Securable.Tablespace _ -> Optional.of(Rule.TABLESPACE);
            case Securable.Parameter _
            when privilege == Privilege.ALTER_SYSTEM -> Optional.of(Rule.PARAMETER_ALTER_SYSTEM);
            case Securable.Parameter _ ->
                power.detail().equals("user") ? Optional.empty() : Optional.of(Rule.PARAMETER_SET);
        };
    }

    private Optional<Rule> onData(Power power, String schema, boolean everybody) {
        if (power.builtin()) {
            return Optional.of(Rule.CATALOG_GRANT);
        }
        if (!everybody) {
            return Optional.of(Rule.GRANT_EXCESS);
        }
        return Optional.of(examined.usableSchemas().contains(schema) ? Rule.PUBLIC_GRANT : Rule.LATENT_GRANT);
    }

    private Optional<Rule> onDatabase(Power power, String name, boolean everybody) {
        var privilege = power.holding().privilege();
        if (!name.equals(examined.database())) {
            if (power.detail().equals("closed") || (everybody && privilege != Privilege.CONNECT)) {
                return Optional.empty();
            }
            return Optional.of(everybody ? Rule.PUBLIC_CONNECT : Rule.OTHER_DATABASE);
        }
        return switch (privilege) {
            // Where the agent belongs, it does not matter who else may connect.
            case CONNECT -> Optional.empty();
            case TEMPORARY -> Optional.of(everybody ? Rule.PUBLIC_TEMP : Rule.GRANT_EXCESS);
            default -> Optional.of(everybody ? Rule.PUBLIC_CREATE : Rule.GRANT_EXCESS);
        };
    }

    private Optional<Rule> onRoutine(Power power, Securable.Routine routine, boolean everybody) {
        if (everybody && makesLargeObjects(routine)) {
            return Optional.of(Rule.PUBLIC_LARGE_OBJECTS);
        }
        if (power.builtin()) {
            return Optional.of(Rule.BUILTIN_OPENED);
        }
        // What everybody may execute, and what runs as its owner, is judged by what it is: RoutineExamination.
        return Optional.empty();
    }

    private static boolean makesLargeObjects(Securable on) {
        return on instanceof Securable.Routine(var schema, var name, var _)
                && schema.equals("pg_catalog")
                && LARGE_OBJECT_MAKERS.contains(name);
    }

    private static Optional<Rule> onLanguage(String name, String trust) {
        if (trust.equals("untrusted")) {
            return Optional.empty();
        }
        return Optional.of(UNTRUSTED.contains(name) ? Rule.LANGUAGE_OPENED : Rule.PUBLIC_LANGUAGES);
    }

    private Finding finding(Excess excess) {
        return excess.rule()
                .finding(
                        severity(excess),
                        subject(excess),
                        "%s has %s%s on %s"
                                .formatted(
                                        excess.grantee().isEmpty() ? "everybody" : excess.who(),
                                        excess.privilegeList(),
                                        excess.rule() == Rule.GRANT_OPTION ? " with grant option" : "",
                                        excess.on().display()),
                        examined.pathTo(excess.grantee()),
                        "the access list of %s names %s".formatted(excess.on().display(), excess.who()),
                        mend(excess).toList(),
                        ids(excess))
                .about(Stream.of(excess.on()));
    }

    private Finding together(List<Excess> group) {
        var first = group.getFirst();
        var privileges = EnumSet.noneOf(Privilege.class);
        group.forEach(excess -> privileges.addAll(excess.privileges()));
        return first.rule()
                .finding(
                        severity(first),
                        subject(first),
                        "%s has %s on %d objects%s: %s%s"
                                .formatted(
                                        first.grantee().isEmpty() ? "everybody" : first.who(),
                                        privileges.stream().map(Privilege::sql).collect(Collectors.joining(", ")),
                                        group.size(),
                                        first.schema().isEmpty() ? "" : " of schema " + first.schema(),
                                        group.stream()
                                                .map(excess -> excess.on().display())
                                                .limit(3)
                                                .collect(Collectors.joining(", ")),
                                        group.size() > 3 ? ", ..." : ""),
                        examined.pathTo(first.grantee()),
                        "the access lists name %s".formatted(first.who()),
                        group.stream().flatMap(this::mend).toList(),
                        group.stream()
                                .flatMap(excess -> ids(excess).stream())
                                .distinct()
                                .toList())
                .about(group.stream().map(Excess::on));
    }

    /// PUBLIC's powers are the database's matter, the same for every agent.
    private Optional<String> subject(Excess excess) {
        return excess.grantee().isEmpty() ? Optional.empty() : examined.agent();
    }

    private Severity severity(Excess excess) {
        return excess.rule() == Rule.PUBLIC_LANGUAGES && canKeepCode()
                ? Severity.LOW
                : excess.rule().severity();
    }

    /// Whether a function that the subject writes could stay: in a temporary or a real schema.
    private boolean canKeepCode() {
        return examined.own().stream().map(Power::holding).anyMatch(holding -> switch (holding.on()) {
            case Securable.Database(var name) ->
                name.equals(examined.database()) && holding.privilege() != Privilege.CONNECT;
            case Securable.Schema _ -> holding.privilege() == Privilege.CREATE;
            default -> false;
        });
    }

    private Stream<String> mend(Excess excess) {
        if (excess.rule() == Rule.LANGUAGE_OPENED) {
            return Stream.of("UPDATE pg_language SET lanpltrusted = false WHERE lanname = "
                    + Sql.literal(((Securable.Language) excess.on()).name()));
        }
        return revocation.statements(excess.powers(), excess.rule() == Rule.GRANT_OPTION ? "GRANT OPTION FOR " : "");
    }

    private static List<String> ids(Excess excess) {
        if (excess.rule() == Rule.GRANT_OPTION) {
            return List.of("G6");
        }
        return switch (excess.on()) {
            case Securable.Relation _ when excess.rule() == Rule.CATALOG_GRANT -> List.of("G23");
            case Securable.Column _ when excess.rule() == Rule.CATALOG_GRANT -> List.of("G5", "G23");
            case Securable.Relation _ -> relationIds(excess);
            case Securable.Column _ -> List.of("G5");
            case Securable.Sequence _ -> List.of("G7");
            case Securable.Schema _ -> List.of(excess.privileges().contains(Privilege.CREATE) ? "G8" : "G9");
            case Securable.Database _ when excess.privileges().contains(Privilege.CONNECT) -> List.of("G12");
            case Securable.Database _ -> List.of(excess.privileges().contains(Privilege.TEMPORARY) ? "G11" : "G10");
            case Securable.Routine _ -> List.of("S14");
            case Securable.Language _ -> List.of("G15");
            case Securable.Type _ -> List.of("G16");
            case Securable.LargeObject _ -> List.of("G22");
            case Securable.ForeignDataWrapper _ -> List.of("G17");
            case Securable.ForeignServer _ -> List.of("G18");
            case Securable.Tablespace _ -> List.of("G19");
            case Securable.Parameter _ -> List.of(excess.privileges().contains(Privilege.ALTER_SYSTEM) ? "G21" : "G20");
        };
    }

    private static final Map<Privilege, String> RELATION_IDS = Map.of(
            Privilege.TRUNCATE, "G2", Privilege.TRIGGER, "G3", Privilege.REFERENCES, "G4", Privilege.MAINTAIN, "P10");

    private static List<String> relationIds(Excess excess) {
        var ids = excess.privileges().stream()
                .map(privilege -> RELATION_IDS.getOrDefault(privilege, "G1"))
                .distinct();
        var view = excess.detail().equals("v") && excess.privileges().stream().anyMatch(p -> p != Privilege.SELECT);
        return Stream.concat(ids, view ? Stream.of("S5") : Stream.of()).toList();
    }

    /// What comes with a role that the subject does not have is told once, by that.
    private void missing(List<Finding> findings) {
        if (examined.closure().superuser().isPresent()) {
            return;
        }
        var held = examined.privileges().powers().stream()
                .map(Power::holding)
                .filter(holding -> holding.usable() && holding.reach() == Holding.Reach.AT_ONCE)
                .map(holding -> List.of(holding.privilege(), holding.on()))
                .collect(Collectors.toSet());
        var inherited = examined.closure().inherited();
        var lacking = examined.intended().grants().stream()
                .filter(grant -> grant.grantee() instanceof Grantee.Role(var name) && inherited.contains(name))
                // Whoever lacks the guard's mark lacks nothing, and is told of as a guard that is off.
                .filter(grant -> !grant.on().equals(Guard.MARKER))
                .filter(grant -> !held.contains(List.of(grant.privilege(), grant.on())))
                .filter(grant -> !(grant.on() instanceof Securable.Column column
                        && held.contains(List.of(grant.privilege(), column.owner()))))
                .toList();
        findings.addAll(new MissingGrants(examined.subject(), this::evidence).findings(lacking));
    }

    private String evidence(Securable on) {
        return "no access list on the agent's way to it gives it"
                + (unguarded.contains(on) ? ", and the guard is gone, too: was the table made again?" : "");
    }
}
