package dev.agentroles.engine.postgres;

import dev.agentroles.access.Securable;
import dev.agentroles.engine.Said;
import dev.agentroles.engine.Statement;
import dev.agentroles.plan.Change;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.StringJoiner;

/// Who holds the lock that a statement waited for in vain: the server says only that somebody does.
final class Blockers {
    private static final int NAMED = 5;

    private final Connection connection;

    Blockers(Connection connection) {
        this.connection = connection;
    }

    /// The same failure with the sessions and prepared transactions that still hold the statement's table.
    SQLException named(SQLException failed, Statement statement) throws SQLException {
        var wanted = statement.steps().stream()
                .flatMap(step -> wanted(step.change()).stream())
                .findFirst();
        if (wanted.isEmpty()) {
            return failed;
        }
        var holders = holders(wanted.get());
        return holders.isEmpty()
                ? failed
                : new SQLException(Said.firstLine(failed) + ", held by " + holders, failed.getSQLState(), failed);
    }

    /// @param name empty: whatever is in the schema
    /// @param wholly whether readers are in the way, too
    private record Wanted(String schema, Optional<String> name, boolean wholly) {
        static Wanted of(Securable.Relation table, boolean wholly) {
            return new Wanted(table.schema(), Optional.of(table.name()), wholly);
        }
    }

    private static Optional<Wanted> wanted(Change change) {
        return switch (change) {
            case Change.AttachGuard(var table, var _) -> Optional.of(Wanted.of(table.on(), false));
            case Change.DetachGuard(var table) -> Optional.of(Wanted.of(table.on(), true));
            case Change.InstallGuardCore _, Change.UpgradeGuardCore _, Change.RemoveGuardCore _ ->
                Optional.of(new Wanted(GuardSql.SCHEMA, Optional.empty(), true));
            default -> Optional.empty();
        };
    }

    private String holders(Wanted wanted) throws SQLException {
        var holders = new StringJoiner(", ");
        try (var query = connection.prepareStatement(Sql.resource("blockers.sql"))) {
            query.setBoolean(1, wanted.wholly());
            query.setString(2, wanted.schema());
            query.setString(3, wanted.name().orElse(""));
            query.setBoolean(4, wanted.name().isEmpty());
            query.setMaxRows(NAMED);
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    holders.add(rows.getString("holder"));
                }
            }
        }
        return holders.toString();
    }
}
