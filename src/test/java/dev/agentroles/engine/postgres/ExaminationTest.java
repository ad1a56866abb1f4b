package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Finding;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Severity;
import dev.agentroles.engine.Definition;
import dev.agentroles.engine.Rule;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// An administrator who is no superuser finds every injected power with its code and its id, the statements
/// of the finding take it away, and what gives the agent nothing is no finding.
@OnEachPostgreSql
final class ExaminationTest {
    @AutoClose
    private final Database database;

    private final Shop shop;

    ExaminationTest(PostgreSql server) throws SQLException {
        database = server.createDatabase();
        shop = Shop.open(database);
    }

    @AfterEach
    void givePublicItsDefaultsBack() throws SQLException {
        shop.close();
    }

    @Test
    void aCleanAgentOnAHardenedDatabaseHasNoFinding() throws SQLException {
        assertThat(serious(examine())).isEmpty();
    }

    @Test
    void whatRemainsIsSaidAsInformation() throws SQLException {
        assertThat(examine())
                .extracting(Finding::code)
                .containsExactlyInAnyOrder("PUBLIC-LANGUAGES", "PUBLIC-ROUTINE", "WITNESS-BLIND");
    }

    @Test
    void aRuleThatDoesNothingIsNoFindingForWhoMayWrite() throws SQLException {
        database.execute(
                "CREATE RULE keep AS ON DELETE TO app.orders DO INSTEAD NOTHING",
                "CREATE RULE off AS ON DELETE TO app.orders DO ALSO DELETE FROM hr.salaries",
                "ALTER TABLE app.orders DISABLE RULE off",
                shop.text("GRANT DELETE ON app.orders TO {tier}"));
        assertThat(serious(examine())).extracting(Finding::code).containsExactly("GRANT-EXCESS");
    }

    @Test
    void aPolicyThatAsksWhoLoggedInOrHowTheServerIsSetIsNoFinding() throws SQLException {
        database.execute("ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY", """
                CREATE POLICY own ON app.orders
                 USING (status IN (current_user, current_setting('role'), current_setting('cluster_name')))""");
        assertThat(serious(examine())).isEmpty();
    }

    @Test
    void onlyALeaseOfTheSameEnvironmentAndDatabaseBelongsToAnAgentRole() throws SQLException {
        var entry = database.name();
        var evil = database.role("evil");
        var name = "ar_" + entry + "_bot_";
        forge(evil, "agentroles environment=test database=%s agent=bot lease=2abc".formatted(entry));
        forge(name + "3abc", "agentroles environment=else database=%s agent=bot lease=3abc".formatted(entry));
        forge(name + "4abc", "agentroles environment=test database=else agent=bot lease=4abc");
        forge(name + "5abc", "agentroles environment=test database=%s agent=bot lease=6abc".formatted(entry));
        try (var connection = database.connect(shop.administrator)) {
            assertThat(serious(new Examination(connection)
                            .examine(shop.agentSubject(), shop.intended())
                            .findings()))
                    .allSatisfy(finding -> assertThat(finding.code()).isEqualTo("IMPERSONATOR"))
                    .extracting(finding -> finding.path().getFirst())
                    .containsExactlyInAnyOrder(evil, name + "3abc", name + "4abc", name + "5abc");
        }
    }

    private void forge(String login, String mark) throws SQLException {
        database.execute(
                "CREATE ROLE %s LOGIN".formatted(login),
                shop.text("GRANT {agent} TO %s {options}".formatted(login)),
                "COMMENT ON ROLE %s IS '%s'".formatted(login, mark));
    }

    @Test
    void aCleanAgentRoleHasNoFindingEither() throws SQLException {
        try (var connection = database.connect(shop.administrator)) {
            assertThat(serious(new Examination(connection)
                            .examine(shop.agentSubject(), shop.intended())
                            .findings()))
                    .isEmpty();
        }
    }

