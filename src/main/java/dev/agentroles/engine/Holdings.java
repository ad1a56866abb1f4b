package dev.agentroles.engine;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All that one role can do to the objects of one database, now or after a step that nobody can stop.
public final class Holdings {
    private static final Comparator<Holding> NEAREST_FIRST = Comparator.comparing(Holding::reach)
            .thenComparingInt(holding -> holding.path().size())
            .thenComparing(Holding::pathText)
            .thenComparing(Holding::source);

    private final RoleName subject;
    private final Optional<List<String>> superuser;
    private final List<Holding> all;
    private final Map<Securable, List<Holding>> bySecurable;

    /// @param superuser the path to a superuser, for whom no privilege is asked for; one hop if the subject
    /// itself is one
    public Holdings(RoleName subject, Optional<List<String>> superuser, List<Holding> all) {
        this.subject = subject;
        this.superuser = superuser;
        this.all = List.copyOf(all);
        this.bySecurable = this.all.stream().collect(Collectors.groupingBy(Holding::on));
    }

    /// Whose they are.
    public RoleName subject() {
        return subject;
    }

    /// The path to a superuser, as the constructor has it; empty if no way leads to one.
    public Optional<List<String>> superuser() {
        return superuser;
    }

    /// Every privilege once for each way that gives it, in no order.
    public List<Holding> all() {
        return all;
    }

    /// Every way in which the subject has `privilege` on `securable` or can get it, nearest first. Empty
    /// means that nothing gives it. A table's privilege is also one on each of its columns.
    public List<Holding> giving(Privilege privilege, Securable securable) {
        return on(securable)
                .filter(holding -> holding.privilege() == privilege)
                .sorted(NEAREST_FIRST)
                .toList();
    }

    /// Whether the subject has the privilege as it stands, without becoming another role or granting itself
    /// anything: what the server itself says of it. Owners alter and drop what they own, and drop what is in a
    /// schema that they own.
    public boolean hasNow(Privilege privilege, Securable securable) {
        return superuser.filter(path -> path.size() == 1).isPresent()
                || on(securable)
                        .filter(holding -> holding.privilege() == privilege && holding.reach() == Holding.Reach.AT_ONCE)
                        .anyMatch(Holding::usable)
                || switch (privilege) {
                    case ALTER -> ownsNow(securable);
                    case DROP ->
                        ownsNow(securable)
                                || securable.home().filter(this::ownsNow).isPresent();
                    default -> false;
                };
    }

    private boolean ownsNow(Securable securable) {
        return on(securable)
                .anyMatch(holding ->
                        holding.source() == Holding.Source.OWNERSHIP && holding.reach() == Holding.Reach.AT_ONCE);
    }

    private Stream<Holding> on(Securable securable) {
        var direct = bySecurable.getOrDefault(securable, List.of()).stream();
        return securable instanceof Securable.Column column
                ? Stream.concat(direct, bySecurable.getOrDefault(column.owner(), List.of()).stream())
                : direct;
    }
}
