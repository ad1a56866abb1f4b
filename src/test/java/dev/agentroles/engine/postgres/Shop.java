package dev.agentroles.engine.postgres;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Attributes;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Naming;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.Subject;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/// A small shop, hardened, with one explore agent whose roles and login were made by plain SQL: what a
/// profile would have made, without the code that makes it.
public final class Shop {
    private static final Instant EXPIRY = Instant.parse("2099-01-01T00:00:00Z");

    private final Database database;
    public final RoleName tier;
    public final RoleName agent;
    public final Login login;
    public final Login administrator;

    private Shop(Database database) throws SQLException {
        this.database = database;
        this.tier = Naming.tierRole(database.name(), "orders", Tier.EXPLORE);
        this.agent = Naming.agentRole(database.name(), "bot");
        var made = database.login("login", "CONNECTION LIMIT 5", "VALID UNTIL '" + EXPIRY + "'");
        this.login = new Login(Naming.leaseLogin(database.name(), "bot", "1abc").value(), made.password());
        database.execute("ALTER ROLE %s RENAME TO %s".formatted(made.username(), login.username()));
        this.administrator = database.login("admin", "CREATEROLE");
    }

    public static Shop open(Database database) throws SQLException {
        var shop = new Shop(database);
        database.execute(shop.text("""
                CREATE ROLE {owner};
                CREATE ROLE {other};
                GRANT ALL ON DATABASE {db} TO {owner}, {other};
                CREATE SCHEMA app AUTHORIZATION {owner};
                CREATE SCHEMA hr AUTHORIZATION {owner};
                SET ROLE {owner};
                CREATE TABLE app.orders (id int PRIMARY KEY, status text, card_number text);
                CREATE TABLE app.customers (id int PRIMARY KEY, name text, email text);
                CREATE TABLE app.events (at date, what text) PARTITION BY RANGE (at);
                CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
                CREATE VIEW app.open_orders WITH (security_invoker = true) AS SELECT id FROM app.orders WHERE status = 'open';
                CREATE VIEW app.order_ids AS SELECT id FROM app.orders;
                CREATE FUNCTION app.total(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
                CREATE SEQUENCE app.numbers;
                CREATE TABLE hr.salaries (id int PRIMARY KEY, amount int);
                CREATE VIEW hr.names AS SELECT id FROM hr.salaries;
                CREATE FUNCTION hr.raise() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT';
                RESET ROLE;
                REVOKE TEMPORARY ON DATABASE {db} FROM PUBLIC;
                REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
                REVOKE CONNECT ON DATABASE template1 FROM PUBLIC;
                CREATE ROLE {tier};
                CREATE ROLE {agent};
                GRANT CONNECT ON DATABASE {db} TO {tier};
                GRANT USAGE ON SCHEMA app TO {tier};
                GRANT SELECT ON app.orders, app.events, app.open_orders, app.order_ids TO {tier};
                GRANT SELECT (id, name) ON app.customers TO {tier};
                GRANT {tier} TO {agent} {options};
                GRANT {agent} TO {login} {options};
                """));
        var mark = new Mark("test", database.name(), new Mark.Kind.LeaseLogin("bot", "1abc"));
        database.execute(shop.text("COMMENT ON ROLE {login} IS '" + mark.text() + "'"));
        for (var function : database.query("""
                SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
                   AND proname IN ('lo_creat', 'lo_create', 'lo_from_bytea')""")) {
            database.execute("REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC".formatted(function));
        }
        return shop;
    }

    /// What hardening took from the whole server.
    public void close() throws SQLException {
        database.execute(
                "GRANT CONNECT ON DATABASE postgres TO PUBLIC", "GRANT CONNECT ON DATABASE template1 TO PUBLIC");
    }

    /// As a database is that nobody has hardened.
    public void soften() throws SQLException {
        close();
        database.execute(text("GRANT TEMPORARY ON DATABASE {db} TO PUBLIC"));
        // An access list that says what the defaults say is not the same as none.
        database.execute("""
                UPDATE pg_proc SET proacl = NULL
                 WHERE pronamespace = 'pg_catalog'::regnamespace AND proname IN ('lo_creat', 'lo_create', 'lo_from_bytea')""");
    }

    public AccessState intended() {
        var grants = new LinkedHashSet<Grant>();
        grants.add(Grant.of(tier, Privilege.CONNECT, new Securable.Database(database.name())));
        grants.add(Grant.of(tier, Privilege.USAGE, new Securable.Schema("app")));
        for (var relation : Set.of("orders", "events", "open_orders", "order_ids")) {
            grants.add(Grant.of(tier, Privilege.SELECT, new Securable.Relation("app", relation)));
        }
        for (var column : Set.of("id", "name")) {
            grants.add(Grant.of(tier, Privilege.SELECT, new Securable.Column("app", "customers", column)));
        }
        return new AccessState(
                Set.of(
                        role(tier, new Mark.Kind.TierRole("orders", Tier.EXPLORE)),
                        role(agent, new Mark.Kind.AgentRole("bot"))),
                Set.of(new Membership(tier, agent, true, false, false)),
                grants,
                Set.of(),
                Set.of());
    }

    private Role role(RoleName name, Mark.Kind kind) {
        return new Role(name, new Mark("test", database.name(), kind), Attributes.GROUP);
    }

    public Subject.Login subject() {
        return new Subject.Login(new RoleName(login.username()), "bot", agent, 5, EXPIRY, SessionBounds.NONE);
    }

    public Subject.AgentRole agentSubject() {
        return new Subject.AgentRole(agent, "bot");
    }

    /// Puts names in place of `{login}`, `{agent}`, `{tier}`, `{owner}`, `{other}`, `{db}` and what a
    /// membership is granted with on 16 and later in place of `{options}`.
    public String text(String template) {
        UnaryOperator<String> quoted = name -> "\"" + name + "\"";
        return template.replace("{login}", quoted.apply(login.username()))
                .replace("{agent}", quoted.apply(agent.value()))
                .replace("{tier}", quoted.apply(tier.value()))
                .replace("{owner}", quoted.apply(database.role("owner")))
                .replace("{other}", quoted.apply(database.role("other")))
                .replace("{db}", quoted.apply(database.name()))
                .replace("{options}", database.server().major() >= 16 ? "WITH INHERIT TRUE, SET FALSE" : "");
    }
}
