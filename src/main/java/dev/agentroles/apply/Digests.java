package dev.agentroles.apply;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Membership;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Sha256;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// A short name for all that each agent is meant to hold: the same grants, the same digest. Agents of the
/// same tiers share the work.
final class Digests {
    private final Map<RoleName, Set<RoleName>> tiersOf;
    private final Map<RoleName, List<Grant>> grantsTo;
    private final Map<Set<RoleName>, String> known = new HashMap<>();

    Digests(AccessState desired) {
        tiersOf = desired.memberships().stream()
                .collect(Collectors.groupingBy(
                        Membership::member, Collectors.mapping(Membership::group, Collectors.toSet())));
        grantsTo = desired.grants().stream()
                .filter(grant -> grant.grantee() instanceof Grantee.Role)
                .collect(Collectors.groupingBy(grant -> ((Grantee.Role) grant.grantee()).name()));
    }

    String of(RoleName agentRole) {
        return known.computeIfAbsent(tiersOf.getOrDefault(agentRole, Set.of()), this::digest);
    }

    private String digest(Set<RoleName> tiers) {
        var text = tiers.stream()
                .map(tier -> grantsTo.getOrDefault(tier, List.of()))
                .flatMap(Collection::stream)
                .map(grant -> grant.privilege() + " " + grant.on())
                .sorted()
                .collect(Collectors.joining("\n"));
        return Sha256.of(text).hex(16);
    }
}
