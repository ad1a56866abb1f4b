package dev.agentroles.engine.postgres;

import dev.agentroles.engine.Rows;
import dev.agentroles.engine.SchemaFact;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// What is in the schemas of a database, as far as a statement may change it.
final class SchemaFacts {
    private SchemaFacts() {}

    /// One query. Names are written with their schema where the session's search path has none.
    static List<SchemaFact> read(Connection connection) throws SQLException {
        return Rows.read(connection, Sql.resource("schema-facts.sql"), SchemaFacts::fact);
    }

    private static SchemaFact fact(ResultSet row) throws SQLException {
        return new SchemaFact(
                row.getString("kind"),
                row.getString("name"),
                row.getString("aspect"),
                text(row, "shown"),
                text(row, "digest"),
                text(row, "otherwise"),
                Optional.ofNullable(row.getString("part")));
    }

    private static String text(ResultSet row, String column) throws SQLException {
        var text = row.getString(column);
        return text == null ? "" : text;
    }
}
