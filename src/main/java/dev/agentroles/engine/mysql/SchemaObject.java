package dev.agentroles.engine.mysql;

import dev.agentroles.engine.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Something in a database that a statement of its own makes.
///
/// @param engine of a table; "" if the server says none
/// @param of the table of a trigger
record SchemaObject(Kind kind, String schema, String name, String engine, Optional<String> of) {
    /// Kinds by the words of SHOW CREATE.
    enum Kind {
        TABLE(2),
        SEQUENCE(2),
        VIEW(2),
        FUNCTION(3),
        PROCEDURE(3),
        TRIGGER(3);

        /// Where SHOW CREATE has the text: behind the `sql_mode` of what keeps one.
        private final int column;

        Kind(int column) {
            this.column = column;
        }
    }

    /// What is in a database: tables first, each kind by name.
    static List<SchemaObject> in(Connection connection, String schema) throws SQLException {
        var objects = Rows.read(
                connection,
                Sql.resource("schema-objects.sql"),
                query -> {
                    for (int i = 1; i <= 3; i++) {
                        query.setString(i, schema);
                    }
                },
                row -> new SchemaObject(
                        Kind.valueOf(row.getString("kind")),
                        schema,
                        row.getString("name"),
                        Optional.ofNullable(row.getString("engine")).orElse(""),
                        Optional.ofNullable(row.getString("of"))));
        return objects.stream()
                .sorted(Comparator.comparing(SchemaObject::kind).thenComparing(SchemaObject::name))
                .toList();
    }

    /// The statement that makes it, as the server writes it down; empty: it does not show this login the text.
    Optional<String> text(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW CREATE " + kind + " " + Sql.qualified(schema, name))) {
            return row.next() ? Optional.ofNullable(row.getString(kind.column)) : Optional.empty();
        }
    }
}
