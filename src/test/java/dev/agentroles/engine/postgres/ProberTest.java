package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.engine.ProbeReport;
import dev.agentroles.engine.ProbeReport.Attempt;
import dev.agentroles.engine.ProbeReport.Outcome;
import dev.agentroles.engine.Rule;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The live probes tell what is promised from what is denied, agree with the catalogs, and leave nothing
/// behind.
@OnEachPostgreSql
final class ProberTest {
    @AutoClose
    private final Database database;

    private final Shop shop;

    ProberTest(PostgreSql server) throws SQLException {
        database = server.createDatabase();
        shop = Shop.open(database);
    }

    @AfterEach
    void givePublicItsDefaultsBack() throws SQLException {
        shop.close();
    }

    @Test
    void aCleanAgentCanWhatItsTierPromisesAndNothingElse() throws SQLException {
        var report = probe();
        assertThat(report.attempts())
                .filteredOn(Attempt::promised)
                .hasSize(5)
                .allSatisfy(attempt -> assertThat(attempt.outcome()).isEqualTo(Outcome.ALLOWED));
        assertThat(report.attempts())
                .filteredOn(attempt -> !attempt.promised())
                .hasSizeGreaterThan(80)
                .allSatisfy(attempt -> assertThat(attempt.outcome()).isEqualTo(Outcome.REFUSED));
        assertThat(report.relations()).isEqualTo(7);
        assertThat(report.probed()).isEqualTo(7);
    }

    @Test
    void whatTheCatalogsSayIsWhatTheAgentMeets() throws SQLException {
        database.execute(
                shop.text("GRANT INSERT, TRUNCATE ON app.orders TO {tier}"), "GRANT SELECT ON hr.salaries TO PUBLIC");
        database.execute(shop.text("REVOKE SELECT ON app.events FROM {tier}"));
        try (var connection = database.superuser()) {
            var holdings = new Examination(connection)
                    .holdings(shop.subject().role(), true)
                    .orElseThrow();
            assertThat(probe().attempts())
                    .filteredOn(attempt -> !attempt.needs().isEmpty())
                    .hasSizeGreaterThan(50)
                    .allSatisfy(attempt -> assertThat(attempt.outcome() == Outcome.ALLOWED)
                            .as("%s: %s", attempt.statement(), attempt.answer())
                            .isEqualTo(attempt.needs().stream()
                                    .allMatch(need -> holdings.hasNow(need.privilege(), need.on()))));
        }
    }

    @Test
    void eachUnexpectedPowerIsMet() throws SQLException {
        var escapes = new TreeMap<>(Map.of(
                "GRANT UPDATE ON app.orders TO {tier}", "UPDATE in app.orders",
                "GRANT TRUNCATE ON app.orders TO {tier}", "empty app.orders",
                "GRANT SELECT ON app.orders TO {tier} WITH GRANT OPTION", "pass on app.orders",
                "GRANT SELECT (email) ON app.customers TO PUBLIC", "read app.customers.email",
                "GRANT CREATE ON SCHEMA app TO {tier}", "create in schema app",
                "GRANT TEMPORARY ON DATABASE {db} TO {agent}", "make temporary objects",
                "GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC", "make a large object",
                "GRANT UPDATE (rolsuper) ON pg_authid TO {login}", "make itself a superuser",
                "GRANT CONNECT ON DATABASE postgres TO {login}", "connect to database postgres"));
        escapes.put(
                "GRANT SET ON PARAMETER session_replication_role TO {tier}", "set session_replication_role = replica");
        escapes.put("GRANT pg_execute_server_program TO {login}", "run a program on the server");
        escapes.put("ALTER TABLE app.orders OWNER TO {login}", "drop app.orders");
        escapes.put("ALTER ROLE {login} CREATEROLE", "make roles");
        for (var escape : escapes.keySet()) {
            database.execute(shop.text(escape));
        }
        var allowed = probe().attempts().stream()
                .filter(attempt -> !attempt.promised() && attempt.outcome() == Outcome.ALLOWED)
                .toList();
        assertThat(allowed).extracting(Attempt::what).containsAll(escapes.values());
        assertThat(allowed)
                .allSatisfy(attempt -> assertThat(attempt.told().rules()).isNotEmpty());
    }

    @Test
    void evenASuperusersProbesLeaveNothingBehind() throws SQLException {
        database.execute("INSERT INTO app.orders VALUES (1, 'open', '4111')");
        database.execute(shop.text("ALTER ROLE {login} SUPERUSER"));
        var before = fingerprint();
        var report = probe();
        assertThat(report.attempts())
                .filteredOn(attempt -> attempt.outcome() == Outcome.ALLOWED)
                .hasSizeGreaterThan(80);
        assertThat(fingerprint()).isEqualTo(before);
        assertThat(database.query("SELECT count(*) FROM app.orders")).containsExactly("1");
    }

