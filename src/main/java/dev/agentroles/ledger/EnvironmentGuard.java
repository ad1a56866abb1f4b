package dev.agentroles.ledger;

import dev.agentroles.engine.ServerIdentity;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import java.util.List;

/// Keeps a profile of one environment from acting on another. Asked before anything else, on every command that
/// logs in.
///
/// @param claim what the profile says
/// @param server what the server says it is
/// @param ledger what the database was stamped with
public record EnvironmentGuard(Claim claim, ServerIdentity server, LedgerState ledger) {
    private static final String COPY =
            "; for a copy that was made on purpose, drop schema agentroles in the copy and name it by an entry of its own";

    /// What a profile says of a database.
    ///
    /// @param profile the file, for messages
    /// @param environment of the profile
    /// @param entry the database's name in the profile
    /// @param identities that the server may have, where the profile pins them; empty: any
    public record Claim(String profile, String environment, String entry, List<String> identities) {
        public Claim {
            identities = List.copyOf(identities);
        }
    }

    /// For commands that only read.
    ///
    /// @throws Failure refused, with both sides named, at the first thing that does not fit
    public void mayRead() {
        Ledger.refuseNewer(ledger);
        pinnedIdentity();
        if (ledger instanceof LedgerState.Present present) {
            present.stamp().ifPresent(this::stamped);
        }
    }

    /// For commands that change something: the server must take writes, too.
    public void mayChange() {
        mayRead();
        server.obstacle().ifPresent(obstacle -> {
            throw Failure.refused(Problem.of("database " + server.database() + " of server " + server.identifier() + " "
                            + obstacle + ", and " + claim.profile() + " names it as " + claim.entry())
                    .remedy(ServerIdentity.WRITE_ELSEWHERE));
        });
    }

    /// For commands that give an agent something: nothing is given while the environment is frozen.
    public void mayGive() {
        mayChange();
        if (ledger instanceof LedgerState.Present present && present.freeze().isPresent()) {
            var freeze = present.freeze().orElseThrow();
            throw Failure.refused(Problem.of("environment " + claim.environment() + " is frozen: " + freeze.by()
                            + " froze " + claim.entry() + " at " + freeze.at() + " because: " + freeze.why())
                    .remedy("agentroles thaw " + Shell.word(claim.profile()) + " when the reason is gone"));
        }
    }

    private void pinnedIdentity() {
        if (!claim.identities().isEmpty() && !claim.identities().contains(server.identifier())) {
            throw Failure.refused(Problem.of(claim.profile() + " pins database " + claim.entry()
                            + " to server identity " + String.join(" or ", claim.identities())
                            + ", and the server that answered is " + server.identifier())
                    .remedy("check the URL; if this server takes the other's place on purpose, list both as identity"
                            + " of " + claim.entry()));
        }
    }

    private void stamped(Stamp stamp) {
        same("environment", claim.environment(), stamp.environment(), COPY);
        same(
                "database entry",
                claim.entry(),
                stamp.entry(),
                isWhereItWasStamped(stamp) ? renamed(stamp.entry()) : COPY);
        if (!stamp.database().equals(server.database())) {
            throw differs(
                    "the database that answered is " + server.database(),
                    "stamped as database " + stamp.database(),
                    COPY);
        }
        if (!stamp.serverIdentifier().equals(server.identifier()) && !mayTakeItsPlace(stamp)) {
            throw differs(
                    "the server that answered is " + server.identifier(),
                    "stamped on server " + stamp.serverIdentifier(),
                    "; if this server took the other's place (a failover, an upgrade), write identity: [\""
                            + stamp.serverIdentifier() + "\", \"" + server.identifier() + "\"] in its entry" + COPY);
        }
    }

    /// A replica that is promoted, or an upgraded server, has an identity of its own: whoever reviewed the profile
    /// says which servers are one.
    private boolean mayTakeItsPlace(Stamp stamp) {
        return claim.identities().contains(stamp.serverIdentifier())
                && claim.identities().contains(server.identifier());
    }

    private boolean isWhereItWasStamped(Stamp stamp) {
        return stamp.database().equals(server.database())
                && stamp.serverIdentifier().equals(server.identifier());
    }

    /// Roles and logins carry the entry's name. Without the ledger nobody would end those of the old name.
    private static String renamed(String before) {
        return "; if the entry was renamed, call it " + before + " again, as its roles, logins and secrets are called"
                + " so; to rename it for good, first apply a profile with entry " + before + " and agents: {}, which"
                + " ends and drops all of them, keep what agentroles log says, drop schema agentroles, and then apply"
                + " under the new name";
    }

    private void same(String what, String claimed, String stamped, String otherwise) {
        if (!claimed.equals(stamped)) {
            throw differs(
                    claim.profile() + " says " + what + " " + claimed, "stamped as " + what + " " + stamped, otherwise);
        }
    }

    private Failure differs(String said, String stamped, String otherwise) {
        return Failure.refused(Problem.of(said + ", and this database (" + server.database() + " on server "
                        + server.identifier() + ") is " + stamped)
                .remedy("use the profile that belongs to it, or the URL that belongs to " + claim.profile()
                        + otherwise));
    }
}
