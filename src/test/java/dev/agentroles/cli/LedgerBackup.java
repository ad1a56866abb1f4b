package dev.agentroles.cli;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.TestDatabase;
import java.sql.SQLException;
import java.util.List;

/// The ledger of a database as it was. What a restore brings back is this, and nothing that is the whole server's.
record LedgerBackup(Database database, List<String> tables) {
    static LedgerBackup of(Database database) throws SQLException {
        var tables = database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'agentroles' ORDER BY 1");
        database.execute("CREATE SCHEMA backup");
        for (var table : tables) {
            database.execute("CREATE TABLE backup.%1$s AS TABLE agentroles.%1$s".formatted(table));
        }
        return new LedgerBackup(database, tables);
    }

    void restore() throws SQLException {
        try (var session = database.superuser()) {
            // Neither keys nor triggers hold up a restore.
            TestDatabase.execute(session, "SET session_replication_role = replica");
            for (var table : tables) {
                TestDatabase.execute(
                        session,
                        "DELETE FROM agentroles." + table,
                        "INSERT INTO agentroles.%1$s OVERRIDING SYSTEM VALUE TABLE backup.%1$s".formatted(table));
            }
        }
        database.execute("DROP SCHEMA backup CASCADE");
    }
}
