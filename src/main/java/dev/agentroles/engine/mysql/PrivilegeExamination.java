package dev.agentroles.engine.mysql;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.MissingGrants;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.mysql.EffectivePrivileges.Power;
import dev.agentroles.engine.mysql.EffectivePrivileges.Reached;
import dev.agentroles.engine.mysql.GrantTables.Held;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a subject's own roles, and everybody, hold that the profile does not give, and what it gives that they
/// lack.
final class PrivilegeExamination {
    /// More objects than this of one schema are told in one finding.
    private static final int TOGETHER = 20;

    /// With each of these on everything, an account gives itself whatever it lacks or reads whatever it likes:
    /// the grant tables are tables, definers can be anybody, files are anywhere.
    private static final Set<String> TAKEOVER = Set.of(
            "SUPER",
            "FILE",
            "INSERT",
            "UPDATE",
            "ADMINISTRATION",
            "SET USER",
            "SYSTEM_USER",
            "SET_USER_ID",
            "SET_ANY_DEFINER",
            "ALLOW_NONEXISTENT_DEFINER",
            "SYSTEM_VARIABLES_ADMIN",
            "PERSIST_RO_VARIABLES_ADMIN",
            "CLONE_ADMIN");

    private static final Set<String> MAKES_ROLES = Set.of("CREATE USER", "ROLE_ADMIN", "CREATE ROLE", "DROP ROLE");

    private static final Set<String> COPIES = Set.of(
            "REPLICATION SLAVE",
            "REPLICATION_SLAVE_ADMIN",
            "REPLICATION_APPLIER",
            "BINLOG_ADMIN",
            "GROUP_REPLICATION_ADMIN",
            "REPLICATION SLAVE ADMIN",
            "REPLICATION MASTER ADMIN",
            "BINLOG ADMIN",
            "BINLOG REPLAY");

    private static final Set<Rule> RUNS = Set.of(Rule.DEFINER_ROUTINE, Rule.PUBLIC_EXECUTE);

    private static final Set<String> CREATES = Set.of("CREATE", "CREATE VIEW", "CREATE ROUTINE", "EVENT");

    private static final List<String> SYSTEM = List.of("mysql", "performance_schema", "sys", "information_schema");

    private final Examined examined;

    PrivilegeExamination(Examined examined) {
        this.examined = examined;
    }

    /// Words on one object that break one rule.
    private record Excess(Rule rule, Reached reached, Held held, Set<String> words) {
        Optional<Securable> on() {
            return held.on();
        }

        String schema() {
            return switch (on().orElse(null)) {
                case Securable.Relation relation -> relation.schema();
                case Securable.Column column -> column.schema();
                case Securable.Routine routine -> routine.schema();
                case null, default -> "";
            };
        }
    }

