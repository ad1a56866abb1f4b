package dev.agentroles.engine.postgres;

import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Holding.Reach;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Every role whose power a subject has, could take with SET ROLE, or could give itself.
///
/// The rules are those of `roles_is_member_of` in PostgreSQL's `acl.c`. SET ROLE is judged from the
/// session's user, so each hop needs the SET option; what the new role inherits comes along. Whoever has
/// the ADMIN option on a role can grant it to itself with every option, and then the same again from there.
final class Closure {
    /// A role as the catalog has it.
    ///
    /// @param powers attributes that count beyond privileges, by their keyword
    /// @param connectionLimit -1 means none
    record Member(
            long oid,
            RoleName name,
            Set<String> powers,
            boolean canLogin,
            boolean inherit,
            int connectionLimit,
            Optional<Instant> expiresAt) {
        boolean superuser() {
            return powers.contains("SUPERUSER");
        }
    }

    /// One grant of a membership.
    record Edge(long member, long group, boolean inherits, boolean settable, boolean admin, RoleName grantor) {}

    /// How a role is reached: the nearest way.
    ///
    /// @param via roles from the subject to this one, both included
    /// @param path the same for people, with what has to be done on the way
    record Reached(Member role, Reach reach, List<Long> via, List<String> path) {}

    private static final String SET_ROLE = "SET ROLE ";

    private final Map<Long, Member> members;
    private final List<Edge> edges;
    private final Map<Long, List<Edge>> edgesOfMember;
    private final Member subject;
    private final Map<Long, Reached> usable = new LinkedHashMap<>();
    private final Map<Long, Reached> becomable = new LinkedHashMap<>();

    /// @param members by oid: every role that the subject belongs to with whatever options, and the subject
    /// @param edges the grants of these memberships, and no others
    Closure(Map<Long, Member> members, List<Edge> edges, Member subject) {
        this.members = members;
        this.edges = edges;
        this.edgesOfMember = edges.stream().collect(Collectors.groupingBy(Edge::member));
        this.subject = subject;
        var start = new Reached(
                subject,
                Reach.AT_ONCE,
                List.of(subject.oid()),
                List.of(subject.name().value()));
        use(start);
        become(start, Reach.SET_ROLE);
        while (grantItself()) {}
    }

    /// @return empty if there is no such role
    static Optional<Closure> of(Connection connection, RoleName subject) throws SQLException {
        return Memberships.read(connection, List.of(subject)).closure(subject);
    }

    /// How a path ends that leads to a role.
    static List<String> steps(String role) {
        return List.of(role, SET_ROLE + role, selfGrant(role));
    }

    private static String selfGrant(String role) {
        return "GRANT " + role + " TO itself";
    }

    Member subject() {
        return subject;
    }

    /// The roles whose privileges the subject has or can have, the subject first, each by the nearest way.
    Collection<Reached> usable() {
        return usable.values();
    }

    /// Those whose privileges the subject has without doing anything, itself among them.
    Set<RoleName> inherited() {
        return usable.values().stream()
                .filter(reached -> reached.reach() == Reach.AT_ONCE)
                .map(reached -> reached.role().name())
                .collect(Collectors.toSet());
    }

    Optional<Reached> usable(long oid) {
        return Optional.ofNullable(usable.get(oid));
    }

    /// The roles that a session of the subject can become, and whose attributes it has then: SET ROLE at
    /// once, or after it granted itself a membership.
    Collection<Reached> becomable() {
        return becomable.values();
    }

    List<Edge> edges() {
        return edges;
    }

    Optional<Member> member(long oid) {
        return Optional.ofNullable(members.get(oid));
    }

    Long[] usableOids() {
        return usable.keySet().toArray(Long[]::new);
    }

    /// The nearest path to a superuser, for whom no privilege is ever asked for.
    Optional<List<String>> superuser() {
        return Stream.concat(usable(subject.oid()).stream(), becomable.values().stream())
                .filter(reached -> reached.role().superuser())
                .map(Reached::path)
                .min(Comparator.comparingInt(List::size));
    }

    /// Adds a role and all that it inherits.
    private void use(Reached start) {
        for (var hops : hopsFrom(start.role().oid(), Edge::inherits)) {
            usable.putIfAbsent(hops.getLast(), extended(start, hops, start.reach(), start.path(), ""));
        }
    }

    /// Adds the roles that `start` can become.
    private void become(Reached start, Reach reach) {
        var from = start.path().subList(0, 1);
        for (var hops : hopsFrom(start.role().oid(), Edge::settable)) {
            if (hops.getLast() != subject.oid() && !becomable.containsKey(hops.getLast())) {
                var last = hops.subList(hops.size() - 1, hops.size());
                var target = extended(start, hops, reach, from, SET_ROLE + name(last.getFirst()));
                becomable.put(hops.getLast(), target);
                use(target);
            }
        }
    }

    /// Follows one membership that the subject can grant to itself; false when there is none left.
    private boolean grantItself() {
        for (var edge : edges) {
            var administrator = usable.get(edge.member());
            if (edge.admin() && administrator != null && !becomable.containsKey(edge.group())) {
                var group = extended(
                        administrator,
                        List.of(edge.member(), edge.group()),
                        Reach.SELF_GRANT,
                        administrator.path(),
                        selfGrant(name(edge.group())));
                becomable.put(edge.group(), group);
                use(group);
                become(group, Reach.SELF_GRANT);
                return true;
            }
        }
        return false;
    }

    /// @param hops from `start`'s role, which comes first
    /// @param step what is done to get to the last hop; empty if nothing, and then the hops themselves are
    /// the path
    private Reached extended(Reached start, List<Long> hops, Reach reach, List<String> path, String step) {
        var via = Stream.concat(start.via().stream(), hops.stream().skip(1)).toList();
        var words = step.isEmpty() ? hops.stream().skip(1).map(this::name) : Stream.of(step);
        return new Reached(
                memberOf(hops.getLast()),
                reach,
                via,
                Stream.concat(path.stream(), words).toList());
    }

    /// Breadth first, so the shortest way to each role; the start itself is the first.
    private List<List<Long>> hopsFrom(long start, Predicate<Edge> open) {
        var found = new LinkedHashMap<Long, List<Long>>();
        found.put(start, List.of(start));
        var queue = new ArrayDeque<>(List.of(start));
        while (!queue.isEmpty()) {
            var here = queue.remove();
            for (var edge : edgesOfMember.getOrDefault(here, List.of())) {
                if (open.test(edge) && !found.containsKey(edge.group())) {
                    found.put(
                            edge.group(),
                            Stream.concat(found.getOrDefault(here, List.of()).stream(), Stream.of(edge.group()))
                                    .toList());
                    queue.add(edge.group());
                }
            }
        }
        return List.copyOf(found.values());
    }

    private String name(long oid) {
        return memberOf(oid).name().value();
    }

    private Member memberOf(long oid) {
        var member = members.get(oid);
        if (member == null) {
            throw new IllegalStateException("the catalog changed between two queries: no role with oid " + oid);
        }
        return member;
    }
}
