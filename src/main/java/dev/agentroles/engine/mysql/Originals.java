package dev.agentroles.engine.mysql;

import dev.agentroles.engine.Rows;
import dev.agentroles.engine.Said;
import dev.agentroles.engine.SqlToken;
import dev.agentroles.engine.mysql.SchemaObject.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a statement could be about: what it names, and what that needs. Rather too much than too little: a copy costs
/// nothing. The catalog is asked the same number of times for each database that the statement names, and for the text
/// of each object that is found, as the server shows one at a time.
final class Originals {
    private final Connection connection;
    private final String database;
    private final List<String> databases;
    private final Set<String> looked = new LinkedHashSet<>();
    private final List<SchemaObject> known = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();
    private final Set<SchemaObject> seen = new HashSet<>();
    private final List<Original> found = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();

    /// @param text of the statement that makes it
    record Original(SchemaObject object, String text, List<SqlToken> tokens) {}

    /// A foreign key.
    ///
    /// @param home the database of the table that has it
    /// @param schema of the table that it references
    private record Reference(String home, String from, String schema, String to) {}

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
        return List.copyOf(found);
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
            named.add(original.object().schema());
            named.addAll(before(original.tokens()));
        });
        var distinct = new LinkedHashMap<String, String>();
        named.forEach(name -> distinct.putIfAbsent(Scratch.folded(name), name));
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
        looked.add(database);
        looked.addAll(before(statement));
        for (var schema : looked) {
            known.addAll(SchemaObject.in(connection, schema));
            references.addAll(references(schema));
        }
        take(statement);
    }

    private List<Reference> references(String schema) throws SQLException {
        return Rows.read(
                connection,
                Sql.resource("referencing-tables.sql"),
                query -> query.setString(1, schema),
                row -> new Reference(
                        row.getString("home"), row.getString("name"), schema, row.getString("referenced")));
    }

    /// Takes what the tokens name, and what that needs.
    private void take(List<SqlToken> tokens) {
        var names = tokens.stream()
                .filter(SqlToken::isName)
                .map(token -> Scratch.folded(token.value()))
                .collect(Collectors.toSet());
        for (var one : known) {
            if (names.contains(Scratch.folded(one.name()))) {
                add(one);
            }
        }
    }

    private void add(SchemaObject one) {
        if (!seen.add(one)) {
            return;
        }
        if (one.kind() == Kind.TABLE && !StorageEngines.isLocal(one.engine())) {
            notes.add("it was tried without table " + one.name() + ", whose engine is " + one.engine());
            return;
        }
        var text = text(one);
        if (text.isEmpty()) {
            return;
        }
        var tokens = SqlLexer.cutOwn(text.get()).tokens();
        found.add(new Original(one, text.get(), tokens));
        switch (one.kind()) {
            case TABLE -> {
                take(behindReferences(tokens));
                children(one);
                for (var trigger : known) {
                    if (trigger.of().isPresent() && Scratch.same(trigger.of().get(), one.name())) {
                        add(trigger);
                    }
                }
            }
            case TRIGGER -> take(nameOf(one.of().orElse("")));
            case VIEW -> take(tokens);
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

    /// Tables that reference this one. Those of databases that the statement does not name are told: what the
    /// statement would do to them is not tried.
    private void children(SchemaObject table) {
        for (var reference : references) {
            if (Scratch.same(reference.schema(), table.schema()) && Scratch.same(reference.to(), table.name())) {
                if (looked.stream().noneMatch(schema -> Scratch.same(schema, reference.home()))) {
                    notes.add(
                            ("it was tried without table %s.%s, which has a foreign key to %s: the statement does not name"
                                            + " that database")
                                    .formatted(reference.home(), reference.from(), table.name()));
                }
                known.stream()
                        .filter(one -> one.kind() == Kind.TABLE
                                && Scratch.same(one.schema(), reference.home())
                                && Scratch.same(one.name(), reference.from()))
                        .toList()
                        .forEach(this::add);
            }
        }
    }

    /// Empty where it is not shown, and a note says so.
    private Optional<String> text(SchemaObject one) {
        try {
            var text = one.text(connection);
            if (text.isEmpty()) {
                notes.add("it was tried without %s %s, whose text this login may not read"
                        .formatted(one.kind().name().toLowerCase(Locale.ROOT), one.name()));
            }
            return text;
        } catch (SQLException refused) {
            notes.add("it was tried without %s %s, which the server does not show: %s"
                    .formatted(one.kind().name().toLowerCase(Locale.ROOT), one.name(), Said.text(refused)));
            return Optional.empty();
        }
    }
}