    @TestFactory
    Stream<DynamicTest> eachEscapeIsFoundAndMended() {
        return Escape.ALL.stream()
                .filter(escape -> escape.on(database.server().major()))
                .map(escape -> dynamicTest(
                        "%s %s: %s".formatted(escape.rule().code(), escape.id(), escape.inject()), () -> find(escape)));
    }

    /// All in one transaction that is rolled back, so that no escape meets another one's leftovers.
    private void find(Escape escape) throws SQLException {
        try (var connection = database.superuser()) {
            connection.setAutoCommit(false);
            execute(connection, shop.text(escape.inject()));
            var findings = examineAsAdministrator(connection);
            assertThat(findings)
                    .filteredOn(finding -> finding.code().equals(escape.rule().code()))
                    .as("findings of %s", escape.rule())
                    .anyMatch(finding ->
                            escape.carried().isEmpty() || finding.paths().contains(escape.carried()));
            if (escape.mends()) {
                for (var finding : serious(findings)) {
                    assertThat(finding.mend()).as("mending of %s", finding).isNotEmpty();
                    for (var sql : finding.mend()) {
                        execute(connection, sql);
                    }
                }
                assertThat(serious(examineAsAdministrator(connection)))
                        .as("after mending")
                        .isEmpty();
            }
            connection.rollback();
        }
    }

    private List<Finding> examineAsAdministrator(Connection connection) throws SQLException {
        execute(connection, "SET SESSION AUTHORIZATION " + shop.administrator.username());
        var findings = new Examination(connection)
                .examine(shop.subject(), shop.intended())
                .findings();
        execute(connection, "RESET SESSION AUTHORIZATION");
        return findings;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @TestFactory
    Stream<DynamicTest> whatGivesTheAgentNothingIsNoFinding() {
        return Stream.of(
                        "GRANT SELECT ON hr.salaries TO {other}",
                        "ALTER ROLE {other} SUPERUSER",
                        "ALTER ROLE {other} NOSUPERUSER",
                        "GRANT ALL ON app.orders TO {other} WITH GRANT OPTION",
                        "GRANT SELECT ON app.orders TO {login}",
                        "GRANT CONNECT ON DATABASE {db} TO PUBLIC",
                        "GRANT USAGE ON TYPE pg_catalog.int4 TO {tier}",
                        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT ALL ON TABLES TO {other}",
                        "ALTER DEFAULT PRIVILEGES FOR ROLE {other} REVOKE EXECUTE ON ROUTINES FROM PUBLIC",
                        "CREATE TABLE hr.more (id int)",
                        "CREATE TABLE app.more (id int)",
                        "CREATE DATABASE {other}; REVOKE CONNECT ON DATABASE {other} FROM PUBLIC",
                        "DROP DATABASE {other}",
                        "CREATE TABLE app.events_2027 PARTITION OF app.events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
                        "CREATE FUNCTION app.touch() RETURNS trigger SECURITY DEFINER LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                        "CREATE FUNCTION hr.secret() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'",
                        "CREATE VIEW hr.secrets AS SELECT hr.secret()",
                        "CREATE FUNCTION app.of(hr.secrets) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                        "CREATE AGGREGATE app.joined(text) (SFUNC = textcat, STYPE = text)",
                        "CREATE TYPE app.span AS RANGE (SUBTYPE = float8)",
                        "CREATE OPERATOR app.<<<< (FUNCTION = starts_with, LEFTARG = text, RIGHTARG = text)",
                        "GRANT SET ON PARAMETER work_mem TO {tier}",
                        "ALTER ROLE {other} SET session_replication_role = replica",
                        "ALTER DATABASE {db} SET work_mem = '8MB'",
                        "ALTER DATABASE {db} SET log_statement = 'all'",
                        "CREATE RULE audit AS ON UPDATE TO app.orders DO ALSO DELETE FROM hr.salaries",
                        "CREATE RULE keep AS ON DELETE TO app.orders DO INSTEAD NOTHING",
                        "CREATE VIEW app.names AS SELECT c.name FROM app.customers c; GRANT SELECT ON app.names TO {other}",
                        "GRANT {tier} TO {other}",
                        "SELECT lo_create(4712)",
                        "CREATE VIEW hr.all_orders AS SELECT * FROM app.orders",
                        "ALTER TABLE hr.salaries ADD COLUMN note text")
                .map(sql -> dynamicTest(sql, () -> {
                    for (var part : sql.startsWith("CREATE DATABASE") ? sql.split("; ") : new String[] {sql}) {
                        database.execute(shop.text(part));
                    }
                    assertThat(serious(examine())).isEmpty();
                }));
    }

    @Test
    void whatPostgreSqlGivesToEverybodyIsFoundUntilItIsHardened() throws SQLException {
        shop.soften();
        assertThat(serious(examine()))
                .extracting(Finding::code)
                .containsExactly(
                        "PUBLIC-CONNECT", "PUBLIC-CONNECT", "PUBLIC-LARGE-OBJECTS", "PUBLIC-TEMP", "PUBLIC-LANGUAGES");
    }

    @Test
    void whoWorksByWhatEverybodyHasKeepsItWhenItIsMended() throws SQLException {
        var application = database.login("application").username();
        shop.soften();
        try (var connection = database.superuser()) {
            connection.setAutoCommit(false);
            execute(
                    connection,
                    shop.text("GRANT CREATE ON SCHEMA public, app TO PUBLIC; GRANT CREATE ON DATABASE {db} TO PUBLIC;"
                            + " ALTER FUNCTION app.total(int) SECURITY DEFINER"));
            for (var finding : examineAsAdministrator(connection)) {
                for (var sql : finding.mend()) {
                    execute(connection, sql);
                }
            }
            assertThat(examineAsAdministrator(connection))
                    .extracting(Finding::code)
                    .containsExactly("WITNESS-BLIND");
            var kept = """
                    SELECT has_database_privilege(r, 'template1', 'CONNECT'), has_database_privilege(r, %2$s, 'TEMPORARY, CREATE'),
                           has_schema_privilege(r, 'public', 'CREATE'), has_schema_privilege(r, 'app', 'CREATE'),
                           has_language_privilege(r, 'plpgsql', 'USAGE'), has_function_privilege(r, 'lo_create(oid)', 'EXECUTE'),
                           has_function_privilege(r, 'app.total(int)'::regprocedure, 'EXECUTE')
                      FROM (VALUES (%1$s)) a (r)""".formatted(Sql.literal(application), Sql.literal(database.name()));
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(kept)) {
                row.next();
                for (int column = 1; column <= 7; column++) {
                    assertThat(row.getBoolean(column)).as("column %d", column).isTrue();
                }
            }
            connection.rollback();
        }
    }

