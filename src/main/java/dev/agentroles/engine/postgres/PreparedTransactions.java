package dev.agentroles.engine.postgres;

import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Transactions that agents prepared in this database. They outlive their sessions and their logins, with all
/// their locks. Their login ends them, and a superuser.
final class PreparedTransactions {
    private PreparedTransactions() {}

    /// @param login empty: it is gone, and whose it was is not known any more
    record Prepared(String name, Optional<Login> login) {
        boolean of(RoleName agentRole) {
            return login.isPresent() && login.get().agentRole().equals(agentRole);
        }

        Logins.PreparedTransaction told() {
            return new Logins.PreparedTransaction(
                    login.map(by -> "transaction %s, which %s prepared, outlives its session with its locks; that login"
                                            .formatted(Sql.literal(name), by.name())
                                    + " and superusers can end it")
                            .orElseGet(() -> "transaction %s outlives the login that prepared it, with its locks;"
                                            .formatted(Sql.literal(name))
                                    + " only superusers can end it"),
                    "ROLLBACK PREPARED " + Sql.literal(name));
        }
    }

    record Login(String name, RoleName agentRole) {}

    /// Of agents, and of logins that are gone.
    static List<Prepared> read(Connection connection) throws SQLException {
        return Rows.read(
                        connection,
                        Sql.resource("prepared.sql"),
                        row -> prepared(
                                row.getString("name"),
                                Optional.ofNullable(row.getString("login")),
                                Optional.ofNullable(row.getString("mark")).flatMap(Mark::parse)))
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Prepared> prepared(String name, Optional<String> login, Optional<Mark> mark) {
        return login.isEmpty()
                ? Optional.of(new Prepared(name, Optional.empty()))
                : mark.flatMap(PreparedTransactions::agentRole)
                        .map(role -> new Prepared(name, Optional.of(new Login(login.get(), role))));
    }

    private static Optional<RoleName> agentRole(Mark mark) {
        return mark.kind() instanceof Mark.Kind.LeaseLogin lease
                ? Optional.of(Naming.agentRole(mark.database(), lease.agent()))
                : Optional.empty();
    }
}
