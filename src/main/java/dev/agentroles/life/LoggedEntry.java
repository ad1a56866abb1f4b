package dev.agentroles.life;

import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Predicate;

/// One entry of a journal, with its number.
public record LoggedEntry(long number, JournalEntry entry) {
    /// Reads a journal, oldest first, and holds no more of it than a page; of one agent the newest that were asked for.
    ///
    /// @param agent whose entries; empty: all of them
    /// @param last how many of the newest; 0: all of them
    /// @param reader takes each, and says whether to go on
    public static void each(OpenedDatabase database, Optional<String> agent, int last, Predicate<LoggedEntry> reader)
            throws SQLException {
        var journal = database.ledger().journal();
        if (agent.isEmpty()) {
            long after = last > 0 ? Math.max(0, journal.length() - last) : 0;
            journal.read(after, (number, entry) -> reader.test(new LoggedEntry(number, entry)));
        } else if (last == 0) {
            journal.read(
                    0, (number, entry) -> !agent.equals(entry.agent()) || reader.test(new LoggedEntry(number, entry)));
        } else {
            newest(database, agent.get(), last, reader);
        }
    }

    /// Which they are is known when all were read.
    private static void newest(OpenedDatabase database, String agent, int last, Predicate<LoggedEntry> reader)
            throws SQLException {
        var entries = new ArrayDeque<LoggedEntry>();
        database.ledger().journal().read(0, (number, entry) -> {
            if (entry.agent().filter(agent::equals).isPresent()) {
                entries.add(new LoggedEntry(number, entry));
            }
            if (entries.size() > last) {
                entries.remove();
            }
            return true;
        });
        for (var entry : entries) {
            if (!reader.test(entry)) {
                return;
            }
        }
    }
}