    /// The view reads the file, which no server here is told to load again.
    @Test
    void aLineThatAsksForNoSecretIsFoundByWhoCanReadIt() throws SQLException {
        var lines = """
                host all all 10.1.0.0/16 reject
                host all all 10.1.2.0/24 trust
                host all all 10.0.0.0/8 trust
                hostnossl all somebody samenet trust
                host replication all 10.1.0.0/16 trust
                local all all trust
                """;
        try (var superuser = database.superuser()) {
            execute(
                    superuser,
                    "SELECT set_config('t.before', lo_from_bytea(0, pg_read_binary_file(current_setting('hba_file')))::text, false)");
            execute(
                    superuser,
                    "SELECT set_config('t.after', lo_from_bytea(0, convert_to(%s, 'UTF8'))::text, false)"
                            .formatted(Sql.literal(lines)));
            var write = "SELECT lo_export(current_setting('t.%s')::oid, current_setting('hba_file'))";
            try {
                execute(superuser, write.formatted("after"));
                var found = new Examination(superuser)
                        .examine(shop.subject(), shop.intended()).findings().stream()
                                .filter(finding -> finding.code().equals("OPEN-LOGIN"))
                                .toList();
                assertThat(found)
                        .extracting(Finding::what)
                        .containsExactlyInAnyOrder(
                                "whoever comes from 10.0.0.0 255.0.0.0 needs no secret: databases all, roles all",
                                "whoever comes from samenet needs no secret: databases all, roles somebody",
                                "whoever comes from 10.1.0.0 255.255.0.0 needs no secret: databases replication, roles all",
                                "whoever comes from the database host itself needs no secret: databases all, roles all");
                assertThat(serious(found)).hasSize(3);
            } finally {
                execute(superuser, write.formatted("before"));
            }
        }
    }

