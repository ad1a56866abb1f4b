package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

/// Each refusal has its SQLSTATE, and says what was refused, the limit, and what to do.
@OnEachPostgreSql
final class GuardRefusalsTest {
    @AutoClose
    private final Ground ground;

    GuardRefusalsTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(
                server,
                directory,
                ", rows: 100, rows_per_transaction: 200, whole_table: 20, rows_per_window: 150, window: 1h");
    }

    /// So that the server knows how large the tables are.
    @BeforeEach
    void analyzed() throws SQLException {
        ground.database.execute("ANALYZE customers", "ANALYZE config");
    }

    /// The refusal of the last of these statements, in one transaction.
    private String refusal(Login login, String... statements) throws SQLException {
        try (var session = ground.database.connect(login);
                var statement = session.createStatement()) {
            session.setAutoCommit(false);
            for (var sql : statements) {
                statement.execute(sql);
            }
            session.commit();
        } catch (PSQLException refused) {
            var told = Objects.requireNonNull(refused.getServerErrorMessage());
            return "%s: %s%n%s%n".formatted(told.getSQLState(), told.getMessage(), told.getHint());
        }
        throw new AssertionError("nothing was refused");
    }

    private String refusal(String... statements) throws SQLException {
        return refusal(ground.agent(), statements);
    }

    @Test
    void noCondition() throws SQLException {
        assertThat(refusal("DELETE FROM orders")).isEqualTo("""
                AR001: agentroles refused DELETE on public.orders: DELETE without WHERE
                Say which rows: add WHERE with a condition on a column. At most 100 rows of a table may change at once.
                """);
    }

    @Test
    void tooManyRowsInAStatement() throws SQLException {
        assertThat(refusal("UPDATE customers SET name = 'x' WHERE abs(id) <= 150"))
                .isEqualTo("""
                AR002: agentroles refused to change 150 rows of public.customers at once: the limit is 100
                Change at most 100 rows of a table with one statement, or one message of several statements: for example by ranges of its key.
                """);
    }

    @Test
    void tooManyRowsInATransaction() throws SQLException {
        assertThat(refusal(
                        "UPDATE customers SET name = 'x' WHERE id BETWEEN 1 AND 90",
                        "UPDATE customers SET name = 'x' WHERE id BETWEEN 101 AND 190",
                        "UPDATE customers SET name = 'x' WHERE id BETWEEN 201 AND 290"))
                .isEqualTo("""
                AR003: agentroles refused to change 270 rows of public.customers in one transaction: the limit is 200
                Commit after at most 200 rows of a table.
                """);
    }

    @Test
    void aWholeTable() throws SQLException {
        assertThat(refusal("UPDATE config SET v = 'x' WHERE id > 0")).isEqualTo("""
                AR004: agentroles refused to change or delete all 60 rows of public.config with one statement
                A table of more than 20 rows is never rewritten or emptied at once: say which rows.
                """);
    }

    @Test
    void tooManyRowsInAWindow() throws SQLException {
        assertThat(refusal(
                        "UPDATE customers SET name = 'x' WHERE id BETWEEN 1 AND 90",
                        "UPDATE customers SET name = 'x' WHERE id BETWEEN 101 AND 190"))
                .startsWith("AR005: agentroles refused to change 180 rows within ")
                .endsWith("""
                : the limit is 150
                Wait, and change fewer rows.
                """);
    }

    @Test
    void aWriteByAFunction() throws SQLException {
        assertThat(refusal("SELECT purge_orders()")).isEqualTo("""
                AR006: agentroles refused DELETE on public.orders: it was sent by a function, procedure or DO block
                Send the statement itself.
                """);
    }

    @Test
    void aLoginThatNobodySetLimitsFor() throws SQLException {
        var stranger = ground.database.login("stranger");
        ground.database.execute("GRANT \"%s\" TO %s".formatted(ground.writer(), stranger.username()));
        assertThat(refusal(stranger, "DELETE FROM settings WHERE key = 'k1'"))
                .isEqualTo("""
                AR007: agentroles refused this statement on public.settings: no limits are known for login %s
                The administrator must run: agentroles apply
                """.formatted(stranger.username()));
    }

    /// Who may also pass the role on is held all the same; whoever made it has nothing of its power.
    @Test
    void aStrangerWhoMayPassTheRoleOn() throws SQLException {
        var stranger = ground.database.login("stranger");
        ground.database.execute("GRANT \"%s\" TO %s WITH ADMIN OPTION".formatted(ground.writer(), stranger.username()));
        assertThat(refusal(stranger, "DELETE FROM settings WHERE key = 'k1'")).startsWith("AR007: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM customers WHERE id > 0",
                "DELETE FROM customers WHERE id < 100 + 4000 AND id <> 7",
                "DELETE FROM customers WHERE created <= now()",
                "DELETE FROM customers WHERE created < '2199-01-01'::timestamptz",
                "DELETE FROM customers WHERE created < timestamp '2199-01-01' AND id::bigint > 5",
                "UPDATE customers SET name = 'x' WHERE created < current_date + interval '3 days'",
                "WITH x AS (SELECT 1) DELETE FROM public.customers AS c WHERE c.id > 0",
                "WITH x AS (SELECT 1), y (a) AS (SELECT now()) UPDATE customers SET name = 'x' WHERE name <> 'y'"
            })
    void whatPlainlyChangesTooMuchOfALargeTableIsRefusedBeforeTheWork(String sql) throws SQLException {
        assertThat(refusal(sql))
                .startsWith("AR002: agentroles refused to change more than 100 rows of public.customers");
    }

    /// The guard evaluates with its owner's rights: nothing that is not the server's own.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM customers WHERE id > abs(0)",
                "DELETE FROM customers WHERE id > ANY (ARRAY[0])",
                "DELETE FROM customers WHERE id > 0::varchar(5)::int",
                "DELETE FROM customers WHERE public.now() > 0 AND id > 0"
            })
    void whatElseIsAskedIsLeftToTheCount(String sql) throws SQLException {
        ground.database.execute("CREATE FUNCTION public.now() RETURNS int LANGUAGE sql AS 'SELECT 1'");
        assertThat(refusal(sql)).startsWith("AR002: agentroles refused to change 3000 rows of public.customers");
    }
}
