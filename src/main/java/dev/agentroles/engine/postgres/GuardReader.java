package dev.agentroles.engine.postgres;

import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Rows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads a [GuardCatalog] with three queries; where there is no guard and none is wanted, with none.
final class GuardReader {
    private final Connection connection;
    private final GuardRole role;
    private final boolean standing;

    /// @param standing whether the role is there
    GuardReader(Connection connection, GuardRole role, boolean standing) {
        this.connection = connection;
        this.role = role;
        this.standing = standing;
    }

    /// @param what in the words of `guard-core.sql`
    /// @param removal the statement that takes the object away, if anything may
    /// @param claim the statement that gives it to the guard's owner, if it has another
    /// @param limits what the object tells of them, if that is what it is for
    private record Fact(
            String what, RoleName owner, Optional<String> removal, Optional<String> claim, Set<Guard.Limits> limits) {}

    /// @param there whether the guard's schema is there
    /// @param wanted whether the profile has a writer in this database
    GuardCatalog read(boolean there, boolean wanted) throws SQLException {
        List<Fact> core = there ? aboutRole("guard-core.sql", GuardReader::fact) : List.of();
        if (core.isEmpty() && !wanted) {
            return GuardCatalog.none(role, standing);
        }
        return new GuardCatalog(
                role,
                standing,
                core.stream().map(Fact::what).toList(),
                core.stream().map(Fact::owner).findFirst(),
                core.stream().flatMap(fact -> fact.claim().stream()).toList(),
                core.stream()
                        .filter(fact -> !GuardSql.replaceable(fact.what()))
                        .flatMap(fact -> fact.removal().stream())
                        .toList(),
                aboutRole("guard-tables.sql", GuardReader::table),
                Rows.read(
                        connection,
                        Sql.resource("guard-edges.sql"),
                        row -> new GuardCatalog.Edge(
                                GuardCatalog.Way.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                                new Securable.Relation(row.getString("from_schema"), row.getString("from_name")),
                                new Securable.Relation(row.getString("to_schema"), row.getString("to_name")))),
                core.stream().flatMap(fact -> fact.limits().stream()).collect(Collectors.toSet()));
    }

    private static Fact fact(ResultSet row) throws SQLException {
        var source = Optional.ofNullable(row.getString("source"));
        var limits = source.flatMap(GuardLimits::parse);
        var what = row.getString("what");
        return new Fact(
                source.isEmpty()
                        ? what
                        : what + " | " + (limits.isEmpty() ? GuardLimits.EDITED : GuardLimits.CONSTANTS),
                new RoleName(row.getString("owner")),
                Optional.ofNullable(row.getString("removal")),
                Optional.ofNullable(row.getString("claim")),
                limits.orElse(Set.of()));
    }

    private static GuardCatalog.TableRow table(ResultSet row) throws SQLException {
        return new GuardCatalog.TableRow(
                new Securable.Relation(row.getString("schema"), row.getString("name")),
                row.getString("kind").charAt(0),
                row.getBoolean("heap"),
                row.getBoolean("partition"),
                row.getBoolean("row_security"),
                row.getBoolean("policy"),
                row.getBoolean("reached"),
                new RoleName(row.getString("owner")),
                row.getBoolean("owned"),
                Optional.ofNullable(row.getString("definition")));
    }

    private <T> List<T> aboutRole(String resource, Rows.Reader<T> reader) throws SQLException {
        return Rows.read(
                connection,
                Sql.resource(resource),
                query -> query.setString(1, role.name().value()),
                reader);
    }
}
