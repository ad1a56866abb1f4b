package dev.agentroles.engine.postgres;

import dev.agentroles.harness.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Makes a database with a bit of everything that has an access list, and then does random things to who
/// may do what. The same seed makes the same statements. Statements that the server refuses are part of the
/// game.
final class RandomRights {
    private static final List<String> PREDEFINED =
            List.of("pg_read_all_data", "pg_write_all_data", "pg_monitor", "pg_maintain", "pg_checkpoint");

    private final Random random;
    private final Database database;
    private final boolean options;
    private final List<String> roles = new ArrayList<>();

    RandomRights(Database database, long seed) {
        this.random = new Random(seed);
        this.database = database;
        this.options = database.server().major() >= 16;
    }

    List<String> roles() {
        return roles;
    }

    void setUp() throws SQLException {
        database.execute("""
                CREATE SCHEMA s1;
                CREATE SCHEMA s2;
                CREATE TABLE s1.t1 (a int, b text, c date);
                CREATE TABLE s1.t2 (a serial, b text) PARTITION BY RANGE (a);
                CREATE TABLE s2."t 3" ("the a" int, b text);
                CREATE VIEW s1.v1 AS SELECT a, b FROM s1.t1;
                CREATE MATERIALIZED VIEW s2.m1 AS SELECT 1 AS a;
                CREATE SEQUENCE s2.q1;
                CREATE FUNCTION s1.f1(int, text) RETURNS int LANGUAGE sql AS 'SELECT 1';
                CREATE PROCEDURE s2.p1() LANGUAGE sql AS 'SELECT 1';
                CREATE DOMAIN s1.d1 AS int;
                CREATE TYPE s2.e1 AS ENUM ('x');
                CREATE TYPE s2.c1 AS (a int);
                CREATE FOREIGN DATA WRAPPER w1;
                CREATE SERVER h1 FOREIGN DATA WRAPPER w1;
                CREATE FOREIGN TABLE s1.x1 (a int) SERVER h1;
                """);
        for (var i = 0; i < 9; i++) {
            var role = database.role("r" + i);
            roles.add(role);
            database.execute("CREATE ROLE %s %s".formatted(role, oneOf("", "NOINHERIT", "INHERIT")));
        }
        database.execute("ALTER ROLE %s SUPERUSER".formatted(roles.getLast()));
    }

    /// Takes back what PUBLIC was given beyond the test's own database; its roles' shares go with the roles.
    void tearDown() throws SQLException {
        database.execute(
                "REVOKE ALL ON TABLESPACE pg_default FROM PUBLIC",
                "REVOKE ALL ON PARAMETER work_mem, session_replication_role FROM PUBLIC");
    }

    /// @return how many of the statements the server took
    int run(int statements) throws SQLException {
        var taken = 0;
        try (var connection = database.superuser()) {
            for (var i = 0; i < statements; i++) {
                taken += attempt(connection, statement()) ? 1 : 0;
            }
        }
        return taken;
    }

