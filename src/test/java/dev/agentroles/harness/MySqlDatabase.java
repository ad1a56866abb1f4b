package dev.agentroles.harness;

import dev.agentroles.access.Secret;
import dev.agentroles.engine.mysql.MySqlEngine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// One database for one test. Closing drops it, the databases of agentroles, and every account and
/// role whose name begins with its name, with `ar_` and its name, or with `agentroles`.
///
/// The ledger and the guard are the server's, not a database's: tests on one server run one after
/// the other.
///
/// @param name letters and digits, begins with a letter: fit for the profile's entry, too
public record MySqlDatabase(MySql server, String name) implements TestDatabase {
    static MySqlDatabase create(MySql server) throws SQLException {
        var database = new MySqlDatabase(server, "t" + TestDatabase.random(40));
        server.execute(server.anyDatabase(), "CREATE DATABASE " + database.name + " CHARACTER SET utf8mb4");
        return database;
    }

    @Override
    public String engine() {
        return server.release().engine();
    }

    /// The name of an account or database that only this test has.
    public String named(String suffix) {
        return name + "_" + suffix;
    }

    /// An account at `'%'` without any right, of this test.
    public Login login(String suffix) throws SQLException {
        var login = new Login(named(suffix), Secret.of(TestDatabase.random(160)));
        execute("CREATE USER '%s'@'%%' IDENTIFIED BY %s".formatted(login.username(), password(login)));
        return login;
    }

    /// An account with the rights that `agentroles init` lists for this database, and no other.
    public Login administrator() throws SQLException {
        var login = login("provisioner");
        administers(login, name);
        return login;
    }

    /// Gives an account the rights that `agentroles init` lists for a database, and no other.
    public void administers(Login login, String schema) throws SQLException {
        var engine = server.mariadb() ? MySqlEngine.mariadb() : MySqlEngine.mysql(new SecureRandom());
        var rights = new ArrayList<String>();
        for (var statement : engine.administratorRights(login.username(), schema)) {
            var words = statement.split(": ", 2);
            if (statement.startsWith("GRANT")) {
                rights.add(statement.split(";", 2)[0]);
            } else if (words[0].startsWith("-- before ")
                    && server.release().before(words[0].substring("-- before ".length()))) {
                rights.add(words[1]);
            } else if (words[0].equals("-- with a binary log")) {
                rights.add(words[1]);
            }
        }
        execute(rights.toArray(String[]::new));
    }

    /// MariaDB writes what it is given to its log, so it is given a hash; MySQL masks what it writes.
    private String password(Login login) {
        return server.mariadb() ? "PASSWORD '*" + hash(login.clear()) + "'" : "'" + login.clear() + "'";
    }

    @Override
    public void close() throws SQLException {
        try (var connection = server.superuser();
                var statement = connection.createStatement()) {
            for (var schema : names(connection, """
                    SELECT concat('`', replace(schema_name, '`', '``'), '`') FROM information_schema.schemata
                    WHERE schema_name = '%1$s' OR schema_name LIKE '%1$s\\_%%' OR schema_name LIKE 'ar\\_%1$s\\_%%'
                       OR schema_name LIKE 'agentroles%%'
                    """)) {
                statement.execute("DROP DATABASE IF EXISTS " + schema);
            }
            var role = server.mariadb() ? " AND is_role = '%s'" : "";
            var accounts = "SELECT %s FROM mysql.user WHERE (user LIKE '%%1$s\\_%%%%' OR user LIKE 'ar\\_%%1$s\\_%%%%'"
                    + " OR user LIKE 'agentroles%%%%')" + role;
            for (var account : names(connection, accounts.formatted("concat(quote(user), '@', quote(host))", "N"))) {
                statement.execute("DROP USER IF EXISTS " + account);
            }
            if (server.mariadb()) {
                for (var name : names(connection, accounts.formatted("concat('`', user, '`')", "Y"))) {
                    statement.execute("DROP ROLE IF EXISTS " + name);
                }
            }
        }
    }

    private List<String> names(Connection connection, String query) throws SQLException {
        return TestDatabase.query(connection, query.formatted(name));
    }

    /// Of `mysql_native_password`.
    private static String hash(String password) {
        try {
            var sha1 = MessageDigest.getInstance("SHA-1");
            var twice = sha1.digest(sha1.digest(password.getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(twice).toUpperCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-1", absent);
        }
    }
}
