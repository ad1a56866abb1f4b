package dev.agentroles.cli;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A shop with two agents that may ask for schema changes, of which one writes, and one that may not.
abstract sealed class ChangeDoorGround implements AutoCloseable {
    private static final List<String> ASKING = List.of("clerk", "desk");

    final Operator operator;

    ChangeDoorGround(Operator operator) {
        this.operator = operator;
        operator.set("OWNER_PASSWORD", "not used");
    }

    abstract TestDatabase database();

    /// As SQL has it.
    abstract String orders();

    /// Of the profile.
    abstract String include();

    /// The call, as the card tells it.
    abstract String call();

    abstract String listing();

    /// What only the door itself calls.
    abstract String asking();

    abstract String aDay();

    /// A query that joins columns of the newest request.
    abstract String concatenated(String... columns);

    abstract long secondsSinceTheNewest() throws SQLException;

    /// As if nobody had asked: no request, no turn, and the next number is the first.
    abstract void forgetRequests() throws SQLException;

    /// What is left of the door, and of rights on it.
    abstract List<String> traces() throws SQLException;

    /// What somebody does to the door, by what it is called in the tests.
    abstract Map<String, List<String>> drifts();

    /// Somebody lets an agent's role ask.
    abstract List<String> opening(String agent);

    /// Somebody else has the name.
    abstract List<String> foreign();

    /// A login that may call, and is nobody's lease.
    abstract Login stranger() throws SQLException;

    void profile() throws IOException {
        profile(ASKING);
    }

    /// Nobody asks any more.
    void withoutAsking() throws IOException {
        profile(List.of());
    }

    void withoutAsking(String agent) throws IOException {
        profile(ASKING.stream().filter(name -> !name.equals(agent)).toList());
    }

    private void profile(List<String> asking) throws IOException {
        operator.write(
                "shop.yaml",
                operator.head("production")
                        + """
                    changes: {username: %1$s-owner, password: {env: OWNER_PASSWORD}}
                scopes:
                  orders: {database: %1$s, include: [%2$s]}
                agents:
                  bot:
                    access: [{scope: orders, tier: explore}]
                    lease: {ttl: 1h, overlap: 10m, connections: 20}
                  clerk:
                    access: [{scope: orders, tier: writer, rows: 10}]
                    lease: {ttl: 1h, overlap: 10m, connections: 20}%3$s
                  desk:
                    access: [{scope: orders, tier: explore}]
                    lease: {ttl: 1h, overlap: 10m, connections: 20}%4$s
                """.formatted(database().name(), include(), key(asking, "clerk"), key(asking, "desk")));
    }

    private static String key(List<String> asking, String agent) {
        return asking.contains(agent) ? "\n    request_changes: true" : "";
    }

    Operator.Said clean(String... arguments) {
        return ends(0, arguments);
    }

    Operator.Said ends(int code, String... arguments) {
        return operator.ends(code, arguments);
    }

    Login login(String agent) {
        return operator.published(agent);
    }

    Connection connect(String agent) throws SQLException {
        return database().connect(login(agent));
    }

    String role(String agent) {
        return "ar_" + database().name() + "_" + agent;
    }

    int count() throws SQLException {
        return Integer.parseInt(database()
                .query("SELECT COUNT(*) FROM agentroles.change_request")
                .getFirst());
    }

