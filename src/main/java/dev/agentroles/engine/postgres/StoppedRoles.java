package dev.agentroles.engine.postgres;

import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Rows;
import dev.agentroles.engine.StopMarks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Stops as the roles of agents remember them: roles are the whole server's and in no dump of a database. That of an
/// agent that is revoked has a VALID UNTIL, and while the environment is frozen one of them, the first by name, has
/// CONNECTION LIMIT 0: one statement, however many agents there are. To roles that cannot log in neither means a thing.
///
/// @param environment of the profile
/// @param database the entry's name in the profile
record StoppedRoles(Connection administrator, String environment, String database) {
    private record Row(RoleName role, String agent, boolean revoked, boolean frozen) {}

    StopMarks read() throws SQLException {
        var rows = rows();
        return new StopMarks(
                rows.stream().anyMatch(Row::frozen),
                rows.stream().filter(Row::revoked).map(Row::agent).collect(Collectors.toSet()));
    }

    /// The statements that note a stop; none where there is no role of an agent, or it is noted.
    ///
    /// @param agent empty: all of them
    List<Alteration> mark(Optional<String> agent, Instant at) throws SQLException {
        var rows = rows();
        return agent.isPresent()
                ? rows.stream()
                        .filter(row -> row.agent().equals(agent.get()) && !row.revoked())
                        .map(row -> new Alteration(row.role(), "VALID UNTIL " + Sql.literal(at.toString())))
                        .toList()
                : rows.stream()
                        .limit(rows.stream().anyMatch(Row::frozen) ? 0 : 1)
                        .map(row -> new Alteration(row.role(), "CONNECTION LIMIT 0"))
                        .toList();
    }

    /// The statements that take it off again.
    List<Alteration> unmark(Optional<String> agent) throws SQLException {
        return agent.isPresent()
                ? rows().stream()
                        .filter(row -> row.agent().equals(agent.get()) && row.revoked())
                        .map(row -> new Alteration(row.role(), "VALID UNTIL 'infinity'"))
                        .toList()
                : rows().stream()
                        .filter(Row::frozen)
                        .map(row -> new Alteration(row.role(), "CONNECTION LIMIT -1"))
                        .toList();
    }

    record Alteration(RoleName role, String attribute) {
        String sql() {
            return "ALTER ROLE " + Sql.identifier(role) + " " + attribute;
        }
    }

    private List<Row> rows() throws SQLException {
        record Found(RoleName role, Optional<Mark> mark, boolean revoked, boolean frozen) {}
        return Rows.read(
                        administrator,
                        Sql.resource("stop-marks.sql"),
                        query -> query.setString(1, Naming.prefix(database)),
                        row -> new Found(
                                new RoleName(row.getString("rolname")),
                                Optional.ofNullable(row.getString("mark")).flatMap(Mark::parse),
                                row.getBoolean("revoked"),
                                row.getBoolean("frozen")))
                .stream()
                .flatMap(found -> found
                        .mark()
                        .filter(mark -> mark.environment().equals(environment)
                                && mark.database().equals(database))
                        .map(Mark::kind)
                        .stream()
                        .flatMap(kind -> kind instanceof Mark.Kind.AgentRole(var agent)
                                ? Stream.of(new Row(found.role(), agent, found.revoked(), found.frozen()))
                                : Stream.empty()))
                .toList();
    }
}
