package dev.agentroles.profile;

import dev.agentroles.access.Tier;
import dev.agentroles.problem.Position;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What a person wrote: one environment, its databases, scopes and agents. Valid: every reference resolves, every
/// name fits, every secret comes from elsewhere. Maps keep the order of the file.
///
/// @param source the file as named on the command line, for messages
/// @param store where leases are published
public record Profile(
        String source,
        String environment,
        Position environmentAt,
        StoreEntry store,
        Map<String, DatabaseEntry> databases,
        Map<String, Scope> scopes,
        Map<String, Agent> agents,
        List<Waiver> waivers) {
    /// Where leases are published.
    public sealed interface StoreEntry {
        Position at();
    }

    /// HashiCorp Vault or OpenBao.
    ///
    /// @param address empty: `BAO_ADDR`, then `VAULT_ADDR`
    /// @param caFile PEM bundle; empty: `BAO_CACERT`, then `VAULT_CACERT`, then the system's
    /// @param path with `{environment}`, `{database}` and `{agent}`
    public record VaultEntry(
            Optional<Value> address,
            Optional<String> namespace,
            Optional<String> caFile,
            VaultLogin login,
            String mount,
            String path,
            Position at)
            implements StoreEntry {}

    /// How the tool itself logs in to Vault.
    public sealed interface VaultLogin {
        /// @param token empty: `BAO_TOKEN`, then `VAULT_TOKEN`, then the token file
        record Token(Optional<Value> token) implements VaultLogin {}

        record AppRole(String mount, Value roleId, Value secretId) implements VaultLogin {}
    }

    /// One file, encrypted with age to one X25519 identity.
    ///
    /// @param path of the encrypted file, relative to the profile
    /// @param identity the age secret key (`AGE-SECRET-KEY-1...`), from elsewhere
    public record FileEntry(String path, Value identity, Position at) implements StoreEntry {}

    /// One database.
    ///
    /// @param engine `postgresql`, ...
    /// @param url JDBC URL
    /// @param identity the server's own identity, if pinned: PostgreSQL's system identifier
    /// @param harden codes of opt-in cures of what PUBLIC may do
    public record DatabaseEntry(
            String name,
            String engine,
            Value url,
            Value username,
            Value password,
            Optional<Value> identity,
            List<Hardening> harden,
            Position at) {}

    /// One opt-in cure, by its word in the profile: `public-temp`, ...
    public record Hardening(String word, Position at) {}

    /// A named set of schemas, tables and columns of one database.
    ///
    /// @param future whether tables created later are covered at once, by default privileges
    public record Scope(
            String name, String database, List<Pattern> include, List<Pattern> exclude, boolean future, Position at) {}

    public record Agent(
            String name,
            Optional<String> owner,
            Optional<String> purpose,
            List<Access> access,
            LeaseTerms lease,
            Position at) {}

    /// A tier within a scope.
    public record Access(String scope, Tier tier, Position at) {}

    /// @param ttl how long a login lasts
    /// @param overlap how long the previous login lives on after a rotation
    /// @param connections how many sessions at once
    /// @param settings session bounds set on each login (`statement_timeout`, ...), by the engine's name
    public record LeaseTerms(Duration ttl, Duration overlap, int connections, Map<String, String> settings) {
        public static final LeaseTerms DEFAULT =
                new LeaseTerms(Duration.ofHours(1), Duration.ofMinutes(10), 5, Map.of());
    }

    /// A finding that a named person accepted.
    ///
    /// @param database empty: in every database of the profile
    /// @param subject empty: for every agent
    public record Waiver(
            String finding,
            Optional<String> database,
            Optional<String> subject,
            String reason,
            String by,
            LocalDate until,
            Position at) {}

    /// The scope that an access entry names; the reader has checked that there is one.
    public Scope scopeOf(Access access) {
        return Objects.requireNonNull(scopes.get(access.scope()), access.scope());
    }

    /// The agents that have access to a database, in the order of the file.
    public List<Agent> agentsOf(String database) {
        return agents.values().stream()
                .filter(agent -> agent.access().stream()
                        .anyMatch(access -> scopeOf(access).database().equals(database)))
                .toList();
    }
}
