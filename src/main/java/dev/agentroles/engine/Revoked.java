package dev.agentroles.engine;

import dev.agentroles.access.Grant;
import dev.agentroles.access.Securable;
import dev.agentroles.plan.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The grants that a plan takes back, and what goes with them.
public final class Revoked {
    private final Map<Grant, Step> steps = new LinkedHashMap<>();

    public void add(Grant grant, Step step) {
        steps.put(grant, step);
    }

    public boolean isEmpty() {
        return steps.isEmpty();
    }

    public void clear() {
        steps.clear();
    }

    /// What something was taken on.
    public Set<Securable> objects() {
        return steps.keySet().stream().map(Grant::on).collect(Collectors.toSet());
    }

    /// REVOKE on a table takes the same privilege on its columns, too, as seen on every server.
    ///
    /// @return the step that so takes a grant which is to stay; empty if none does
    public Optional<Step> alsoTakes(Grant grant) {
        return grant.on() instanceof Securable.Column column && !steps.containsKey(grant)
                ? Stream.of(false, true)
                        .flatMap(grantable -> Optional.ofNullable(
                                steps.get(new Grant(grant.grantee(), grant.privilege(), column.owner(), grantable)))
                                .stream())
                        .findFirst()
                : Optional.empty();
    }
}