    @Test
    void theServersConfigurationIsNotReadAnewByWhoeverMayDoThat() throws SQLException {
        database.execute(shop.text("GRANT EXECUTE ON FUNCTION pg_reload_conf() TO {login}"));
        try {
            var before = database.query("SELECT pg_conf_load_time()");

            assertThat(probe().attempts())
                    .filteredOn(attempt -> attempt.what().equals("read the server's configuration anew"))
                    .singleElement()
                    .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo(Outcome.ALLOWED));
            assertThat(database.query("SELECT pg_conf_load_time()")).isEqualTo(before);
        } finally {
            database.execute(shop.text("REVOKE EXECUTE ON FUNCTION pg_reload_conf() FROM {login}"));
        }
    }

    @Test
    void aLockThatSomebodyHoldsIsNoAnswer() throws SQLException {
        database.execute(shop.text("ALTER TABLE app.orders OWNER TO {login}"));
        try (var other = database.superuser();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE app.orders IN ACCESS EXCLUSIVE MODE");
            assertThat(probe().attempts())
                    .filteredOn(attempt -> attempt.what().equals("drop app.orders"))
                    .singleElement()
                    .satisfies(attempt -> {
                        assertThat(attempt.outcome()).isEqualTo(Outcome.UNDECIDED);
                        assertThat(attempt.answer()).startsWith("55P03");
                        assertThat(attempt.told().rules()).contains(Rule.OWNERSHIP);
                    });
            other.rollback();
        }
    }

    /// They come and go while others try, as several agents do at once: what is tried would change with them.
    @Test
    void loginsOfLeasesAreNotTriedUnlessTheyAreSuperusers() throws SQLException {
        var agent = Naming.agentRole(database.name(), "other");
        var login = Naming.leaseLogin(database.name(), "other", "2abc");
        var power = Naming.leaseLogin(database.name(), "other", "3abc");
        database.execute(
                "CREATE ROLE \"%s\"".formatted(agent),
                "CREATE ROLE \"%s\" LOGIN".formatted(login),
                "CREATE ROLE \"%s\" LOGIN SUPERUSER".formatted(power));
        for (var lease : Map.of("2abc", login, "3abc", power).entrySet()) {
            var mark = new Mark("test", database.name(), new Mark.Kind.LeaseLogin("other", lease.getKey()));
            database.execute("COMMENT ON ROLE \"%s\" IS '%s'".formatted(lease.getValue(), mark.text()));
        }

        assertThat(probe().attempts())
                .extracting(Attempt::what)
                .contains("become " + agent, "become " + power)
                .doesNotContain("become " + login);
    }

    @Test
    void whereThereAreNoMoreThanFitEveryRelationIsTried() throws SQLException {
        for (int schema = 1; schema <= 6; schema++) {
            database.execute("CREATE SCHEMA s" + schema);
            for (int table = 1; table <= 3; table++) {
                database.execute("CREATE TABLE s%d.t%d (id int)".formatted(schema, table));
            }
        }

        var report = probe();

        assertThat(report.relations()).isEqualTo(25);
        assertThat(report.probed()).isEqualTo(25);
    }

    /// A login that ends, a table that is renewed: what was listed and is not there any more says nothing
    /// about the agent.
    @Test
    void whatGoesAwayBeforeItIsTriedIsNoAnswer() throws Exception {
        var role = database.role("gone");
        database.execute("CREATE TABLE app.gone (id int)", "CREATE ROLE %s SUPERUSER".formatted(role));
        assertThat(probe().attempts())
                .extracting(Attempt::what)
                .contains(
                        "empty app.gone",
                        "drop app.gone",
                        "read app.gone.id",
                        "TRUNCATE on app.gone",
                        "become " + role);
        try (var otherDatabase = database.server().createDatabase();
                var holder = database.superuser();
                var statement = holder.createStatement();
                var threads = Executors.newSingleThreadExecutor()) {
            holder.setAutoCommit(false);
            // What is in scope is tried first.
            statement.execute("LOCK TABLE app.orders IN ACCESS EXCLUSIVE MODE");
            var probing = threads.submit(this::probe);
            database.awaitLockWaits(shop.login, 1);
            database.execute("DROP TABLE app.gone", "DROP ROLE " + role, "DROP DATABASE " + otherDatabase.name());
            holder.rollback();

            assertThat(probing.get().attempts())
                    .filteredOn(attempt ->
                            attempt.what().contains("gone") || attempt.what().contains(otherDatabase.name()))
                    .isEmpty();
        }
    }

    /// All that a statement could leave, without what the server's own vacuum changes at any time.
    private List<String> fingerprint() throws SQLException {
        return database.query("""
                SELECT md5(string_agg(t, ',' ORDER BY t)) FROM (
                    SELECT (to_jsonb(c) - '{relpages,reltuples,relallvisible,relallfrozen,relfrozenxid,relminmxid}'::text[])::text
                    FROM pg_class c WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_t')
                    UNION ALL SELECT p.oid::text || p.proacl::text FROM pg_proc p
                    UNION ALL SELECT n::text FROM pg_namespace n WHERE nspname !~ '^pg_t'
                    UNION ALL SELECT r.rolname || r.rolsuper FROM pg_roles r
                    UNION ALL SELECT m.roleid || ' ' || m.member FROM pg_auth_members m
                    UNION ALL SELECT l.oid::text FROM pg_largeobject_metadata l
                    UNION ALL SELECT s.slot_name FROM pg_replication_slots s) x (t)
                """);
    }

    private ProbeReport probe() throws SQLException {
        return new PostgresEngine().probe(database.target(shop.login), shop.subject(), shop.intended());
    }
}
