package dev.agentroles.engine.postgres;

import dev.agentroles.access.AccessState;
import dev.agentroles.engine.Asking;
import dev.agentroles.engine.Engine;
import dev.agentroles.engine.PasswordFile;
import dev.agentroles.engine.ProbeReport;
import dev.agentroles.engine.Promises;
import dev.agentroles.engine.Refusal;
import dev.agentroles.engine.SchemaSession;
import dev.agentroles.engine.Server;
import dev.agentroles.engine.StatementForm;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.Target;
import dev.agentroles.problem.Problem;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// PostgreSQL 15 to 18.
public final class PostgresEngine implements Engine {
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);
    private static final Duration ANSWER_PATIENCE = Duration.ofMinutes(10);

    /// What the server prints is what we compare, and what it only warns of is no error.
    /// Each statement sees what is committed by then, and a commit waits for this server's disk alone: a stop
    /// must not wait for a standby that is gone.
    /// A session of ours may wait, for a person or a program, and no transaction of ours does. The server
    /// gives up on a machine that is lost within a minute (manual, 19.3.2; it would be hours), as what that
    /// holds others want.
    private static final List<String> SETTINGS = List.of(
            "client_min_messages=warning",
            "TimeZone=UTC",
            "DateStyle=ISO",
            "IntervalStyle=iso_8601",
            "quote_all_identifiers=off",
            "plpgsql.extra_errors=none",
            "plpgsql.extra_warnings=none",
            "default_transaction_isolation=read\\ committed",
            "default_transaction_read_only=off",
            "idle_session_timeout=0",
            "idle_in_transaction_session_timeout=10s",
            "tcp_keepalives_idle=15",
            "tcp_keepalives_interval=5",
            "tcp_keepalives_count=3",
            "tcp_user_timeout=60s");

    private static final String ADMINISTRATOR_SETTINGS =
            options("default_table_access_method=heap", "default_tablespace=", "synchronous_commit=local");

    private static final String OWNER_SETTINGS = options("synchronous_commit=on", "check_function_bodies=on");

    private static String options(String... more) {
        return Stream.concat(SETTINGS.stream(), Stream.of(more))
                .map(setting -> "-c " + setting)
                .collect(Collectors.joining(" "));
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public Server connect(Target target) throws SQLException {
        var connection = open(target.url(), properties(target));
        try {
            return PostgresServer.on(connection, target);
        } catch (SQLException | RuntimeException broken) {
            connection.close();
            throw broken;
        }
    }

    @Override
    public StatementForm form(String statement) {
        return StatementForms.JUDGE.form(statement);
    }

    /// Where new tables go is for the server's settings to say, and a change that is done must not be lost with this
    /// server's disk. The simple protocol would let several statements through.
    @Override
    public SchemaSession schema(Target owner) throws SQLException {
        var properties = properties(owner);
        properties.setProperty("options", OWNER_SETTINGS);
        var connection =
                open(owner.url() + (owner.url().contains("?") ? "&" : "?") + "preferQueryMode=extended", properties);
        try {
            return new PostgresSchema(connection, PostgresServer.identity(connection, owner));
        } catch (SQLException | RuntimeException broken) {
            connection.close();
            throw broken;
        }
    }

    @Override
    public ProbeReport probe(Target login, Subject subject, AccessState intended) throws SQLException {
        return new Prober(login, subject, intended).probe();
    }

    @Override
    public Problem describe(SQLException said, Target target) {
        return PostgresErrors.describe(said, target);
    }

    @Override
    public boolean refusesForNow(SQLException said) {
        return PostgresErrors.refusesForNow(said);
    }

    @Override
    public boolean refusesForWantOfRight(SQLException said) {
        return SqlStates.INSUFFICIENT_PRIVILEGE.equals(said.getSQLState());
    }

    @Override
    public List<String> administratorRights(String role, String database) {
        var name = Sql.identifier(role);
        var on = Sql.identifier(database);
        return List.of(
                "CREATE ROLE " + name + " LOGIN CREATEROLE PASSWORD '...';",
                "GRANT CREATE ON DATABASE " + on + " TO " + name + ";  -- for the schemas of agentroles",
                "GRANT CONNECT ON DATABASE " + on + " TO " + name + " WITH GRANT OPTION;",
                "-- from 16 on, with reserved_connections = 3, so that freeze gets in when agents have all others:",
                "GRANT pg_use_reserved_connections TO " + name + ";",
                "GRANT the_owner_of_the_tables TO " + name + ";",
                "-- or, instead of the owner's power, for each schema and its tables:",
                "GRANT USAGE ON SCHEMA app TO " + name + " WITH GRANT OPTION;",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO " + name + " WITH GRANT OPTION;",
                "-- for tiers that insert into tables with serial columns:",
                "GRANT USAGE ON ALL SEQUENCES IN SCHEMA app TO " + name + " WITH GRANT OPTION;");
    }

    @Override
    public String usualSchema(String database) {
        return "public";
    }

    @Override
    public Map<String, String> clientEnvironment(Target login) {
        return PostgresClient.environment(login);
    }

    @Override
    public Optional<PasswordFile> passwordFile(Target login) {
        return Optional.of(PostgresClient.passwordFile(login));
    }

    @Override
    public Set<String> strayVariables() {
        return PostgresClient.STRAY;
    }

    @Override
    public Promises promises() {
        return PostgresPromises.table(name());
    }

    @Override
    public Asking asking() {
        return ChangeDoor.ASKING;
    }

    @Override
    public Set<Refusal> refusals() {
        return EnumSet.allOf(Refusal.class);
    }

    /// Every session of ours. The search path keeps objects that somebody planted from being found in place
    /// of the server's own. It is set when the session is there, as a parameter of the URL
    /// (`currentSchema`, which is for the agents) goes before ours. So is what lets a statement end whose
    /// client is gone, instead of waiting for a lock and then holding it: a server on Windows refuses that
    /// (manual, 20.3.2). And so is what PostgreSQL knows from 16 on: whoever makes a role is no member of it.
    static Connection open(String url, Properties properties) throws SQLException {
        var connection = DriverManager.getConnection(url, properties);
        try (var statement = connection.createStatement()) {
            statement.execute("SET search_path = pg_catalog; SET standard_conforming_strings = on;"
                    + " SELECT set_config('client_connection_check_interval', '5s', false)"
                    + " WHERE current_setting('dynamic_shared_memory_type') <> 'windows';"
                    + " SELECT set_config('createrole_self_grant', '', false)"
                    + " WHERE current_setting('createrole_self_grant', true) IS NOT NULL");
            return connection;
        } catch (SQLException | RuntimeException broken) {
            connection.close();
            throw broken;
        }
    }

    /// What a session starts with, whatever the server, database or role would set.
    static Properties properties(Target target) {
        var properties = new Properties();
        properties.setProperty("user", target.username());
        target.password().reveal(password -> properties.setProperty("password", password));
        properties.setProperty("ApplicationName", "agentroles");
        // The driver then says how it wants numbers, and the name, as it connects, and not in two statements more.
        properties.setProperty("assumeMinServerVersion", "15");
        properties.setProperty("loginTimeout", Long.toString(CONNECT_PATIENCE.toSeconds()));
        properties.setProperty("connectTimeout", Long.toString(CONNECT_PATIENCE.toSeconds()));
        properties.setProperty("socketTimeout", Long.toString(ANSWER_PATIENCE.toSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("options", ADMINISTRATOR_SETTINGS);
        return properties;
    }
}
