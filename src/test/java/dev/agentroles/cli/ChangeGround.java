package dev.agentroles.cli;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.agentroles.credential.FaultPoints;
import dev.agentroles.harness.Await;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.TestDatabase;
import dev.agentroles.ledger.ClaimLocks;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// A shop with an agent that may ask for schema changes and one that may not, and the login that owns its schema and
/// makes them.
abstract sealed class ChangeGround implements AutoCloseable {
    static final String AGENT = "desk";

    /// A table with the columns `id` and `total`.
    private static final String ORDERS = "orders";

    final Operator operator;
    final Login owner;

    private ChangeGround(Operator operator, Login owner) {
        this.operator = operator;
        this.owner = owner;
        changesAs(owner);
    }

    abstract TestDatabase database();

    /// Where the tables are.
    abstract String schema();

    /// A table of the shop, as a statement names it.
    abstract String table(String name);

    /// What adding the column `note` to the orders shows, as a pattern.
    abstract String noteAdded();

    /// What the server says of a column or an index that is there already.
    abstract String alreadyThere();

    /// Statements that are no change of a schema.
    abstract List<String> noChanges();

    /// A change of the orders of which the server cannot tell afterwards whether it was made.
    abstract String untold();

    /// Makes the column `card` of the orders one of dates.
    abstract String cardsToDates();

    /// How a run that met no date is told, as a pattern.
    abstract String noDate();

    /// A query of all that an agent is told of its requests.
    abstract String listing();

    abstract String aDay();

    /// Takes the lock that says who runs a change, as any login can.
    abstract String lockOfRun(String name);

    abstract String sessionNumber();

    /// Drops a login, as a database administrator does, where it is still there.
    abstract void drop(String login) throws SQLException;

    /// Whether the owner waits for somebody else's lock.
    abstract boolean ownerWaits() throws SQLException;

    /// The server has ended all sessions of the administrator.
    abstract void endOurSessions() throws SQLException;

    String orders() {
        return table(ORDERS);
    }

    String noteColumn() {
        return "ALTER TABLE " + orders() + " ADD COLUMN note text";
    }

    List<String> columns() throws SQLException {
        return database()
                .query(
                        "SELECT column_name FROM information_schema.columns WHERE table_schema = '%s' AND table_name = '%s'"
                                        .formatted(schema(), ORDERS)
                                + " ORDER BY ordinal_position");
    }

    /// @param more keys of `changes`
    void profile(String more) throws IOException {
        profile(more, "shop.yaml");
    }

    /// @param file where it is written to
    void profile(String more, String file) throws IOException {
        operator.write(
                file, operator.head("production") + """
                    changes: {username: {env: OWNER}, password: {env: OWNER_PASSWORD}%3$s}
                scopes:
                  orders: {database: %1$s, include: [%2$s.orders]}
                agents:
                  desk:
                    access: [{scope: orders, tier: explore}]
                    request_changes: true
                  other:
                    access: [{scope: orders, tier: explore}]
                """.formatted(database().name(), schema(), more));
    }

    void apply() {
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
    }

    /// Who makes the changes from now on.
    void changesAs(Login login) {
        operator.set("OWNER", login.username());
        operator.set("OWNER_PASSWORD", login.clear());
    }

    Operator.Said ends(int code, String... arguments) {
        return operator.ends(code, arguments);
    }

    Operator.Said change(int code, String command, String... more) {
        var arguments = new ArrayList<>(List.of("change", command, "shop.yaml"));
        arguments.addAll(List.of(more));
        return ends(code, arguments.toArray(String[]::new));
    }

    /// @return the request's name
    String asked(String statement) throws IOException {
        operator.write("change.sql", statement);
        var said = change(
                0,
                "request",
                "--agent",
                AGENT,
                "--sql",
                "change.sql",
                "--reason",
                "people ask for it",
                "--format",
                "json");
        return one(said).getString("request");
    }

    /// @return the request's name
    String approved(String statement) throws IOException {
        var name = asked(statement);
        approve(name);
        return name;
    }

