package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.engine.AgentUrls;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.Server;
import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.Ledger;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/// A database with a ledger, one table that agents may read, and a store: the ground of the tests of leases.
/// The administrator is no superuser.
final class Shop implements AutoCloseable {
    static final String AGENT = "support-bot";
    static final String ENVIRONMENT = "production";

    final Database database;
    final Login administrator;
    final MemoryStore store = new MemoryStore(InstantSource.system());

    Shop(PostgreSql server) throws SQLException {
        database = server.createDatabase();
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.orders AS SELECT 1 AS id");
        administrator = database.administratorWithGrantOptions("app");
        try (var session = connect()) {
            session.ledger().migrate();
        }
        agent(AGENT);
    }

    /// Makes an agent role that may read the table.
    void agent(String agent) throws SQLException {
        var role = '"' + Naming.agentRole(database.name(), agent).value() + '"';
        try (var session = connect();
                var statement = session.connection().createStatement()) {
            statement.execute("CREATE ROLE " + role);
            statement.execute("GRANT USAGE ON SCHEMA app TO " + role);
            statement.execute("GRANT SELECT ON app.orders TO " + role);
        }
    }

    Session connect() throws SQLException {
        return new Session(new PostgresEngine().connect(database.target(administrator)), database);
    }

    LeaseOrder order() {
        return order(AGENT);
    }

    LeaseOrder order(String agent) {
        return order(agent, Duration.ofHours(1));
    }

    LeaseOrder order(String agent, Duration ttl) {
        return new LeaseOrder(
                ENVIRONMENT,
                database.name(),
                agent,
                "explore",
                "team-support@example.com",
                new AgentUrls(database.url(), database.url()),
                new Home("server-of-tests", Set.of()),
                path(agent),
                "abc123",
                ttl,
                3,
                new SessionBounds(Optional.empty(), Optional.of(Duration.ofSeconds(5)), Optional.empty()));
    }

    StorePath path(String agent) {
        return StorePath.of("agents/{environment}/{database}/{agent}", ENVIRONMENT, database.name(), agent);
    }

    /// Logs in with what the store holds, as the agent's program would.
    Connection logInAsPublished(String agent) throws SQLException {
        var secret = store.read(path(agent)).held().orElseThrow().secret();
        return database.connect(new Login(secret.username(), secret.password()));
    }

    Set<String> loginsOnTheServer() throws SQLException {
        return Set.copyOf(database.query("SELECT rolname FROM pg_roles WHERE rolcanlogin AND starts_with(rolname, '%s')"
                .formatted(Naming.prefix(database.name()))));
    }

    List<String> states() throws SQLException {
        return database.query("SELECT agent || ' ' || state FROM agentroles.lease ORDER BY issued_at, id");
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }

    /// One run of the program. Closing it without more is what the server sees of a killed process.
    record Session(Server server, Database database) implements AutoCloseable {
        private static final InstantSource CLOCK = InstantSource.system();
        private static final Actor ACTOR = new Actor("provisioner", "alice@laptop");

        Connection connection() {
            return server.connection();
        }

        Ledger ledger() {
            return Ledger.on(server.connection(), "postgresql");
        }

        Issuer issuer(SecretStore store) {
            return issuer(store, server.logins(), FaultPoints.NONE);
        }

        Issuer issuer(SecretStore store, Logins logins, FaultPoints faults) {
            return new Issuer(tools(store, logins, faults));
        }

        private Tools tools(SecretStore store, Logins logins, FaultPoints faults) {
            return new Tools(ledger(), logins, store, new Mint(new SecureRandom()), CLOCK, ACTOR, faults);
        }

        Orphans orphans(SecretStore store, FaultPoints faults) {
            return new Orphans(tools(store, server.logins(), faults), _ -> false, _ -> Optional.empty());
        }

        Orphans.Settled settle(Shop shop) throws SQLException {
            return orphans(shop.store, FaultPoints.NONE).settle(ENVIRONMENT, shop.database.name());
        }

        Standing standing(Shop shop, String agent) throws SQLException {
            return Standing.of(
                    shop.store.read(shop.path(agent)),
                    agent,
                    ledger().leases().open(),
                    server.logins().leaseLogins(ENVIRONMENT, shop.database.name()).stream()
                            .map(LeaseLogin::login)
                            .collect(Collectors.toSet()),
                    CLOCK.instant());
        }

        /// What apply does for one agent: settle what was left behind, issue if nothing works.
        void converge(Shop shop) throws SQLException {
            settle(shop);
            if (standing(shop, AGENT) instanceof Standing.Due) {
                issuer(shop.store).issue(shop.order());
            }
        }

        /// Ends when the server has noticed: until then it holds on to what a killed process had claimed.
        @Override
        public void close() throws SQLException {
            if (connection().isClosed()) {
                return;
            }
            int backend = connection().unwrap(PGConnection.class).getBackendPID();
            server.close();
            database.execute("""
                    DO $$ BEGIN
                      WHILE EXISTS (SELECT FROM pg_stat_activity WHERE pid = %d) LOOP
                        PERFORM pg_sleep(0.005), pg_stat_clear_snapshot();
                      END LOOP;
                    END $$""".formatted(backend));
        }
    }

    static Lease issued(Issuer.Outcome outcome) {
        return switch (outcome) {
            case Issuer.Outcome.Issued(var lease) -> lease;
            case Issuer.Outcome.Adopted(var lease) -> throw new AssertionError("adopted " + lease);
        };
    }

    static String markText(String database, String agent, RoleName login) {
        var lease = login.value().substring(login.value().lastIndexOf('_') + 1);
        return new Mark(ENVIRONMENT, database, new Mark.Kind.LeaseLogin(agent, lease)).text();
    }
}
