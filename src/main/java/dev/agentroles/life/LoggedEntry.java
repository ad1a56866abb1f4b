package dev.agentroles.life;

import dev.agentroles.apply.OpenedDatabase;
import dev.agentroles.ledger.JournalEntry;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/// One entry of a journal, with its number.
public record LoggedEntry(long number, JournalEntry entry) {
    /// @param agent whose entries; empty: all of them
    /// @param last how many of the newest; 0: all of them
    /// @return oldest first
    public static List<LoggedEntry> of(OpenedDatabase database, Optional<String> agent, int last) throws SQLException {
        var entries = new ArrayDeque<LoggedEntry>();
        var journal = database.ledger().journal();
        long after = agent.isEmpty() && last > 0 ? Math.max(0, journal.length() - last) : 0;
        journal.read(after, (number, entry) -> {
            if (agent.isEmpty() || agent.equals(entry.agent())) {
                entries.add(new LoggedEntry(number, entry));
            }
            if (last > 0 && entries.size() > last) {
                entries.remove();
            }
        });
        return List.copyOf(entries);
    }
}
