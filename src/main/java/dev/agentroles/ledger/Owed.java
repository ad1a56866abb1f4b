package dev.agentroles.ledger;

import java.time.Instant;

/// Work that was promised and could not be done yet. Tried again until it is done.
///
/// @param object the path in the secret store, or the login
/// @param attempts that failed so far
/// @param lastError why the last one failed; empty before the first
public record Owed(long id, Work work, String agent, String object, Instant since, int attempts, String lastError) {
    /// Stored by name.
    public enum Work {
        ERASE_SECRET,
        DROP_LOGIN;

        /// As a clause.
        public String of(String object) {
            return switch (this) {
                case ERASE_SECRET -> "erasing secret " + object;
                case DROP_LOGIN -> "dropping login " + object;
            };
        }

        /// The same of several.
        public String of(int number) {
            return switch (this) {
                case ERASE_SECRET -> "erasing " + number + " secrets";
                case DROP_LOGIN -> "dropping " + number + " logins";
            };
        }
    }

    /// As a clause.
    public String what() {
        return work.of(object);
    }
}
