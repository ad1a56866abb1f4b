package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guard looks at tables whose owners can have code run by whoever plans a query on them: a function
/// that is called immutable is evaluated at once where its arguments are constants. It runs as a role that
/// gives them nothing.
@OnEachPostgreSql
final class GuardOwnerTest {
    @AutoClose
    private final Ground ground;

    GuardOwnerTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(server, directory);
    }

    /// The tables' owner makes `noted(int)`, which writes down whom it runs as and what that one may do.
    @BeforeEach
    void anOwnerNotesWhoRunsItsCode() throws SQLException {
        asOwner("CREATE TABLE note (who name DEFAULT current_user)", "GRANT INSERT ON note TO PUBLIC", """
                CREATE FUNCTION note() RETURNS int LANGUAGE plpgsql AS $$
                BEGIN
                  RAISE NOTICE 'noted %', current_user;
                  BEGIN
                    INSERT INTO public.note DEFAULT VALUES;
                  EXCEPTION WHEN read_only_sql_transaction THEN NULL;
                  END;
                  RETURN 0;
                END $$""", """
                CREATE FUNCTION noted(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
                BEGIN
                  PERFORM public.note();
                  RETURN $1;
                END $$""");
    }

    private void asOwner(String... statements) throws SQLException {
        try (var session = ground.database.connect(ground.application);
                var statement = session.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("SET ROLE " + ground.owner());
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private int send(Login login, String sql) throws SQLException {
        try (var session = ground.database.connect(login);
                var statement = session.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    /// Whose rights statements of the agent lend to the owner's code, itself aside.
    private String lent(String... statements) throws SQLException {
        var lent = new StringBuilder();
        try (var session = ground.database.connect(ground.agent());
                var statement = session.createStatement()) {
            for (var sql : statements) {
                if (sql.startsWith("ALTER")) {
                    asOwner(sql);
                    continue;
                }
                try {
                    statement.execute(sql);
                } catch (SQLException refused) {
                    assertThat(refused.getSQLState()).isEqualTo("AR002");
                }
                for (var said = statement.getWarnings(); said != null; said = said.getNextWarning()) {
                    lent.append(said.getMessage()).append('\n');
                }
                statement.clearWarnings();
            }
        }
        return lent.toString().replace("noted " + ground.agent().username() + "\n", "");
    }

    private String noted() {
        return "noted ar_" + ground.database.name() + "__guard\n";
    }

    @Test
    void expressionsInStatisticsRunAsTheGuardsRole() throws SQLException {
        asOwner("CREATE STATISTICS spy ON (id + noted(1)), note FROM orders");
        assertThat(lent("UPDATE orders SET note = 'x' WHERE id <= 50"))
                .isNotEmpty()
                .matches("(" + noted() + ")+");
        assertThat(ground.database.query("SELECT DISTINCT who FROM note"))
                .containsExactly(ground.agent().username());
    }

    @Test
    void whatIsForeseenRunsAsTheGuardsRole() throws SQLException, IOException {
        ground.profile(", rows: 10");
        ground.apply();
        ground.database.execute("ANALYZE orders");
        asOwner("CREATE STATISTICS spy ON (id + noted(1)), note FROM orders");
        assertThat(lent("UPDATE orders SET note = 'x' WHERE id > 0"))
                .isNotEmpty()
                .matches("(" + noted() + ")+");
    }

    /// The server keeps the simplified expression of an index: as a rule the agent's own look at the table
    /// has made it. Not so if the index was altered in between.
    @Test
    void expressionsAndConditionsOfIndexesRunAsTheGuardsRole() throws SQLException {
        asOwner(
                "CREATE INDEX spy ON orders ((id + noted(1)))",
                "CREATE INDEX spies ON orders (note) WHERE id > noted(1)");
        assertThat(lent(
                        "BEGIN",
                        "UPDATE orders SET note = 'x' WHERE id <= 50",
                        "ALTER INDEX spy SET (fillfactor = 80)",
                        "ALTER INDEX spies SET (fillfactor = 80)",
                        "COMMIT"))
                .isNotEmpty()
                .matches("(" + noted() + ")+");
    }

    @Test
    void theRoleCanDoNothingElse() throws SQLException {
        poor();
    }

    private void poor() throws SQLException {
        var role = "ar_" + ground.database.name() + "__guard";
        assertThat(ground.database.query("""
                SELECT rolcanlogin OR rolinherit OR rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
                FROM pg_roles WHERE rolname = '%s'""".formatted(role))).containsExactly("f");
        assertThat(ground.database.query("""
                SELECT 1 FROM pg_auth_members m WHERE m.member = to_regrole('%1$s')
                    OR m.roleid = to_regrole('%1$s') AND (to_jsonb(m) ->> 'inherit_option' IS DISTINCT FROM 'false'
                                                       OR to_jsonb(m) ->> 'set_option' IS DISTINCT FROM 'false')""".formatted(role))).isEmpty();
        assertThat(ground.database.query("""
                SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
                  AND has_table_privilege('%1$s', c.oid, 'SELECT') IS DISTINCT FROM
                      EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'agentroles_guard')
                  OR relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') AND relname <> 'note'
                     AND has_table_privilege('%1$s', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')""".formatted(role))).isEmpty();
    }

    /// Before PostgreSQL 16 the triggers ask about the role that a session has become, and in a cascade
    /// that is the owner of the table.
    @Test
    void theAdministratorsOwnTablesAreNotLookedAt() throws SQLException {
        assertThat(ground.database.query("SELECT has_table_privilege('%s', 'agentroles_guard.marker', 'SELECT')"
                        .formatted(ground.administrator.username())))
                .containsExactly("f");
        ground.database.execute("GRANT SELECT ON agentroles_guard.marker TO " + ground.administrator.username());
        assertThat(ground.plan()).contains("~ guard: schema agentroles_guard");
        ground.apply();
        ground.hasNothingToDo();
    }

    @Test
    void aRoleThatWasGivenMoreIsMended() throws SQLException {
        var role = "ar_" + ground.database.name() + "__guard";
        ground.database.execute(
                "ALTER ROLE %s LOGIN CREATEROLE".formatted(role),
                "GRANT %s TO %s".formatted(ground.owner(), role),
                "REVOKE DELETE ON agentroles_guard.mark FROM " + role,
                "REVOKE EXECUTE ON FUNCTION agentroles_guard.hold FROM " + role,
                "GRANT CREATE ON SCHEMA agentroles_guard TO " + role);
        assertThat(ground.plan()).contains("~ guard: schema agentroles_guard");
        ground.database.execute("REVOKE %s FROM %s".formatted(ground.owner(), role));
        ground.apply();
        poor();
        ground.hasNothingToDo();
    }

    @Test
    void aRoleOfThatNameThatIsNotOursIsLeftAlone() throws SQLException {
        ground.database.execute("COMMENT ON ROLE ar_%s__guard IS 'somebody''s'".formatted(ground.database.name()));
        assertThat(ground.plan()).contains("role \"ar_" + ground.database.name() + "__guard\" is taken");
    }

    @Test
    void theGuardsRoleReadsAllRowsWhateverRowSecuritySays() throws SQLException {
        asOwner(
                "CREATE TABLE members (tenant int)",
                "CREATE POLICY mine ON tenant_docs USING (EXISTS (SELECT FROM members))",
                "ALTER TABLE tenant_docs FORCE ROW LEVEL SECURITY");
        ground.hasNothingToDo();
        asOwner("GRANT SELECT ON members TO \"%s\"".formatted(ground.writer()));
        assertThat(send(ground.agent(), "UPDATE tenant_docs SET body = 'y' WHERE id > 0"))
                .isEqualTo(100);
        asOwner("ALTER TABLE tenant_docs NO FORCE ROW LEVEL SECURITY", "DELETE FROM tenant_docs WHERE tenant = 'b'");
        assertThat(refusal("UPDATE tenant_docs SET body = 'z' WHERE id > 0").getSQLState())
                .isEqualTo("AR004");
    }

    private SQLException refusal(String sql) {
        return catchThrowableOfType(SQLException.class, () -> send(ground.agent(), sql));
    }

    @Test
    void aRevokedRightIsARefusalThatSaysSo() throws SQLException {
        asOwner("REVOKE SELECT ON customers FROM ar_%s__guard".formatted(ground.database.name()));
        assertThat(send(ground.agent(), "UPDATE customers SET active = false WHERE id <= 5"))
                .isEqualTo(5);
        var refused = refusal("UPDATE customers SET active = false WHERE id <= 50");
        assertThat(refused.getSQLState()).isEqualTo("AR007");
        assertThat(refused.getMessage()).contains("the guard may not read it");
        assertThat(ground.findings())
                .anyMatch(
                        line -> line.matches(
                                "\\w+ +GUARD-CHANGED +the guard may not read public.customers, and refuses to change more than a few rows of it"));
        assertThat(ground.plan()).contains("~ guard on public.customers");
        ground.apply();
        assertThat(send(ground.agent(), "UPDATE customers SET active = false WHERE id <= 50"))
                .isEqualTo(50);
    }

    @Test
    void rowsThatRowSecurityHidesFromTheGuardAreNoLicenceAndTheReasonIsSaid() throws SQLException {
        asOwner(
                "ALTER TABLE customers ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY own ON customers TO \"%s\" USING (true)".formatted(ground.writer()));
        var refused = refusal("UPDATE customers SET active = false WHERE id <= 50");
        assertThat(refused.getSQLState()).isEqualTo("AR007");
        assertThat(refused.getMessage()).contains("row security");
        assertThat(ground.plan()).contains("~ guard on public.customers");
        ground.apply();
        assertThat(send(ground.agent(), "UPDATE customers SET active = false WHERE id <= 50"))
                .isEqualTo(50);
        asOwner("CREATE POLICY never ON customers AS RESTRICTIVE FOR SELECT USING (current_user ~ 'janitor')");
        assertThat(refusal("UPDATE customers SET active = false WHERE id <= 50").getMessage())
                .contains("row security");
    }

    @Test
    void anotherOwnerWhomTheAdministratorCannotActAsIsNamed() throws SQLException {
        var stranger = ground.database.role("stranger");
        ground.database.execute("CREATE ROLE " + stranger, "ALTER TABLE nopk OWNER TO " + stranger);
        assertThat(send(ground.agent(), "UPDATE nopk SET b = 'x' WHERE a <= 25"))
                .isEqualTo(25);
        assertThat(ground.plan())
                .contains(ground.administrator.username() + " may not guard public.nopk, owned by " + stranger);
        assertThat(ground.findings()).anyMatch(line -> line.matches("\\w+ +GUARD-CHANGED +.* public.nopk .*"));
    }
}
