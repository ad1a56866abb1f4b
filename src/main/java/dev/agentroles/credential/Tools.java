package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.engine.Logins;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.Ledger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// What one run works on the leases of one database with.
///
/// @param ledger on one administrator's session, and `logins` on the same
/// @param clock the server's ([dev.agentroles.ledger.LedgerState.Present#clock]), which decides what has
/// expired
/// @param actor whom the journal names
public record Tools(
        Ledger ledger,
        Logins logins,
        SecretStore store,
        Mint mint,
        InstantSource clock,
        Actor actor,
        FaultPoints faults) {
    public Instant now() {
        return clock.instant();
    }

    /// What the journal says of one agent, or of all of them.
    public JournalEntry entry(String action, Optional<String> agent, String outcome, String detail) {
        return new JournalEntry(now(), actor, action, agent, Optional.empty(), outcome, detail);
    }

    /// What the journal says of one lease.
    public JournalEntry entry(String action, Lease lease, String outcome, String detail) {
        return entry(action, lease.agent(), lease.id(), outcome, detail);
    }

    /// What the journal says of a lease that may not be in the ledger.
    JournalEntry entry(String action, String agent, String lease, String outcome, String detail) {
        return new JournalEntry(now(), actor, action, Optional.of(agent), Optional.of(lease), outcome, detail);
    }
}
