package dev.agentroles.engine.mysql;

import dev.agentroles.engine.SchemaFact;
import dev.agentroles.engine.SqlToken;
import dev.agentroles.engine.SqlTokens;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What is in the databases of a trial, as the server itself writes it down (SHOW CREATE), under the names of the
/// databases that they stand in for.
final class SchemaFacts {
    private static final Pattern PLAIN = Pattern.compile("[0-9A-Za-z_$]+");

    private final Connection connection;
    private final Scratch scratch;
    private final List<SchemaFact> facts = new ArrayList<>();

    private SchemaFacts(Connection connection, Scratch scratch) {
        this.connection = connection;
        this.scratch = scratch;
    }

    static List<SchemaFact> read(Connection connection, Scratch scratch) throws SQLException {
        var facts = new SchemaFacts(connection, scratch);
        for (var place : scratch.places().entrySet()) {
            facts.read(place.getKey(), place.getValue());
        }
        return List.copyOf(facts.facts);
    }

    private void read(String database, String place) throws SQLException {
        for (var object : SchemaObject.in(connection, place)) {
            var name = display(database) + "." + display(object.name());
            var text = object.text(connection).orElse("");
            if (object.kind() == SchemaObject.Kind.TABLE) {
                table(name, text);
            } else {
                add(object.kind().name().toLowerCase(Locale.ROOT), name, "", text, Optional.empty());
            }
        }
    }

    /// `CREATE TABLE name (columns, keys and constraints) options`.
    private void table(String name, String text) {
        var tokens = SqlLexer.cutOwn(text).tokens();
        int open = 0;
        while (open < tokens.size() && !tokens.get(open).is('(')) {
            open++;
        }
        int close = open;
        for (int depth = 0; close < tokens.size(); close++) {
            depth += tokens.get(close).is('(') ? 1 : tokens.get(close).is(')') ? -1 : 0;
            if (depth == 0) {
                break;
            }
        }
        add("table", name, "", "", Optional.empty());
        var table = Optional.of("table " + name);
        for (var part : new SqlTokens(tokens.subList(open + 1, close)).parts()) {
            part(name, part, text, table);
        }
        facts.add(new SchemaFact(
                "table",
                name,
                "options",
                shown(tokens.subList(close + 1, tokens.size()), text),
                "",
                "",
                Optional.empty()));
    }

    private void part(String table, SqlTokens part, String text, Optional<String> of) {
        var tokens = part.list();
        var names = tokens.stream()
                .filter(token -> token.kind() == SqlToken.Kind.NAME)
                .toList();
        if (tokens.getFirst().kind() == SqlToken.Kind.NAME) {
            var column = tokens.getFirst().value();
            add("column", table + "." + display(column), shown(tokens.subList(1, tokens.size()), text), "", of);
            return;
        }
        boolean constraint = part.at("CONSTRAINT") || part.at("CHECK");
        var name = part.at("PRIMARY") || names.isEmpty()
                ? tokens.getFirst().value()
                : names.getFirst().value();
        add(constraint ? "constraint" : "index", table + "." + display(name), shown(tokens, text), "", of);
    }

    private void add(String kind, String name, String shown, String digest, Optional<String> of) {
        facts.add(new SchemaFact(kind, name, "", shown, digest, "", of));
    }

    /// As it is written, with one blank for all that is between two tokens.
    private String shown(List<SqlToken> tokens, String text) {
        var shown = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            if (i > 0 && tokens.get(i - 1).end() < tokens.get(i).start()) {
                shown.append(' ');
            }
            shown.append(text, tokens.get(i).start(), tokens.get(i).end());
        }
        return scratch.original(shown.toString());
    }

    /// In back-ticks if it would not be read without.
    private static String display(String name) {
        return PLAIN.matcher(name).matches() ? name : Sql.identifier(name);
    }
}