    @Test
    void whatIsOwnedOrHeldInAnotherDatabaseIsFound() throws SQLException {
        try (var other = database.server().createDatabase()) {
            other.execute(
                    shop.text("REVOKE CONNECT ON DATABASE %s FROM PUBLIC".formatted(other.name())),
                    "CREATE TABLE mine (id int)",
                    shop.text("ALTER TABLE mine OWNER TO {login}"),
                    "CREATE TABLE held (id int)",
                    shop.text("GRANT SELECT ON held TO {tier}"));
            assertThat(examine())
                    .filteredOn(finding -> finding.paths().contains("O7"))
                    .extracting(Finding::code)
                    .containsExactlyInAnyOrder("OWNERSHIP", "LATENT-GRANT");

            database.execute(shop.text("GRANT CONNECT ON DATABASE %s TO {login}".formatted(other.name())));
            assertThat(examine())
                    .filteredOn(finding -> finding.paths().contains("O7"))
                    .extracting(Finding::code)
                    .containsExactlyInAnyOrder("OWNERSHIP", "OTHER-DATABASE");
            other.execute(shop.text("DROP OWNED BY {login}, {tier}"));
        }
    }

    @Test
    void thousandsOfOpenTablesAreOneFinding() throws SQLException {
        database.execute("""
                DO $$ BEGIN FOR i IN 1..1000 LOOP EXECUTE format('CREATE TABLE app.many_%s ()', i); END LOOP; END $$;
                GRANT SELECT ON ALL TABLES IN SCHEMA app TO PUBLIC""");
        assertThat(serious(examine()))
                .filteredOn(finding -> finding.code().equals("PUBLIC-GRANT"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.mend()).hasSizeGreaterThan(1000));
    }

    @Test
    void aViewThatIsBeingDroppedElsewhereHoldsUpNothing() throws SQLException {
        database.execute(
                shop.text("GRANT DELETE ON app.orders TO {tier}"),
                "ALTER ROLE %s SET lock_timeout = '1s'".formatted(shop.administrator.username()));
        try (var holder = database.superuser()) {
            holder.setAutoCommit(false);
            execute(holder, "DROP VIEW hr.names");
            assertThat(serious(examine())).extracting(Finding::code).containsExactly("GRANT-EXCESS");
            holder.rollback();
        }
    }

    @Test
    void whatIsDroppedWhileItIsReadIsNotThere() throws Exception {
        database.execute(
                "CREATE RULE log AS ON DELETE TO app.orders DO INSTEAD NOTHING",
                shop.text("GRANT DELETE ON app.orders TO {tier}"));
        assertThat(whileCommitted("DROP VIEW app.order_ids", this::definitions))
                .extracting(Definition::identity)
                .contains("view app.open_orders")
                .doesNotContain("view app.order_ids");
        assertThat(serious(whileCommitted("DROP TABLE app.orders CASCADE", this::examine)))
                .extracting(Finding::code)
                .doesNotContain("GRANT-EXCESS", "REWRITE-RULE");
    }

    /// What is read while a change that stands in its way is committed.
    private <T> T whileCommitted(String change, Callable<T> read) throws Exception {
        try (var holder = database.superuser();
                var threads = Executors.newSingleThreadExecutor()) {
            holder.setAutoCommit(false);
            execute(holder, change);
            var result = threads.submit(read);
            database.awaitLockWaits(shop.administrator, 1);
            holder.commit();
            return result.get();
        }
    }

    @Test
    void aRoleThatIsNotThereIsSaid() throws SQLException {
        database.execute(shop.text("DROP ROLE {login}"));
        assertThat(examine()).extracting(Finding::code).containsExactly(Rule.ROLE_MISSING.code());
    }

