package dev.agentroles.profile;

import dev.agentroles.access.Mark;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.access.Tier;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a person wrote: one environment, its databases, scopes and agents. Valid: every reference resolves,
/// every name fits, every secret comes from elsewhere. Maps keep the order of the file.
///
/// @param source the file as named on the command line, for messages
/// @param store where leases are published
/// @param notices what a person should know about the profile and what does not stop anything
public record Profile(
        String source,
        String environment,
        Position environmentAt,
        StoreEntry store,
        Map<String, DatabaseEntry> databases,
        Map<String, Scope> scopes,
        Map<String, Agent> agents,
        List<Waiver> waivers,
        List<Problem> notices) {
    public Profile {
        databases = inOrder(databases);
        scopes = inOrder(scopes);
        agents = inOrder(agents);
        waivers = List.copyOf(waivers);
        notices = List.copyOf(notices);
    }

    private static <V> Map<String, V> inOrder(Map<String, V> entries) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /// Where leases are published.
    public sealed interface StoreEntry {
        /// Where each login is published if the profile does not say.
        String PATH = "agents/{environment}/{database}/{agent}";

        Position at();

        /// What may come from elsewhere.
        Stream<Value> values();
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
            implements StoreEntry {
        @Override
        public Stream<Value> values() {
            return Stream.concat(address.stream(), login.values());
        }
    }

    /// How the tool itself logs in to Vault.
    public sealed interface VaultLogin {
        /// What may come from elsewhere.
        Stream<Value> values();

        /// @param token empty: `BAO_TOKEN`, then `VAULT_TOKEN`, then the token file
        record Token(Optional<Value.Reference> token) implements VaultLogin {
            @Override
            public Stream<Value> values() {
                return token.stream().map(Value.class::cast);
            }
        }

        record AppRole(String mount, Value roleId, Value.Reference secretId) implements VaultLogin {
            @Override
            public Stream<Value> values() {
                return Stream.of(roleId, secretId);
            }
        }
    }

    /// One file, encrypted with age to one X25519 identity.
    ///
    /// @param path of the encrypted file, relative to the profile
    /// @param identity the age secret key (`AGE-SECRET-KEY-1...`), from elsewhere
    public record FileEntry(String path, Value.Reference identity, Position at) implements StoreEntry {
        @Override
        public Stream<Value> values() {
            return Stream.of(identity);
        }
    }

    /// One database.
    ///
    /// @param engine `postgresql`, ...
    /// @param url JDBC URL
    /// @param agentUrl the same for the agents; empty: they go where we go
    /// @param identities the servers' own identities, if pinned: PostgreSQL's system identifier; several where one
    /// takes another's place
    /// @param harden codes of opt-in cures of what PUBLIC may do
    /// @param hosts from where logins may come, in the engine's own form; empty: from anywhere
    /// @param expiryEvent where the profile allows the server to end leases by itself; empty: it does not
    /// @param tls whether the server must prove who it is
    /// @param changes who makes the schema changes that a person approved; empty: nobody
    public record DatabaseEntry(
            String name,
            String engine,
            Value url,
            Optional<Value> agentUrl,
            Value username,
            Value.Reference password,
            List<Value> identities,
            List<Hardening> harden,
            List<Host> hosts,
            Optional<Position> expiryEvent,
            Tls tls,
            Optional<Changes> changes,
            Position at) {
        public DatabaseEntry {
            identities = List.copyOf(identities);
            harden = List.copyOf(harden);
            hosts = List.copyOf(hosts);
        }

        /// What may come from elsewhere.
        public Stream<Value> values() {
            return Stream.of(Stream.of(url), agentUrl.stream(), Stream.of(username, password), identities.stream())
                    .flatMap(part -> part);
        }
    }

    /// Who makes the schema changes that a person approved, and how long that may take.
    ///
    /// @param username of a login that owns the schema; never the administrator's
    /// @param lockTimeout how long a change waits for those who use what it changes: others wait behind it
    /// @param statementTimeout how long it may take
    /// @param approval how long an approval is good for
    /// @param approvers public keys of OpenSSH, of which one must have signed an approval; empty: whoever has the
    /// administrator's login approves
    public record Changes(
            Value username,
            Value.Reference password,
            Duration lockTimeout,
            Duration statementTimeout,
            Duration approval,
            List<Approver> approvers,
            Position at) {
        public Changes {
            approvers = List.copyOf(approvers);
        }

        public static final Duration LOCK_TIMEOUT = Duration.ofSeconds(3);
        public static final Duration STATEMENT_TIMEOUT = Duration.ofMinutes(10);
        public static final Duration APPROVAL = Duration.ofHours(24);

        /// What may come from elsewhere.
        public Stream<Value> values() {
            return Stream.of(username, password);
        }
    }

    /// A person's public key, as a line of `authorized_keys` has it: `ssh-ed25519 AAAA... alice@example.com`.
    ///
    /// @param key in Base64; what type it is of, it says itself
    /// @param name whose it is
    public record Approver(String key, String name, Position at) {}

    /// What a connection to a database on another machine must do.
    public enum Tls {
        /// Encrypt, and verify the server's certificate.
        VERIFIED,
        /// Whatever the URL says; the profile took the risk by name.
        UNVERIFIED
    }

    /// One opt-in cure, by its word in the profile: `public-temp`, ...
    public record Hardening(String word, Position at) {}

    /// From where a login may come: `10.1.%`, `app.example.com`.
    public record Host(String text, Position at) {}

    /// A named set of schemas, tables and columns of one database.
    ///
    /// @param future whether tables created later are covered at once, by default privileges
    public record Scope(
            String name, String database, List<Pattern> include, List<Pattern> exclude, boolean future, Position at) {
        public Scope {
            include = List.copyOf(include);
            exclude = List.copyOf(exclude);
        }

        /// The same, where the server compares names of columns without case.
        public Scope withColumnsInAnyCase() {
            return new Scope(
                    name,
                    database,
                    include,
                    exclude.stream().map(Pattern::withColumnInAnyCase).toList(),
                    future,
                    at);
        }
    }

    /// @param requestsChanges whether it may ask for schema changes, which a person then approves or rejects
    public record Agent(
            String name,
            Optional<String> owner,
            Optional<String> purpose,
            List<Access> access,
            LeaseTerms lease,
            boolean requestsChanges,
            Position at) {
        public Agent {
            access = List.copyOf(access);
        }
    }

    /// A tier within a scope.
    ///
    /// @param limits of a writer; none in every other tier
    public record Access(String scope, Tier tier, WriteLimits limits, Position at) {}

    /// What a writer may change. Empty: the default.
    ///
    /// @param rows of one table by one statement
    /// @param rowsPerTransaction of one table by one transaction
    /// @param wholeTable how many rows a table may have that one statement empties or rewrites
    /// @param window over all tables and transactions
    /// @param functions whether functions and procedures may write on the agent's behalf
    public record WriteLimits(
            OptionalInt rows,
            OptionalInt rowsPerTransaction,
            OptionalInt wholeTable,
            Optional<Window> window,
            boolean functions) {
        public static final WriteLimits NONE =
                new WriteLimits(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), false);

        private static final int ROWS = 1_000;
        private static final int ROWS_PER_TRANSACTION = 10_000;
        private static final int WHOLE_TABLE = 20;

        public int rowsOrDefault() {
            return rows.orElse(ROWS);
        }

        /// A transaction holds a statement at least.
        public int rowsPerTransactionOrDefault() {
            return rowsPerTransaction.orElse(Math.max(ROWS_PER_TRANSACTION, rowsOrDefault()));
        }

        public int wholeTableOrDefault() {
            return wholeTable.orElse(WHOLE_TABLE);
        }
    }

    /// At most so many rows in so much time.
    public record Window(int rows, Duration per) {}

    /// @param ttl how long a login lasts
    /// @param overlap how long the previous login lives on after a rotation
    /// @param connections how many sessions at once
    /// @param bounds how long a session may last and wait
    public record LeaseTerms(Duration ttl, Duration overlap, int connections, SessionBounds bounds) {
        public static final LeaseTerms DEFAULT =
                new LeaseTerms(Duration.ofHours(1), Duration.ofMinutes(10), 5, SessionBounds.NONE);
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

    /// The environment variables that the profile takes values from, passwords among them.
    public Set<String> variables() {
        var changes = databases.values().stream()
                .flatMap(entry -> entry.changes().stream())
                .flatMap(Changes::values);
        return Stream.concat(values(), changes)
                .flatMap(value -> value instanceof Value.Env env ? Stream.of(env.name()) : Stream.empty())
                .collect(Collectors.toSet());
    }

    /// What may come from elsewhere, of the store and of every database.
    public Stream<Value> values() {
        return Stream.concat(store.values(), databases.values().stream().flatMap(DatabaseEntry::values));
    }

    /// The scope that an access entry names; the reader has checked that there is one.
    public Scope scopeOf(Access access) {
        return Objects.requireNonNull(scopes.get(access.scope()), access.scope());
    }

    /// What an agent may do in a database, for people: `customers:writer orders:explore`.
    public String tiersOf(Agent agent, String database) {
        return agent.access().stream()
                .filter(access -> scopeOf(access).database().equals(database))
                .map(access -> new Mark.Kind.TierRole(access.scope(), access.tier()).access())
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /// The databases that an agent has access to, in the order of the file.
    public List<DatabaseEntry> databasesOf(String agent) {
        return databases.values().stream()
                .filter(entry -> agentsOf(entry.name()).stream()
                        .anyMatch(one -> one.name().equals(agent)))
                .toList();
    }

    /// The agents that have access to a database, in the order of the file.
    public List<Agent> agentsOf(String database) {
        return agents.values().stream()
                .filter(agent -> agent.access().stream()
                        .anyMatch(access -> scopeOf(access).database().equals(database)))
                .toList();
    }
}