    void run(Connection session, String sql) throws SQLException {
        try (var statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    /// @return the number
    long request(Connection session, @Nullable String statement, @Nullable String reason) throws SQLException {
        try (var call = session.prepareStatement(call().replaceAll("'[A-Z]+'", "?"))) {
            call.setString(1, statement);
            call.setString(2, reason);
            call.execute();
            try (var row = call.getResultSet()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /// What the agent is told of its requests: number, statement, state, decision, outcome.
    List<String> requests(Connection session) throws SQLException {
        try (Statement call = session.createStatement();
                var rows = call.executeQuery(listing())) {
            var told = new ArrayList<String>();
            while (rows.next()) {
                told.add(Stream.of(
                                rows.getString("id"),
                                rows.getString("statement"),
                                rows.getString("state"),
                                rows.getString("decision"),
                                rows.getString("outcome"))
                        .map(String::valueOf)
                        .collect(Collectors.joining("|")));
            }
            return told;
        }
    }

    void expireAll() throws SQLException {
        database().execute("UPDATE agentroles.lease SET expires_at = expires_at - INTERVAL " + aDay());
    }

    @Override
    public void close() throws SQLException {
        database().close();
    }

    /// With an administrator that holds what `init` lists, with grant options and without the owner's power.
    static final class OnPostgreSql extends ChangeDoorGround {
        private final Database database;

        private OnPostgreSql(Database database, Operator operator) throws IOException {
            super(operator);
            this.database = database;
            profile();
        }

        static OnPostgreSql of(Database database, Path directory) throws SQLException, IOException {
            database.execute("CREATE SCHEMA app", "CREATE TABLE app.orders AS SELECT 1 AS id");
            var administrator = database.administratorWithGrantOptions("app");
            database.execute(
                    "GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                            .formatted(database.name(), administrator.username()),
                    "ALTER TABLE app.orders OWNER TO " + administrator.username());
            return new OnPostgreSql(database, new Operator(directory, database, administrator));
        }

        @Override
        TestDatabase database() {
            return database;
        }

        @Override
        String orders() {
            return "app.orders";
        }

        @Override
        String include() {
            return "app.orders";
        }

        @Override
        String call() {
            return "SELECT agentroles_changes.request('STATEMENT', 'REASON')";
        }

        @Override
        String listing() {
            return "SELECT * FROM agentroles_changes.requests()";
        }

        @Override
        String asking() {
            return "SELECT agentroles_changes.asking()";
        }

        @Override
        String aDay() {
            return "'1 day'";
        }

        @Override
        String concatenated(String... columns) {
            return "SELECT concat_ws('|', %s) FROM agentroles.change_request".formatted(String.join(", ", columns));
        }

        @Override
        long secondsSinceTheNewest() throws SQLException {
            return Long.parseLong(database.query(
                            "SELECT extract(epoch FROM clock_timestamp() - max(requested_at))::bigint FROM agentroles.change_request")
                    .getFirst());
        }

        @Override
        void forgetRequests() throws SQLException {
            database.execute("TRUNCATE agentroles.change_request, agentroles.change_turn RESTART IDENTITY");
        }

        @Override
        List<String> traces() throws SQLException {
            return database.query("SELECT nspname FROM pg_namespace WHERE nspname = 'agentroles_changes'"
                    + " UNION ALL SELECT proname FROM pg_proc WHERE proname IN ('request', 'requests', 'asking')");
        }

        @Override
        Map<String, List<String>> drifts() {
            var head = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS ";
            return Map.of(
                    "body",
                    List.of(
                            "CREATE OR REPLACE FUNCTION agentroles_changes.request(statement text, reason text) RETURNS bigint "
                                    + head + "$$ BEGIN EXECUTE statement; RETURN 1; END $$"),
                    "list",
                    List.of(
                            "DROP FUNCTION agentroles_changes.requests()",
                            "CREATE FUNCTION agentroles_changes.requests() RETURNS TABLE (id bigint) " + head
                                    + "$$ BEGIN RETURN QUERY SELECT c.id FROM agentroles.change_request c; END $$",
                            "ALTER FUNCTION agentroles_changes.requests() OWNER TO "
                                    + operator.administrator().username(),
                            "GRANT EXECUTE ON FUNCTION agentroles_changes.requests() TO " + role("desk")),
                    "gone",
                    List.of("DROP FUNCTION agentroles_changes.request(text, text)"),
                    "all gone",
                    List.of("DROP SCHEMA agentroles_changes CASCADE"));
        }

        @Override
        List<String> opening(String agent) {
            return List.of(
                    "GRANT USAGE ON SCHEMA agentroles_changes TO \"%s\"".formatted(role(agent)),
                    "GRANT EXECUTE ON FUNCTION agentroles_changes.request(text, text) TO \"%s\""
                            .formatted(role(agent)));
        }

        @Override
        List<String> foreign() {
            return List.of("CREATE SCHEMA agentroles_changes AUTHORIZATION "
                    + operator.administrator().username());
        }

        @Override
        Login stranger() throws SQLException {
            var login = database.login("stranger");
            database.execute(
                    "GRANT USAGE ON SCHEMA agentroles_changes TO " + login.username(),
                    "GRANT EXECUTE ON FUNCTION agentroles_changes.request(text, text) TO " + login.username());
            return login;
        }
    }

    /// With an administrator that holds what `init` lists.
    static final class OnMySql extends ChangeDoorGround {
        private final MySqlDatabase database;

        private OnMySql(MySqlDatabase database, Operator operator) throws IOException {
            super(operator);
            this.database = database;
            profile();
        }

        static OnMySql of(MySqlDatabase database, Path directory) throws SQLException, IOException {
            database.execute(
                    "CREATE TABLE orders (id int PRIMARY KEY, total int) ENGINE=InnoDB",
                    "INSERT INTO orders VALUES (1, 42)");
            return new OnMySql(database, new Operator(directory, database, database.administrator()));
        }

        @Override
        TestDatabase database() {
            return database;
        }

        @Override
        String orders() {
            return "orders";
        }

        @Override
        String include() {
            return database.name() + ".orders";
        }

        @Override
        String call() {
            return "CALL agentroles_changes.request('STATEMENT', 'REASON')";
        }

        @Override
        String listing() {
            return "CALL agentroles_changes.requests()";
        }

        @Override
        String asking() {
            return "CALL agentroles_changes.asking(@who)";
        }

        @Override
        String aDay() {
            return "1 DAY";
        }

        @Override
        String concatenated(String... columns) {
            return "SELECT CONCAT_WS('|', %s) FROM agentroles.change_request".formatted(String.join(", ", columns));
        }

        @Override
        long secondsSinceTheNewest() throws SQLException {
            return Long.parseLong(database.query(
                            "SELECT TIMESTAMPDIFF(SECOND, MAX(requested_at), UTC_TIMESTAMP()) FROM agentroles.change_request")
                    .getFirst());
        }

        @Override
        void forgetRequests() throws SQLException {
            database.execute("TRUNCATE TABLE agentroles.change_request", "TRUNCATE TABLE agentroles.change_turn");
        }

        @Override
        List<String> traces() throws SQLException {
            return database.query(
                    "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'agentroles_changes'"
                            + " UNION ALL SELECT Routine_name FROM mysql.procs_priv WHERE Db = 'agentroles_changes'");
        }

        @Override
        Map<String, List<String>> drifts() {
            return Map.of(
                    "body",
                    List.of(
                            "DROP PROCEDURE agentroles_changes.request",
                            "CREATE DEFINER=%s PROCEDURE agentroles_changes.request(IN statement LONGTEXT, IN reason LONGTEXT) SELECT 1 AS id"
                                    .formatted(administrator())),
                    "list",
                    List.of(
                            "DROP PROCEDURE agentroles_changes.requests",
                            "CREATE DEFINER='somebody'@'nowhere' PROCEDURE agentroles_changes.requests() SELECT * FROM agentroles.change_request",
                            "GRANT EXECUTE ON PROCEDURE agentroles_changes.requests TO " + quoted("desk")),
                    "gone",
                    List.of("DROP PROCEDURE agentroles_changes.request"),
                    "all gone",
                    List.of("DROP DATABASE agentroles_changes"));
        }

        private String administrator() {
            return "'" + operator.administrator().username() + "'@'%'";
        }

        private String quoted(String agent) {
            return database.server().mariadb() ? "`" + role(agent) + "`" : "'" + role(agent) + "'@'%'";
        }

        @Override
        List<String> opening(String agent) {
            return List.of("GRANT EXECUTE ON PROCEDURE agentroles_changes.request TO " + quoted(agent));
        }

        @Override
        List<String> foreign() {
            return List.of("CREATE DATABASE agentroles_changes", "CREATE TABLE agentroles_changes.theirs (id int)");
        }

        @Override
        Login stranger() throws SQLException {
            var login = database.login("stranger");
            database.execute(
                    "GRANT EXECUTE ON PROCEDURE agentroles_changes.request TO '%s'@'%%'".formatted(login.username()),
                    "GRANT SELECT ON %s.* TO '%s'@'%%'".formatted(database.name(), login.username()));
            return login;
        }
    }
}
