package dev.agentroles.harness;

import dev.agentroles.access.Secret;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/// One database for one test. Closing drops it, and every role whose name begins with its name or with
/// `ar_` and its name: those of the test and those that agentroles makes for a profile's entry of that
/// name.
///
/// ```java
/// @AutoClose
/// final Database database;
///
/// SomethingTest(PostgreSql server) throws SQLException {
///     database = server.createDatabase();
/// }
/// ```
///
/// @param name letters and digits, begins with a letter: fit for the profile's entry, too
public record Database(PostgreSql server, String name) implements TestDatabase {
    /// Its files are copied; to log each of their blocks, as the server does when it is not told otherwise, takes
    /// five times as long.
    static Database create(PostgreSql server, String options) throws SQLException {
        var database = new Database(server, "t" + TestDatabase.random(40));
        return server.asSuperuser(server.anyDatabase(), session -> {
            TestDatabase.execute(session, "CREATE DATABASE %s STRATEGY FILE_COPY %s".formatted(database.name, options));
            return database;
        });
    }

    /// Another one with all that is in this one, and nothing that is granted on it. Nobody may be in it meanwhile.
    public Database copy() throws SQLException {
        server.leave(name);
        return create(server, "TEMPLATE " + name);
    }

    @Override
    public String engine() {
        return "postgresql";
    }

    /// A role name that only this test has.
    public String role(String suffix) {
        return name + "_" + suffix;
    }

    /// Returns once a login has waited for locks in so many transactions, one after the other. Gives up after a
    /// minute.
    public void awaitLockWaits(Login login, int transactions) throws SQLException {
        execute("SET statement_timeout = '1min'", """
                DO $$ DECLARE waited timestamptz[] = '{}'; BEGIN
                  WHILE cardinality(waited) < %d LOOP
                    PERFORM pg_sleep(0.005), pg_stat_clear_snapshot();
                    waited = array(SELECT unnest(waited)
                                   UNION SELECT xact_start FROM pg_stat_activity
                                          WHERE usename = '%s' AND wait_event_type = 'Lock');
                  END LOOP;
                END $$""".formatted(transactions, login.username()));
    }

    /// Returns once a login has no session any more. Gives up after a minute.
    public void awaitNoSession(Login login) throws SQLException {
        execute("SET statement_timeout = '1min'", """
                DO $$ BEGIN
                  WHILE EXISTS (SELECT FROM pg_stat_activity WHERE usename = '%s') LOOP
                    PERFORM pg_sleep(0.05), pg_stat_clear_snapshot();
                  END LOOP;
                END $$""".formatted(login.username()));
    }

    /// A login without any right but those of PUBLIC.
    ///
    /// @param attributes as CREATE ROLE has them: `CREATEROLE`, `CONNECTION LIMIT 3`
    public Login login(String suffix, String... attributes) throws SQLException {
        var login = new Login(role(suffix), Secret.of(TestDatabase.random(160)));
        return server.asSuperuser(name, session -> {
            TestDatabase.execute(
                    session, "CREATE ROLE %s LOGIN %s".formatted(login.username(), String.join(" ", attributes)));
            // The driver computes the verifier, so that no test finds this password in the server's log.
            session.unwrap(PGConnection.class)
                    .alterUserPassword(login.username(), login.password().reveal(String::toCharArray), "scram-sha-256");
            return login;
        });
    }

    /// An administrator as operations has them: CREATEROLE, no superuser, owner of nothing, holding with
    /// grant option what is in the schemas now. May make the ledger's schema.
    public Login administratorWithGrantOptions(String... schemas) throws SQLException {
        var administrator = administrator();
        for (var schema : schemas) {
            execute(
                    "GRANT USAGE ON SCHEMA %s TO %s WITH GRANT OPTION".formatted(schema, administrator.username()),
                    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %s TO %s WITH GRANT OPTION"
                            .formatted(schema, administrator.username()),
                    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %s TO %s WITH GRANT OPTION"
                            .formatted(schema, administrator.username()));
        }
        return administrator;
    }

    /// The other administrator that operations has: CREATEROLE, no superuser, and a member of the tables'
    /// owner.
    public Login administratorInheritingFrom(String owner) throws SQLException {
        var administrator = administrator();
        execute("GRANT %s TO %s".formatted(owner, administrator.username()));
        return administrator;
    }

    private Login administrator() throws SQLException {
        var administrator = login("admin", "CREATEROLE");
        execute("GRANT CREATE ON DATABASE %s TO %s".formatted(name, administrator.username()));
        return administrator;
    }

    @Override
    public void close() throws SQLException {
        server.leave(name);
        server.<Boolean>asSuperuser(server.anyDatabase(), session -> {
            TestDatabase.execute(session, "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(name));
            var roles = TestDatabase.query(session, """
                    SELECT quote_ident(rolname) FROM pg_roles
                    WHERE starts_with(rolname, '%1$s_') OR starts_with(rolname, 'ar_%1$s_')
                    """.formatted(name));
            if (!roles.isEmpty()) {
                var names = String.join(", ", roles);
                // What they own or hold outside of the dropped database: shared objects, grants on other roles.
                TestDatabase.execute(session, "DROP OWNED BY " + names + " CASCADE", "DROP ROLE " + names);
            }
            return true;
        });
    }
}
