package dev.agentroles.engine.postgres;

import dev.agentroles.engine.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/// What some roles own, or are named in beyond the grants of this database.
record Dependencies(List<Named> all) {
    /// A row of `examine-owned.sql`.
    ///
    /// @param role its oid
    /// @param database empty: shared by all of them
    /// @param catalog of the objects
    /// @param mappedServers of user mappings in this database
    record Named(
            long role,
            String database,
            boolean here,
            boolean owner,
            String catalog,
            long count,
            List<String> examples,
            List<String> mappedServers) {}

    /// @param roles oids
    static Dependencies read(Connection connection, Collection<Long> roles) throws SQLException {
        return new Dependencies(Rows.read(
                connection,
                Sql.resource("examine-owned.sql"),
                query -> query.setArray(1, connection.createArrayOf("oid", roles.toArray())),
                row -> new Named(
                        row.getLong("role"),
                        row.getString("database"),
                        row.getBoolean("here"),
                        row.getString("deptype").equals("o"),
                        row.getString("class"),
                        row.getLong("objects"),
                        List.of((String[]) row.getArray("examples").getArray()),
                        List.of((String[]) row.getArray("mapped_servers").getArray()))));
    }
}