    void approve(String name) {
        change(0, "approve", name, "--yes", "--expect", fingerprint(name));
    }

    String fingerprint(String name) {
        return shown(name).getString("fingerprint");
    }

    String standing(String name) {
        return shown(name).getString("standing");
    }

    private JsonObject shown(String name) {
        return one(change(0, "show", name, "--format", "json"));
    }

    private static JsonObject one(Operator.Said said) {
        return document(said).getArray("requests").getObject(0);
    }

    static JsonObject document(Operator.Said said) {
        try {
            return JsonParser.object().from(said.out());
        } catch (JsonParserException e) {
            throw new AssertionError(said.out(), e);
        }
    }

    /// Whoever runs it dies there.
    void dies(FaultPoints.Point point, String name) {
        operator.dieAt(reached -> {
            if (reached == point) {
                throw new IllegalStateException("died");
            }
        });
        change(1, "run", name);
        operator.dieAt(FaultPoints.NONE);
    }

    /// The ledger is what it was before the newest login was issued.
    ///
    /// @return the login
    String forgetNewestLease() throws SQLException {
        var newest = database()
                .query("SELECT login FROM agentroles.lease ORDER BY issued_at DESC LIMIT 1")
                .getFirst();
        database().execute("DELETE FROM agentroles.lease WHERE login = '%s'".formatted(newest));
        return newest;
    }

    /// How the runs ended, as an agent is told.
    List<String> outcomes(Connection session) throws SQLException {
        try (var statement = session.createStatement();
                var rows = statement.executeQuery(listing())) {
            var told = new ArrayList<String>();
            while (rows.next()) {
                told.add(rows.getString("outcome"));
            }
            return told;
        }
    }

    /// The number behind the database's name.
    private static long number(String name) {
        return Long.parseLong(name.substring(name.indexOf('/') + 1));
    }

    @Override
    public void close() throws SQLException {
        database().close();
    }

    static final class OnPostgreSql extends ChangeGround {
        private final Database database;

        private OnPostgreSql(Database database, Operator operator, Login owner) throws IOException {
            super(operator, owner);
            this.database = database;
            profile("");
        }

        static OnPostgreSql of(Database database, Path directory) throws SQLException, IOException {
            var owner = database.login("owner");
            database.execute(
                    "CREATE SCHEMA app AUTHORIZATION " + owner.username(),
                    "CREATE TABLE app.orders (id int PRIMARY KEY, total int)",
                    "ALTER TABLE app.orders OWNER TO " + owner.username(),
                    "INSERT INTO app.orders VALUES (1, 10), (2, 20)",
                    "ALTER DATABASE %s OWNER TO %s".formatted(database.name(), owner.username()));
            var administrator = database.administratorInheritingFrom(owner.username());
            return new OnPostgreSql(database, new Operator(directory, database, administrator), owner);
        }

        @Override
        Database database() {
            return database;
        }

        @Override
        String schema() {
            return "app";
        }

        @Override
        String table(String name) {
            return "app." + name;
        }

        @Override
        String noteAdded() {
            return "\\+ column app\\.orders\\.note text";
        }

        @Override
        String alreadyThere() {
            return "already exists";
        }

        @Override
        List<String> noChanges() {
            return List.of(
                    "GRANT ALL ON app.orders TO public",
                    "ALTER TABLE app.orders ADD a int; DROP TABLE app.orders",
                    "DELETE FROM app.orders",
                    "COPY app.orders TO PROGRAM 'sh'",
                    "ALTER ROLE ar_x SUPERUSER",
                    "");
        }

        @Override
        String untold() {
            return "CREATE INDEX CONCURRENTLY orders_by_total ON app.orders (total)";
        }

        @Override
        String cardsToDates() {
            return "ALTER TABLE app.orders ALTER card TYPE date USING card::date";
        }

        @Override
        String noDate() {
            return "22007";
        }

        @Override
        String listing() {
            return "SELECT * FROM agentroles_changes.requests()";
        }

        @Override
        String aDay() {
            return "'1 day'";
        }

