package dev.agentroles.engine.mysql;

import dev.agentroles.access.RoleName;

/// The mark of a role where the server keeps no text on it: a row of the ledger, written before the role is
/// made and dropped after it.
final class LedgerMark {
    private LedgerMark() {}

    static String put(RoleName name, String mark) {
        return "REPLACE INTO agentroles.account_mark (name, mark) VALUES (%s, %s)"
                .formatted(Sql.literal(name.value()), Sql.literal(mark));
    }

    static String drop(RoleName name) {
        return "DELETE FROM agentroles.account_mark WHERE name = %s".formatted(Sql.literal(name.value()));
    }
}
