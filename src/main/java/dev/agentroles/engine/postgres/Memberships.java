package dev.agentroles.engine.postgres;

import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Rows;
import dev.agentroles.engine.postgres.Closure.Edge;
import dev.agentroles.engine.postgres.Closure.Member;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Every role that one of some subjects belongs to over any number of hops and with whatever options, the subjects
/// themselves, and the grants between them.
///
/// @param members by oid
/// @param byName the same
record Memberships(Map<Long, Member> members, Map<RoleName, Member> byName, Map<Long, List<Edge>> edgesOfMember) {
    static Memberships read(Connection connection, Collection<RoleName> subjects) throws SQLException {
        var names = subjects.stream().map(RoleName::value).toArray();
        Rows.Parameters parameters = query -> query.setArray(1, connection.createArrayOf("text", names));
        var members = Rows.read(connection, Sql.resource("reachable-roles.sql"), parameters, Memberships::member);
        var edges = Rows.read(connection, Sql.resource("reachable-memberships.sql"), parameters, Memberships::edge);
        return new Memberships(
                members.stream().collect(Collectors.toMap(Member::oid, Function.identity())),
                members.stream().collect(Collectors.toMap(Member::name, Function.identity())),
                edges.stream().collect(Collectors.groupingBy(Edge::member)));
    }

    private static Member member(ResultSet row) throws SQLException {
        var powers = new TreeSet<String>();
        if (row.getBoolean("rolsuper")) {
            powers.add("SUPERUSER");
        }
        if (row.getBoolean("rolcreaterole")) {
            powers.add("CREATEROLE");
        }
        if (row.getBoolean("rolcreatedb")) {
            powers.add("CREATEDB");
        }
        if (row.getBoolean("rolreplication")) {
            powers.add("REPLICATION");
        }
        if (row.getBoolean("rolbypassrls")) {
            powers.add("BYPASSRLS");
        }
        return new Member(
                row.getLong("oid"),
                new RoleName(row.getString("rolname")),
                powers,
                row.getBoolean("rolcanlogin"),
                row.getBoolean("rolinherit"),
                row.getInt("rolconnlimit"),
                Optional.ofNullable(row.getObject("expires_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }

    private static Edge edge(ResultSet row) throws SQLException {
        return new Edge(
                row.getLong("member"),
                row.getLong("role"),
                row.getBoolean("inherits"),
                row.getBoolean("settable"),
                row.getBoolean("admin"),
                new RoleName(row.getString("grantor")));
    }

    Set<Long> oids() {
        return members.keySet();
    }

    /// @return empty if there is no such role
    Optional<Closure> closure(RoleName subject) {
        return Optional.ofNullable(byName.get(subject)).map(member -> new Closure(members, edgesFrom(member), member));
    }

    /// The grants among the roles that it belongs to, in the order of their oids.
    private List<Edge> edgesFrom(Member subject) {
        var reached = new TreeSet<>(Set.of(subject.oid()));
        var queue = new ArrayDeque<>(reached);
        while (!queue.isEmpty()) {
            edgesOf(queue.remove()).map(Edge::group).filter(reached::add).forEach(queue::add);
        }
        return reached.stream().flatMap(this::edgesOf).toList();
    }

    private Stream<Edge> edgesOf(long member) {
        return edgesOfMember.getOrDefault(member, List.of()).stream();
    }
}