    private boolean attempt(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            // Some as another role, so that there are grantors other than the owner.
            if (random.nextInt(4) == 0) {
                statement.execute("SET ROLE " + role());
            }
            statement.execute(sql);
            return true;
        } catch (SQLException refused) {
            return false;
        } finally {
            try (var statement = connection.createStatement()) {
                statement.execute("RESET ROLE");
            }
        }
    }

    private String statement() {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> membership();
            case 3 -> random.nextInt(2) == 0 ? predefined() : "REVOKE %s FROM %s".formatted(role(), role());
            case 4 -> owner();
            case 5 -> "REVOKE %s FROM %s CASCADE".formatted(right(), oneOf(role(), "PUBLIC", "postgres", role()));
            case 6 -> columns();
            case 7 -> catalog();
            case 8 -> defaults();
            default -> grant(right());
        };
    }

    private String grant(String right) {
        return random.nextInt(4) == 0
                ? "GRANT %s TO PUBLIC".formatted(right)
                : "GRANT %s TO %s %s".formatted(right, role(), oneOf("", "", "WITH GRANT OPTION"));
    }

    private String membership() {
        var group = role();
        var member = role();
        if (!options) {
            return random.nextInt(6) == 0
                    ? "ALTER ROLE %s %s".formatted(member, oneOf("INHERIT", "NOINHERIT"))
                    : "GRANT %s TO %s %s".formatted(group, member, oneOf("", "", "WITH ADMIN OPTION"));
        }
        return "GRANT %s TO %s WITH INHERIT %s, SET %s, ADMIN %s"
                .formatted(group, member, truth(3), truth(2), truth(1));
    }

    private String predefined() {
        return "GRANT %s TO %s".formatted(PREDEFINED.get(random.nextInt(PREDEFINED.size())), role());
    }

    private String owner() {
        return oneOf(
                        "TABLE s1.t1",
                        "VIEW s1.v1",
                        "SCHEMA s1",
                        "SCHEMA s2",
                        "FUNCTION s1.f1(int, text)",
                        "DOMAIN s1.d1",
                        "DATABASE " + database.name(),
                        "DATABASE " + database.name(),
                        "SERVER h1",
                        "SEQUENCE s2.q1")
                .transform(object -> "ALTER %s OWNER TO %s".formatted(object, role()));
    }

    private String columns() {
        var right = oneOf("SELECT (a)", "UPDATE (a, b)", "INSERT (b)", "REFERENCES (a)", "ALL (a)");
        return grant(right + " ON " + oneOf("s1.t1", "s1.t2", "s1.v1"));
    }

    private String catalog() {
        return grant(oneOf(
                "UPDATE (rolsuper) ON pg_authid",
                "SELECT (rolpassword) ON pg_authid",
                "SELECT ON pg_authid",
                "UPDATE, DELETE ON pg_class",
                "INSERT, TRUNCATE ON pg_authid",
                "UPDATE ON pg_settings",
                "ALL ON pg_statistic",
                "UPDATE ON information_schema.sql_features",
                "EXECUTE ON FUNCTION pg_read_file(text)",
                "CREATE ON SCHEMA pg_catalog"));
    }

    private String defaults() {
        return """
               GRANT CREATE, USAGE ON SCHEMA s1 TO %1$s;
               ALTER DEFAULT PRIVILEGES FOR ROLE %1$s %2$s GRANT %3$s ON TABLES TO %4$s;
               SET LOCAL ROLE %1$s;
               CREATE TABLE s1.later%5$d (a int);
               """.formatted(
                        role(),
                        oneOf("", "IN SCHEMA s1"),
                        oneOf("SELECT", "ALL"),
                        oneOf(role(), "PUBLIC"),
                        random.nextInt(1_000_000));
    }

    private String right() {
        return oneOf(
                "SELECT ON s1.t1",
                "ALL ON s1.t1",
                "INSERT, UPDATE ON s1.t2",
                "DELETE, TRUNCATE ON s2.\"t 3\"",
                "TRIGGER, REFERENCES ON s1.t1",
                "ALL ON s1.v1",
                "SELECT ON s2.m1",
                "ALL ON s1.x1",
                "USAGE ON SEQUENCE s2.q1",
                "ALL ON SEQUENCE s2.q1",
                "USAGE ON SCHEMA s1",
                "ALL ON SCHEMA s2",
                "EXECUTE ON FUNCTION s1.f1(int, text)",
                "EXECUTE ON PROCEDURE s2.p1()",
                "USAGE ON DOMAIN s1.d1",
                "USAGE ON TYPE s2.e1",
                "ALL ON DATABASE " + database.name(),
                "CONNECT ON DATABASE " + database.name(),
                "USAGE ON LANGUAGE plpgsql",
                "USAGE ON FOREIGN DATA WRAPPER w1",
                "USAGE ON FOREIGN SERVER h1",
                "CREATE ON TABLESPACE pg_default",
                "SET ON PARAMETER work_mem",
                "ALL ON PARAMETER session_replication_role");
    }

    private String role() {
        return roles.get(random.nextInt(roles.size()));
    }

    private String truth(int quarters) {
        return random.nextInt(4) < quarters ? "TRUE" : "FALSE";
    }

    private String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
