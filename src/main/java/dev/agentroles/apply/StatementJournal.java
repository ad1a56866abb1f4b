package dev.agentroles.apply;

import dev.agentroles.engine.Statement;
import dev.agentroles.ledger.JournalEntry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the journal says of statements each of which stays done by itself: which are about to run, by
/// number and text, and which have run. They are written by the dozen, so that thousands of statements do
/// not wait for as many entries. After a crash the last entry names the batch that it fell in; the next
/// plan shows what of that is left to do.
final class StatementJournal {
    /// One round trip, and one wait for the disk, for so many statements.
    private static final int BATCH = 50;

    /// Of a statement's text; the body of a routine is in the program.
    private static final int TEXT = 160;

    private final Run run;
    private final String what;
    private final List<Statement> statements;

    /// @param what the statements are, in one clause
    StatementJournal(Run run, String what, List<Statement> statements) {
        this.run = run;
        this.what = what;
        this.statements = List.copyOf(statements);
    }

    /// Runs statements, and tells of each.
    @FunctionalInterface
    interface Execution {
        void execute(List<Statement> statements, Progress progress) throws SQLException;
    }

    /// Told what became of each statement, in their order.
    interface Progress {
        void done();

        /// It failed, and others are run all the same.
        void failed() throws SQLException;

        /// It was not tried.
        void left();
    }

    private final class Batch implements Progress {
        private final int from;
        private final int to;
        private int place;
        private int left;

        Batch(int from, int to) {
            this.from = from;
            this.to = to;
            this.place = from;
        }

        @Override
        public void done() {
            place++;
        }

        @Override
        public void failed() throws SQLException {
            append();
            left();
        }

        void append() throws SQLException {
            run.database()
                    .ledger()
                    .journal()
                    .append(run.changes("failed", range(place, place + 1) + "\n" + texts(place, place + 1)));
        }

        @Override
        public void left() {
            place++;
            left++;
        }

        JournalEntry told() {
            return run.changes("done", range(from, to) + (left == 0 ? "" : ", without " + left + " of them"));
        }
    }

    void around(Execution execution) throws SQLException {
        var journal = run.database().ledger().journal();
        var next = new ArrayList<JournalEntry>();
        for (int from = 0; from < statements.size(); from += BATCH) {
            int to = Math.min(from + BATCH, statements.size());
            next.add(run.changes("begun", range(from, to) + "\n" + texts(from, to)));
            journal.append(next);
            var batch = new Batch(from, to);
            try {
                execution.execute(statements.subList(from, to), batch);
            } catch (SQLException failed) {
                failed(batch, failed);
                throw failed;
            }
            next = new ArrayList<>(List.of(batch.told()));
        }
        journal.append(next);
    }

    private static void failed(Batch batch, SQLException failed) {
        try {
            batch.append();
        } catch (SQLException lost) {
            failed.addSuppressed(lost);
        }
    }

    private String range(int from, int to) {
        var one = to - from == 1 ? "statement %d".formatted(to) : "statements %d to %d".formatted(from + 1, to);
        return statements.size() == to - from ? what : one + " of " + what;
    }

    private String texts(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(place ->
                        (place + 1) + ": " + brief(statements.get(place).sql()))
                .collect(Collectors.joining("\n"));
    }

    private static String brief(String sql) {
        var line = sql.strip().replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= TEXT
                ? line
                : line.substring(0, line.offsetByCodePoints(0, TEXT)) + " ...";
    }
}
