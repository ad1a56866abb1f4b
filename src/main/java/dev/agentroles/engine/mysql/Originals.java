package dev.agentroles.engine.mysql;

import dev.agentroles.engine.Rows;
import dev.agentroles.engine.SqlToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a statement could be about: what it names, and what that needs. Rather too much than too little: a copy costs
/// nothing.
final class Originals {
    /// Engines whose tables are in the database and nowhere else.
    private static final Set<String> HERE = Set.of("innodb", "myisam", "aria", "memory", "archive", "rocksdb", "csv");

    private final Connection connection;
    private final String database;
    private final List<String> databases;
    private final Map<String, Original> found = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    /// @param text of the statement that makes it
    record Original(Kind kind, String schema, String name, String text, List<SqlToken> tokens) {}

    /// Of what a copy is made.
    enum Kind {
        TABLE,
        SEQUENCE,
        VIEW,
        FUNCTION,
        PROCEDURE,
        TRIGGER
    }

    /// @param of the table of a trigger
    private record Known(Kind kind, String schema, String name, String engine, Optional<String> of) {}

    private Originals(Connection connection, String database) throws SQLException {
        this.connection = connection;
        this.database = database;
        this.databases =
                Rows.read(connection, "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA", row -> row.getString(1));
    }

    /// @param database what a name without one means
    static Originals of(Connection connection, String database, List<SqlToken> statement) throws SQLException {
        var originals = new Originals(connection, database);
        originals.gather(statement);
        return originals;
    }

    List<Original> all() {
        return List.copyOf(found.values());
    }

    /// What could not be read.
    List<String> notes() {
        return List.copyOf(notes);
    }

    /// The databases of a statement: that of names without one first, then what stands before a dot and is one.
    List<String> databasesOf(List<SqlToken> statement) {
        var named = new ArrayList<String>(List.of(database));
        named.addAll(before(statement));
        all().forEach(original -> {
            named.add(original.schema());
            named.addAll(before(original.tokens()));
        });
        var distinct = new LinkedHashMap<String, String>();
        named.forEach(name -> distinct.putIfAbsent(name.toLowerCase(Locale.ROOT), name));
        return List.copyOf(distinct.values());
    }

    private List<String> before(List<SqlToken> tokens) {
        var named = new ArrayList<String>();
        for (int i = 0; i + 1 < tokens.size(); i++) {
            var token = tokens.get(i);
            if (token.isName() && tokens.get(i + 1).is('.')) {
                databases.stream()
                        .filter(known -> Scratch.same(known, token.value()))
                        .forEach(named::add);
            }
        }
        return named;
    }

    private void gather(List<SqlToken> statement) throws SQLException {
        var schemas = new ArrayList<String>(List.of(database));
        schemas.addAll(before(statement));
        var known = new ArrayList<Known>();
        for (var schema : Set.copyOf(schemas)) {
            known.addAll(in(schema));
        }
        take(statement, known);
    }

    /// Takes what the tokens name, and what that needs.
    private void take(List<SqlToken> tokens, List<Known> known) throws SQLException {
        for (var one : known) {
            if (tokens.stream().anyMatch(token -> token.isName() && Scratch.same(token.value(), one.name()))) {
                add(one, known);
            }
        }
    }

    private void add(Known one, List<Known> known) throws SQLException {
        var key = one.kind() + "\0" + one.schema() + "\0" + one.name();
        if (found.containsKey(key)) {
            return;
        }
        if (one.kind() == Kind.TABLE && !HERE.contains(one.engine().toLowerCase(Locale.ROOT))) {
            notes.add("it was tried without table " + one.name() + ", whose engine is " + one.engine());
            return;
        }
        var text = text(one);
        if (text.isEmpty()) {
            notes.add("it was tried without %s %s, whose text this login may not read"
                    .formatted(one.kind().name().toLowerCase(Locale.ROOT), one.name()));
            return;
        }
        var tokens = SqlLexer.cutOwn(text.get()).tokens();
        found.put(key, new Original(one.kind(), one.schema(), one.name(), text.get(), tokens));
        switch (one.kind()) {
            case TABLE -> {
                take(behindReferences(tokens), known);
                children(one, known);
                for (var trigger : known) {
                    if (trigger.of().isPresent() && Scratch.same(trigger.of().get(), one.name())) {
                        add(trigger, known);
                    }
                }
            }
            case TRIGGER -> take(nameOf(one.of().orElse("")), known);
            case VIEW -> take(tokens, known);
            case SEQUENCE, FUNCTION, PROCEDURE -> {}
        }
    }

    private static List<SqlToken> nameOf(String name) {
        return List.of(new SqlToken(SqlToken.Kind.NAME, name, 0, 0));
    }

    private static List<SqlToken> behindReferences(List<SqlToken> tokens) {
        var names = new ArrayList<SqlToken>();
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (tokens.get(i).is("REFERENCES")) {
                names.addAll(tokens.subList(i + 1, Math.min(i + 4, tokens.size())));
            }
        }
        return names;
    }

    /// Tables that reference this one.
    private void children(Known table, List<Known> known) throws SQLException {
        var names = Rows.read(
                connection,
                "SELECT DISTINCT TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS"
                        + " WHERE UNIQUE_CONSTRAINT_SCHEMA = ? AND REFERENCED_TABLE_NAME = ?",
                query -> {
                    query.setString(1, table.schema());
                    query.setString(2, table.name());
                },
                row -> row.getString(1));
        for (var name : names) {
            take(
                    nameOf(name),
                    known.stream().filter(one -> one.kind() == Kind.TABLE).toList());
        }
    }

    private List<Known> in(String schema) throws SQLException {
        return Rows.read(
                connection,
                Sql.resource("schema-objects.sql"),
                query -> {
                    for (int i = 1; i <= 3; i++) {
                        query.setString(i, schema);
                    }
                },
                row -> new Known(
                        Kind.valueOf(row.getString("kind")),
                        schema,
                        row.getString("name"),
                        Optional.ofNullable(row.getString("engine")).orElse(""),
                        Optional.ofNullable(row.getString("of"))));
    }

    /// SHOW CREATE has the text in its second column, for what has a `sql_mode` in its third.
    private Optional<String> text(Known one) throws SQLException {
        int column = Set.of(Kind.TABLE, Kind.VIEW, Kind.SEQUENCE).contains(one.kind()) ? 2 : 3;
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SHOW CREATE " + one.kind() + " " + Sql.qualified(one.schema(), one.name()))) {
            return row.next() ? Optional.ofNullable(row.getString(column)) : Optional.empty();
        } catch (SQLException refused) {
            notes.add("the server does not show " + one.name() + ": " + refused.getMessage());
            return Optional.empty();
        }
    }
}