    List<Finding> findings() {
        var findings = new ArrayList<Finding>();
        var groups = examined.own()
                .flatMap(power -> excesses(power).stream())
                .collect(Collectors.groupingBy(
                        excess -> List.of(excess.rule(), excess.reached().account(), excess.schema()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        for (var group : groups.values()) {
            if (group.size() > TOGETHER) {
                findings.add(together(group));
            } else {
                group.forEach(excess -> findings.add(finding(excess)));
            }
        }
        missing(findings);
        return findings;
    }

    private List<Excess> excesses(Power power) {
        var byRule = new TreeMap<Rule, Set<String>>();
        for (var word : power.held().words()) {
            rule(power, word)
                    .ifPresent(rule ->
                            byRule.computeIfAbsent(rule, _ -> new TreeSet<>()).add(word));
        }
        return byRule.entrySet().stream()
                .map(entry -> new Excess(entry.getKey(), power.reached(), power.held(), entry.getValue()))
                .toList();
    }

    private Optional<Rule> rule(Power power, String word) {
        var on = power.held().on();
        if (on.isEmpty()) {
            return Optional.of(opensDefiners(power, word) ? Rule.DEFINER_ROUTINE : onEverything(power.held(), word));
        }
        var privilege = Privilege.of(word);
        if (privilege.isPresent()
                && privilege.get() != Privilege.GRANT_OPTION
                && examined.wanted(power.reached().account())
                && examined.intended().gives(privilege.get(), on.get())) {
            return Optional.empty();
        }
        return Optional.of(onObject(power, on.get(), word));
    }

    /// What an account holds on everything, by its danger. Where it may not touch the server's own tables it
    /// cannot make itself a superuser by writing into them.
    static Rule onEverything(Held held, String word) {
        if (TAKEOVER.contains(word) && held.reaches(word, "mysql")) {
            return Rule.SUPERUSER;
        }
        if (MAKES_ROLES.contains(word)) {
            return Rule.CREATEROLE;
        }
        if (COPIES.contains(word)) {
            return Rule.REPLICATION;
        }
        return word.equals("GRANT OPTION") ? Rule.GRANT_OPTION : Rule.GRANT_EXCESS;
    }

    /// Whether a definer, or several, may hold more than the subject: with [#TAKEOVER] on everything, all.
    private boolean superuser(Securable.Routine routine) {
        var code = examined.tables().routines().get(routine);
        return code != null
                && examined.tables().held(GrantTables.Account.of(code.definer())).stream()
                        .filter(held -> held.on().isEmpty())
                        .anyMatch(held ->
                                held.words().stream().anyMatch(word -> onEverything(held, word) == Rule.SUPERUSER));
    }

    private boolean opensDefiners(Power power, String word) {
        return GrantTables.ON_ROUTINES.contains(word)
                && !examined.tables().definerRoutines(power.held()).isEmpty();
    }

    private Rule onObject(Power power, Securable on, String word) {
        boolean everybody = examined.everybodys(power.reached());
        if (word.equals("GRANT OPTION")) {
            return Rule.GRANT_OPTION;
        }
        return switch (on) {
            case Securable.Schema(var pattern) when system(pattern) -> Rule.CATALOG_GRANT;
            case Securable.Relation(var schema, var _) when SYSTEM.contains(schema) -> Rule.CATALOG_GRANT;
            case Securable.Column(var schema, var _, var _) when SYSTEM.contains(schema) -> Rule.CATALOG_GRANT;
            case Securable.Schema _ when CREATES.contains(word) -> everybody ? Rule.PUBLIC_CREATE : Rule.SCHEMA_CREATE;
            case Securable.Routine routine -> onRoutine(power, everybody);
            case Securable.Schema _ when opensDefiners(power, word) -> onRoutine(power, everybody);
            default -> everybody ? Rule.PUBLIC_GRANT : Rule.GRANT_EXCESS;
        };
    }

    private boolean system(String pattern) {
        return SYSTEM.stream().anyMatch(schema -> examined.tables().fits(pattern, schema));
    }

    /// A routine that this administrator is not shown may run as anybody.
    private Rule onRoutine(Power power, boolean everybody) {
        boolean invoker = examined.tables().definerRoutines(power.held()).isEmpty();
        if (everybody) {
            return invoker ? Rule.PUBLIC_ROUTINE : Rule.PUBLIC_EXECUTE;
        }
        return invoker ? Rule.GRANT_EXCESS : Rule.DEFINER_ROUTINE;
    }

    private Finding finding(Excess excess) {
        var account = excess.reached().account();
        var words = String.join(", ", excess.words());
        var on = excess.on().map(PrivilegeExamination::named).orElse("everything (*.*)");
        var definers = RUNS.contains(excess.rule())
                ? examined.tables().definerRoutines(excess.held())
                : List.<Securable.Routine>of();
        boolean superuser = definers.stream().anyMatch(this::superuser);
        return excess.rule()
                .finding(
                        superuser ? Severity.CRITICAL : excess.rule().severity(),
                        subject(excess),
                        "%s has %s on %s".formatted(who(excess), words, on),
                        excess.reached().path(),
                        "%s names %s%s"
                                .formatted(table(excess.on()), examined.tables().sql(account), run(definers)),
                        List.of(revoke(excess)),
                        List.of())
                .about(objects(excess));
    }

    /// Who stands behind the first of them.
    private String run(List<Securable.Routine> routines) {
        if (routines.isEmpty()) {
            return "";
        }
        var code = examined.tables().routines().get(routines.getFirst());
        return "; %s %s%s"
                .formatted(
                        routines.getFirst().display(),
                        code == null ? "is not shown to this administrator" : "has the rights of " + code.definer(),
                        routines.size() == 1 ? "" : ", and " + (routines.size() - 1) + " more");
    }

    private static String named(Securable on) {
        return on instanceof Securable.Schema(var pattern)
                ? "everything in the databases that fit `" + pattern + "`"
                : on.display();
    }

    private static String table(Optional<Securable> on) {
        return switch (on.orElse(null)) {
            case Securable.Schema _ -> "mysql.db";
            case Securable.Relation _ -> "mysql.tables_priv";
            case Securable.Column _ -> "mysql.columns_priv";
            case Securable.Routine _ -> "mysql.procs_priv";
            case null, default -> "mysql.user or mysql.global_grants";
        };
    }

    private String revoke(Excess excess) {
        var from = " FROM " + examined.tables().sql(excess.reached().account());
        if (excess.on().isEmpty()) {
            // A word of ours for privileges that the server tells as a number.
            var words =
                    excess.words().contains("ADMINISTRATION") ? "ALL PRIVILEGES" : String.join(", ", excess.words());
            return "REVOKE " + words + " ON *.*" + from;
        }
        var on = excess.on().get();
        var words = on instanceof Securable.Column column
                ? excess.words().stream()
                        .map(word -> word + " (" + Sql.identifier(column.name()) + ")")
                        .collect(Collectors.joining(", "))
                : String.join(", ", excess.words());
        return "REVOKE " + words + " ON " + Sql.on(on) + from;
    }

    private Finding together(List<Excess> group) {
        var first = group.getFirst();
        var words = group.stream()
                .flatMap(excess -> excess.words().stream())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return first.rule()
                .finding(
                        subject(first),
                        "%s has %s on %d objects of schema %s"
                                .formatted(who(first), words, group.size(), first.schema()),
                        first.reached().path(),
                        "among them "
                                + group.stream()
                                        .limit(3)
                                        .flatMap(excess -> excess.on().stream())
                                        .map(Securable::display)
                                        .collect(Collectors.joining(", ")),
                        group.stream().map(this::revoke).toList(),
                        List.of())
                .about(group.stream().flatMap(this::objects));
    }

    private Stream<Securable> objects(Excess excess) {
        return examined.tables().objects(excess.held());
    }

    private String who(Excess excess) {
        return examined.everybodys(excess.reached())
                ? "everybody"
                : excess.reached().account().display();
    }

    /// What everybody has concerns the whole server, not one agent.
    private Optional<String> subject(Excess excess) {
        return examined.everybodys(excess.reached()) ? Optional.empty() : examined.agent();
    }

    private void missing(List<Finding> findings) {
        var held = new HashSet<Grant>();
        examined.own()
                .filter(power -> examined.wanted(power.reached().account()))
                .forEach(power -> power.held()
                        .on()
                        .ifPresent(on -> power.held().words().stream()
                                .flatMap(word -> Privilege.of(word).stream())
                                .forEach(privilege -> held.add(Grant.of(
                                        new RoleName(power.reached().account().user()), privilege, on)))));
        var present = examined.privileges().closure().keySet().stream()
                .map(GrantTables.Account::user)
                .collect(Collectors.toSet());
        var lacking = examined.intended().grants().stream()
                .filter(grant -> grant.grantee() instanceof Grantee.Role(var role)
                        && present.contains(role.value())
                        && !held.contains(Grant.of(role, grant.privilege(), grant.on()))
                        && !byTable(held, role, grant))
                .toList();
        findings.addAll(
                new MissingGrants(examined.subject(), _ -> "no row of the grant tables gives it").findings(lacking));
    }

    private static boolean byTable(Set<Grant> held, RoleName role, Grant grant) {
        return grant.on() instanceof Securable.Column column
                && held.contains(Grant.of(role, grant.privilege(), column.owner()));
    }
}
