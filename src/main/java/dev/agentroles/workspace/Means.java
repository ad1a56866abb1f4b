package dev.agentroles.workspace;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.Mint;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.Tools;
import dev.agentroles.ledger.Actor;
import java.sql.SQLException;
import java.time.InstantSource;

/// What a run brings along, whichever database it works on.
///
/// @param clock ours
/// @param operator who runs this, for the journal: `alice@runner-7`
/// @param faults told of every step of a lease's life
public record Means(Mint mint, InstantSource clock, String operator, FaultPoints faults) {
    /// As whom a run acts on a database, for its journal.
    public Actor actor(OpenedDatabase database) {
        return new Actor(database.server().identity().user(), operator);
    }

    /// What it works on the leases of one database with: for one thread, as the session is.
    public Tools on(OpenedDatabase database, SecretStore store) throws SQLException {
        var server = database.server();
        return new Tools(
                database.ledger(), server.logins(), store, mint, database.clock(clock), actor(database), faults);
    }
}