        /// In shared mode, too.
        @Override
        String lockOfRun(String name) {
            return "SELECT pg_advisory_lock_shared(%d)".formatted(ClaimLocks.ofChange(number(name)));
        }

        @Override
        String sessionNumber() {
            return "SELECT pg_backend_pid()";
        }

        @Override
        void drop(String login) throws SQLException {
            database.execute("DROP ROLE IF EXISTS \"%s\"".formatted(login));
        }

        @Override
        boolean ownerWaits() throws SQLException {
            return !database.query("SELECT 1 FROM pg_stat_activity WHERE usename = '%s' AND wait_event_type = 'Lock'"
                            .formatted(owner.username()))
                    .isEmpty();
        }

        @Override
        void endOurSessions() throws SQLException {
            database.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '%s'"
                    .formatted(operator.administrator().username()));
        }
    }

    static final class OnMySql extends ChangeGround {
        private final MySqlDatabase database;

        private OnMySql(MySqlDatabase database, Operator operator, Login owner) throws IOException {
            super(operator, owner);
            this.database = database;
            profile("");
        }

        static OnMySql of(MySqlDatabase database, Path directory) throws SQLException, IOException {
            var owner = database.login("owner");
            database.execute(
                    "GRANT ALL ON %s.* TO '%s'@'%%'".formatted(database.name(), owner.username()),
                    "GRANT ALL ON `agentroles\\_rehearsal\\_%%`.* TO '%s'@'%%'".formatted(owner.username()),
                    "CREATE TABLE orders (id int PRIMARY KEY, total int) ENGINE=InnoDB",
                    "INSERT INTO orders VALUES (1, 42)");
            return new OnMySql(database, new Operator(directory, database, database.administrator()), owner);
        }

        @Override
        MySqlDatabase database() {
            return database;
        }

        @Override
        String schema() {
            return database.name();
        }

        @Override
        String table(String name) {
            return name;
        }

        /// MariaDB tells the default, too.
        @Override
        String noteAdded() {
            return "\\+ column " + database.name() + "\\.orders\\.note text( DEFAULT NULL)?";
        }

        @Override
        String alreadyThere() {
            return "Duplicate column";
        }

        @Override
        List<String> noChanges() {
            return List.of(
                    "GRANT ALL ON orders TO ar_x",
                    "ALTER TABLE orders ADD a int; DROP TABLE orders",
                    "DELETE FROM orders",
                    "LOAD DATA INFILE '/x' INTO TABLE orders",
                    "ALTER USER ar_x ACCOUNT UNLOCK",
                    "");
        }

        /// As all of them.
        @Override
        String untold() {
            return noteColumn();
        }

        @Override
        String cardsToDates() {
            return "ALTER TABLE orders MODIFY card date";
        }

        @Override
        String noDate() {
            return "2200[17] \\(1292\\)";
        }

        @Override
        String listing() {
            return "CALL agentroles_changes.requests()";
        }

        @Override
        String aDay() {
            return "1 DAY";
        }

        @Override
        String lockOfRun(String name) {
            return "SELECT GET_LOCK('%s', 0)".formatted(ClaimLocks.onMySql(ClaimLocks.ofChange(number(name))));
        }

        @Override
        String sessionNumber() {
            return "SELECT CONNECTION_ID()";
        }

        @Override
        void drop(String login) throws SQLException {
            database.execute("DROP USER IF EXISTS '%s'@'%%'".formatted(login));
        }

        @Override
        boolean ownerWaits() throws SQLException {
            return !database.query("SELECT id FROM information_schema.processlist"
                            + " WHERE state LIKE 'Waiting for table metadata lock' AND user = '%s'"
                                    .formatted(owner.username()))
                    .isEmpty();
        }

        @Override
        void endOurSessions() throws SQLException {
            var ours = "SELECT id FROM information_schema.processlist WHERE user = '%s'"
                    .formatted(operator.administrator().username());
            for (var session : database.query(ours)) {
                database.execute("KILL " + session);
            }
            while (!database.query(ours).isEmpty()) {
                Await.pause();
            }
        }
    }
}
