package dev.agentroles.engine;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the profile gives to a subject's roles and the subject lacks: one finding for each role and object,
/// whatever the number of privileges. No statement mends it: what a GRANT by hand gives on a table that was made
/// again, no guard would hold.
public final class MissingGrants {
    /// More objects than this of one schema are told in one finding.
    private static final int TOGETHER = 20;

    /// More columns than this of a table are not all named.
    private static final int COLUMNS = 5;

    private static final int EXAMPLES = 3;

    private final Subject subject;
    private final Function<Securable, String> evidence;

    /// @param evidence that nothing gives it on a table, or on what is in no table
    public MissingGrants(Subject subject, Function<Securable, String> evidence) {
        this.subject = subject;
        this.evidence = evidence;
    }

    /// @param missing grants to roles
    public List<Finding> findings(Collection<Grant> missing) {
        var bySchema = missing.stream()
                .filter(grant -> grant.grantee() instanceof Grantee.Role)
                .collect(Collectors.groupingBy(
                        grant -> role(grant).value() + "\n"
                                + grant.on().home().map(Securable.Schema::name).orElse(""),
                        TreeMap::new,
                        Collectors.groupingBy(
                                grant -> grant.on().whole(),
                                () -> new TreeMap<>(Comparator.comparing(Securable::display)),
                                Collectors.toList())));
        var findings = new ArrayList<Finding>();
        for (var byObject : bySchema.values()) {
            if (byObject.size() > TOGETHER) {
                findings.add(together(byObject));
            } else {
                byObject.forEach((on, grants) -> findings.add(finding(
                        grants,
                        "%s lacks %s on %s".formatted(role(grants.getFirst()), privileges(grants), on.display()),
                        evidence.apply(on))));
            }
        }
        return findings;
    }

    private static RoleName role(Grant grant) {
        return ((Grantee.Role) grant.grantee()).name();
    }

    /// As SQL writes them: `SELECT (id, total), DELETE`.
    private static String privileges(List<Grant> grants) {
        Map<Privilege, List<String>> columns = new EnumMap<>(Privilege.class);
        for (var grant : grants) {
            var named = columns.computeIfAbsent(grant.privilege(), _ -> new ArrayList<>());
            if (grant.on() instanceof Securable.Column column) {
                named.add(column.name());
            }
        }
        return columns.entrySet().stream()
                .map(entry -> entry.getKey().sql() + columns(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String columns(List<String> names) {
        return names.isEmpty()
                ? ""
                : names.stream().sorted().limit(COLUMNS).collect(Collectors.joining(", ", " (", ""))
                        + (names.size() > COLUMNS ? ", ...)" : ")");
    }

    private Finding together(Map<Securable, List<Grant>> byObject) {
        var grants = byObject.values().stream().flatMap(List::stream).toList();
        var first = byObject.keySet().iterator().next();
        return finding(
                grants,
                "%s lacks %s on %d objects%s: %s, ..."
                        .formatted(
                                role(grants.getFirst()),
                                grants.stream()
                                        .map(Grant::privilege)
                                        .distinct()
                                        .sorted()
                                        .map(Privilege::sql)
                                        .collect(Collectors.joining(", ")),
                                byObject.size(),
                                first.home()
                                        .map(schema -> " of " + schema.display())
                                        .orElse(""),
                                byObject.keySet().stream()
                                        .limit(EXAMPLES)
                                        .map(Securable::display)
                                        .collect(Collectors.joining(", "))),
                evidence.apply(first));
    }

    private Finding finding(List<Grant> grants, String what, String why) {
        var path = List.of(subject.role().value(), role(grants.getFirst()).value());
        return Rule.GRANT_MISSING
                .finding(
                        Optional.of(subject.agent()),
                        what,
                        path.stream().distinct().toList(),
                        why,
                        List.of(),
                        List.of())
                .about(grants.stream().map(Grant::on));
    }
}
