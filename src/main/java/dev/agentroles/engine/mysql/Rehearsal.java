package dev.agentroles.engine.mysql;

import dev.agentroles.engine.Said;
import dev.agentroles.engine.SchemaDifference;
import dev.agentroles.engine.SchemaSession.Bounds;
import dev.agentroles.engine.SchemaSession.Trial;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.engine.SqlToken;
import dev.agentroles.engine.StatementForm;
import dev.agentroles.engine.Target;
import dev.agentroles.engine.mysql.Originals.Original;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Tries a statement on empty copies, as the server takes nothing back that it has done to a schema.
final class Rehearsal {
    private static final String EMPTY = "it was tried on empty copies: they show neither rows that do not fit, nor how"
            + " long it takes, nor whom it holds up";
    private static final String EVENT = "an event may run as soon as it is there, so it is not tried";

    private final Connection watch;
    private final Target owner;
    private final Dialect dialect;
    private final Bounds bounds;
    private final String database;

    /// @param watch a session in that database
    /// @param database that a name without one means
    Rehearsal(Connection watch, Target owner, Dialect dialect, String database, Bounds bounds) {
        this.watch = watch;
        this.owner = owner;
        this.dialect = dialect;
        this.database = database;
        this.bounds = bounds;
    }

    /// @param busy whether what the server said tells of others and not of the statement
    Trial of(String statement, StatementForm form, Predicate<SQLException> busy) throws SQLException {
        if (form.words().endsWith(" EVENT")) {
            return new Trial(List.of(), List.of(EVENT), Optional.empty(), Duration.ZERO);
        }
        // The server's own patience is a day, on MySQL a year.
        execute("SET lock_wait_timeout = " + Math.max(1, bounds.lock().toSeconds()));
        var tokens = SqlLexer.cut(statement).tokens();
        var originals = Originals.of(watch, database, tokens);
        var notes = new ArrayList<>(List.of(EMPTY));
        notes.addAll(originals.notes());
        try (var scratch = Scratch.make(watch, originals.databasesOf(tokens), bounds.lock());
                var _ = (SqlCloseable) () -> watch.setCatalog(database)) {
            copy(originals.all(), scratch, notes);
            return tried(scratch.lead(statement, tokens), scratch, notes, busy);
        }
    }

    private Trial tried(String sql, Scratch scratch, List<String> notes, Predicate<SQLException> busy)
            throws SQLException {
        var before = SchemaFacts.read(watch, scratch);
        var place = MySqlUrl.in(owner.url(), scratch.of(database));
        try (var worker = Worker.begin(owner.at(place), dialect, watch, bounds)) {
            long start = System.nanoTime();
            try {
                worker.run(sql);
            } catch (SQLException refused) {
                if (busy.test(refused) || !worker.connection().isValid(1)) {
                    throw refused;
                }
                return new Trial(List.of(), notes, Optional.of(told(refused, scratch)), since(start));
            }
            var took = since(start);
            return new Trial(
                    SchemaDifference.lines(before, SchemaFacts.read(watch, scratch)), notes, Optional.empty(), took);
        }
    }

    private static SQLException told(SQLException refused, Scratch scratch) {
        return new SQLException(
                scratch.original(Said.text(refused)), refused.getSQLState(), refused.getErrorCode(), refused);
    }

    /// Without asking whether what a table references is there; for as long as one more can be made, what needs what.
    private void copy(List<Original> originals, Scratch scratch, List<String> notes) throws SQLException {
        try (var _ = (SqlCloseable) () -> execute("SET foreign_key_checks = 1")) {
            execute("SET foreign_key_checks = 0");
            var left = originals;
            var refusals = new ArrayList<String>();
            int more = left.size() + 1;
            while (left.size() < more) {
                more = left.size();
                refusals.clear();
                left = refused(left, scratch, refusals);
            }
            notes.addAll(refusals);
        }
    }

    /// @return those that could not be made
    private List<Original> refused(List<Original> originals, Scratch scratch, List<String> refusals)
            throws SQLException {
        var left = new ArrayList<Original>();
        for (var original : originals) {
            watch.setCatalog(scratch.of(original.object().schema()));
            try {
                execute(text(original, scratch));
            } catch (SQLException refused) {
                left.add(original);
                refusals.add("it was tried without %s: %s"
                        .formatted(original.object().name(), scratch.original(Said.text(refused))));
            }
        }
        return left;
    }

    /// MySQL's driver leads each of its statements back to the database in which that was made.
    private void execute(String sql) throws SQLException {
        try (var statement = watch.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /// Without who defined it: whoever makes the copy may not say so.
    private static String text(Original original, Scratch scratch) {
        var tokens = original.tokens();
        for (int i = 0; i + 4 < tokens.size(); i++) {
            if (tokens.get(i).is("DEFINER")
                    && tokens.get(i + 1).is('=')
                    && tokens.get(i + 3).is('@')) {
                return withoutDefiner(original, scratch, tokens.get(i), tokens.get(i + 4));
            }
        }
        return scratch.lead(original.text(), tokens);
    }

    private static String withoutDefiner(Original original, Scratch scratch, SqlToken from, SqlToken to) {
        var text = original.text().substring(0, from.start()) + original.text().substring(to.end());
        return scratch.lead(text, SqlLexer.cutOwn(text).tokens());
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
