package dev.agentroles.credential;

import dev.agentroles.access.RoleName;
import dev.agentroles.engine.AgentUrls;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How one agent stands: whether what the store holds is a login that works. The store, the ledger and the
/// server must agree on it.
public sealed interface Standing {
    /// The published login works.
    record Live(LeaseRow lease, long storeVersion) implements Standing {}

    /// A new lease must be issued.
    ///
    /// @param why a clause, for a plan
    record Due(String why) implements Standing {}

    /// The same, or due where the store says of the login what is no longer so.
    ///
    /// @param current what the store holds
    /// @param urls by which the agent is to log in
    /// @param tier that the agent has, for people
    default Standing told(SecretStore.Current current, AgentUrls urls, String tier) {
        if (!(this instanceof Live(var row, var _))) {
            return this;
        }
        var login = "the published login " + row.lease().login();
        var held = current.held().orElseThrow().secret();
        if (!leadsTo(urls, held.url())) {
            return new Due(login + " is for " + held.url() + ", and its agent belongs to " + urls.published());
        }
        return held.tier().equals(tier) ? this : new Due(login + " says " + held.tier() + ", and it is " + tier);
    }

    /// Two profiles can name one path by mistake. The login that one of them replaced there would work, for
    /// agents that then reach the wrong database.
    ///
    /// @param home of those that are to publish
    /// @throws Failure if a login of another server stands there that is not over
    static void mustNotBeOfAnother(
            Home home, StorePath path, SecretStore.Current current, List<LeaseRow> open, Instant now) {
        if (!isOfAnother(home, current, open, now)) {
            return;
        }
        throw Failure.refused(ofAnother("", home, path, current));
    }

    /// @param act what became of it, as the beginning of the message
    static Problem ofAnother(String act, Home home, StorePath path, SecretStore.Current current) {
        var held = current.held().orElseThrow().secret();
        return Problem.of(act + path + " holds the login " + held.username() + " of another server, " + held.server()
                        + " at " + held.url() + ", until " + held.expiresAt() + ", and this one is " + home.server())
                .remedy("give one of the two profiles another environment, database entry or vault.path; if this"
                        + " server took that one's place, list both in the profile's identity; if that server is gone"
                        + " for good, or somebody wrote it there who should not, delete the secret, or wait until it is"
                        + " over");
    }

    /// A lease of the ledger is ours, whichever server the database was moved to since.
    static boolean isOfAnother(Home home, SecretStore.Current current, List<LeaseRow> open, Instant now) {
        return current.held()
                .map(SecretStore.Held::secret)
                .filter(held -> !home.published(held))
                .filter(held -> now.isBefore(held.expiresAt()))
                .filter(held -> open.stream().noneMatch(row -> row.lease().id().equals(held.lease())))
                .isPresent();
    }

    /// Who runs agentroles may reach the server by another address than who did before, and neither is to make the
    /// other's logins due. An address that the profile has for the agents is for all of them.
    private static boolean leadsTo(AgentUrls urls, String held) {
        return urls.apart() ? held.equals(urls.published()) : database(held).equals(database(urls.published()));
    }

    /// The path of a JDBC URL.
    private static String database(String url) {
        return url.replaceFirst("^[^/]*//[^/]*", "").replaceFirst("\\?.*", "");
    }

    /// @param current what the store holds at the agent's path
    /// @param open the ledger's leases that are not over
    /// @param logins that the server has and lets log in
    /// @param now by the server's clock
    static Standing of(
            SecretStore.Current current, String agent, List<LeaseRow> open, Set<RoleName> logins, Instant now) {
        if (current.held().isEmpty()) {
            return new Due("no login is published");
        }
        var held = current.held().get().secret();
        Optional<LeaseRow> row = open.stream()
                .filter(candidate -> candidate.lease().id().equals(held.lease())
                        && candidate.lease().agent().equals(agent))
                .findFirst();
        if (row.isEmpty()) {
            return new Due(
                    "the published login " + held.username() + " is none of the ledger's, and leads to " + held.url());
        }
        var lease = row.get().lease();
        if (!now.isBefore(lease.expiresAt())) {
            return new Due("the published login " + lease.login() + " expired at " + lease.expiresAt());
        }
        if (lease.storeVersion().filter(known -> known != current.version()).isPresent()) {
            return new Due("the published login " + lease.login() + " was written over by somebody else");
        }
        return logins.contains(lease.login())
                ? new Live(row.get(), current.version())
                : new Due("the published login " + lease.login() + " is gone from the server");
    }
}
