package dev.agentroles.engine.postgres;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.Rows;
import dev.agentroles.engine.Rule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Lines of `pg_hba.conf` that ask for nothing, whoever is examined. Which line lets whom in by what else is not
/// judged.
///
/// @param lines in the order of the file
record OpenLogins(List<Trust> lines) {
    record Trust(String place, String type, String databases, String users, String address, boolean inside) {
        Finding finding() {
            return Rule.OPEN_LOGIN.finding(
                    inside ? Severity.INFO : Rule.OPEN_LOGIN.severity(),
                    Optional.empty(),
                    "whoever comes from %s needs no secret: databases %s, roles %s"
                            .formatted(inside ? "the database host itself" : address, databases, users),
                    List.of(),
                    "pg_hba_file_rules: %s, type %s, trust".formatted(place, type),
                    List.of(),
                    List.of("C3"));
        }
    }

    /// @param connection of an administrator who may read `pg_hba_file_rules`
    static OpenLogins read(Connection connection) throws SQLException {
        return new OpenLogins(Rows.read(
                connection,
                Sql.resource("examine-trust.sql"),
                row -> new Trust(
                        row.getString("place"),
                        row.getString("type"),
                        row.getString("databases"),
                        row.getString("users"),
                        row.getString("address"),
                        row.getBoolean("inside"))));
    }

    List<Finding> findings() {
        return lines.stream().map(Trust::finding).toList();
    }
}