    @Test
    void definitionsChangeWithTheTextAndNotWithTheAccessList() throws SQLException {
        var before = definitions();
        database.execute(shop.text("GRANT SELECT ON app.order_ids TO {other}"));
        assertThat(definitions()).isEqualTo(before);
        database.execute("CREATE OR REPLACE VIEW app.order_ids AS SELECT id FROM app.orders WHERE id > 0");
        var after = definitions();
        assertThat(after).hasSameSizeAs(before).isNotEqualTo(before);
        database.execute("CREATE POLICY own ON app.orders USING (true)");
        assertThat(definitions()).hasSize(before.size() + 1);
        // Of which the agent has but some columns.
        database.execute("CREATE POLICY own ON app.customers USING (true)");
        assertThat(definitions()).hasSize(before.size() + 2);
    }

    @Test
    void whatAViewOrAPolicyReliesOnIsADefinition() throws SQLException {
        database.execute(
                "CREATE VIEW hr.inner AS SELECT id FROM app.orders",
                "CREATE OR REPLACE VIEW app.order_ids AS SELECT id FROM hr.inner",
                "CREATE FUNCTION hr.allowed(text) RETURNS bool STABLE LANGUAGE sql AS 'SELECT $1 IS NOT NULL'",
                "CREATE POLICY own ON app.orders USING (hr.allowed(status))",
                shop.text("GRANT UPDATE ON app.orders TO {tier}"),
                "CREATE RULE log AS ON UPDATE TO app.orders DO ALSO INSERT INTO hr.salaries VALUES (old.id)");
        assertThat(changed("CREATE OR REPLACE VIEW hr.inner AS SELECT id FROM hr.salaries"))
                .containsExactly("view hr.inner");
        assertThat(
                        changed(
                                "CREATE OR REPLACE FUNCTION hr.allowed(text) RETURNS bool STABLE LANGUAGE sql AS 'SELECT true'"))
                .containsExactly("routine hr.allowed(text)");
        assertThat(changed("ALTER TABLE app.orders DISABLE RULE log")).containsExactly("rule log on app.orders");
    }

    /// What is new, or has another text, after `sql`.
    private List<String> changed(String sql) throws SQLException {
        var before = definitions();
        database.execute(sql);
        return definitions().stream()
                .filter(definition -> !before.contains(definition))
                .map(Definition::identity)
                .toList();
    }

    @Test
    void aDeclaredRoutineThatRunsAsItsOwnerFixesItsSearchPath() throws SQLException {
        database.execute(
                "ALTER FUNCTION app.total(int) SECURITY DEFINER",
                shop.text("GRANT EXECUTE ON FUNCTION app.total(int) TO {tier}"));
        var intended = shop.intended();
        var grants = new HashSet<>(intended.grants());
        grants.add(Grant.of(shop.tier, Privilege.EXECUTE, new Securable.Routine("app", "total", "(integer)")));
        var declared = new AccessState(
                intended.roles(), intended.memberships(), grants, intended.defaults(), intended.settings());
        try (var connection = database.connect(shop.administrator)) {
            var examination = new Examination(connection);
            assertThat(serious(examination.examine(shop.subject(), declared).findings()))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.code()).isEqualTo("DEFINER-UNPINNED");
                        database.execute(finding.mend().toArray(String[]::new));
                    });
            assertThat(serious(examination.examine(shop.subject(), declared).findings()))
                    .isEmpty();
        }
    }

    private List<Definition> definitions() throws SQLException {
        try (var connection = database.connect(shop.administrator)) {
            return new Examination(connection)
                    .examine(shop.subject(), shop.intended())
                    .reliedOn();
        }
    }

    private List<Finding> examine() throws SQLException {
        try (var connection = database.connect(shop.administrator)) {
            return new Examination(connection)
                    .examine(shop.subject(), shop.intended())
                    .findings();
        }
    }

    private static List<Finding> serious(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.severity() != Severity.INFO)
                .toList();
    }
}
