package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How agents ask for schema changes on PostgreSQL.
@OnEachPostgreSql
final class ChangeDoorTest implements ChangeDoorContract {
    @TempDir
    private static Path directory = Path.of("");

    @Parameter
    private PostgreSql server = PostgreSql.newest();

    @AutoClose
    @RegisterExtension
    private final ChangeDoorGrounds grounds = new ChangeDoorGrounds(() ->
            ChangeDoorGround.OnPostgreSql.of(server.createDatabase(), Files.createTempDirectory(directory, "ground")));

    @Override
    public ChangeDoorGround ground() {
        return grounds.current();
    }

    @AsksOnly
    @Test
    void inASessionThatOnlyReadsAnAgentBeginsATransactionThatWrites() throws Exception {
        try (var session = ground().connect("desk")) {
            ground().run(session, "SET default_transaction_read_only = on");
            assertThatThrownBy(() -> ground().request(session, "DROP TABLE t", "why"))
                    .hasMessageContaining("read-only transaction")
                    .hasMessageContaining("BEGIN READ WRITE");
            assertThat(ground().requests(session)).isEmpty();

            ground().run(session, "BEGIN READ WRITE");
            ground().request(session, "DROP TABLE t", "why");
            ground().run(session, "COMMIT");
            assertThat(ground().requests(session)).hasSize(1);
        }
    }

    @AsksOnly
    @Test
    void whatIsNotCommittedWasNotAskedFor() throws Exception {
        try (var session = ground().connect("desk")) {
            session.setAutoCommit(false);
            ground().request(session, "DROP TABLE t", "why");
            session.rollback();
        }
        assertThat(ground().count()).isZero();
    }

    /// Its server takes any bytes for text, and no driver of a person's does.
    @Test
    void bytesThatAreNoTextHideNoRequestWhereTheDatabaseHasNoEncoding() throws Exception {
        ground().database()
                .execute("UPDATE pg_database SET encoding = 0 WHERE datname = '%s'"
                        .formatted(ground().database().name()));
        try (var session = ground().connect("desk")) {
            assertThatThrownBy(() ->
                            ground().run(session, "SELECT agentroles_changes.request(E'DROP TABLE t\\xff', 'why')"))
                    .hasMessageContaining("invalid byte sequence");
            assertThatThrownBy(
                            () -> ground().run(session, "SELECT agentroles_changes.request('DROP TABLE t', E'\\xc3')"))
                    .hasMessageContaining("invalid byte sequence");
            ground().request(session, "DROP TABLE größe", "why");
        }
        assertThat(ground().ends(2, "change", "list", "shop.yaml").out()).contains("DROP TABLE");
    }

    /// Neither what the session sets nor what it makes is looked at in place of the server's own.
    @AsksOnly
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET standard_conforming_strings = off",
                "SET search_path = pg_temp, app",
                "SET TimeZone = 'Pacific/Kiritimati'",
                "SET transform_null_equals = on",
                "CREATE TEMP TABLE change_request (id bigint, agent text)",
            })
    void whateverASessionSetsItAsksAsItself(String setting) throws Exception {
        try (var session = ground().connect("desk")) {
            ground().run(session, setting);
            ground().run(session, "SELECT agentroles_changes.request('DROP TABLE t', 'it''s so')");
        }
        assertThat(ground().database().query("SELECT agent || ' ' || reason FROM agentroles.change_request"))
                .containsExactly("desk it's so");
        assertThat(ground().secondsSinceTheNewest()).isBetween(-2L, 60L);
    }

    /// By an administrator that is no superuser.
    @Test
    void aFunctionThatSomebodyElseOwnsIsGivenBackByADatabaseAdministrator() throws Exception {
        var stranger = ground().stranger();
        var back = "ALTER ROUTINE agentroles_changes.request(text,text) OWNER TO "
                + ground().operator.administrator().username();
        ground().database()
                .execute("ALTER FUNCTION agentroles_changes.request(text, text) OWNER TO " + stranger.username());

        assertThat(ground().ends(2, "verify", "shop.yaml", "--no-color", "--no-probes")
                        .out())
                .contains("CHANGE-DOOR");
        var plan = ground().operator.run("plan", "shop.yaml");
        assertThat(plan.out() + plan.err())
                .contains("may not mend what somebody else has done to schema agentroles_changes", back);

        ground().database().execute(back);
        ground().clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground().clean("verify", "shop.yaml", "--fail-on", "high");
        assertThat(ground().database()
                        .query("SELECT has_function_privilege('%s', 'agentroles_changes.request(text,text)', 'EXECUTE')"
                                .formatted(stranger.username())))
                .containsExactly("f");
    }

    @Test
    void aSchemaThatSomebodyElseOwnsIsNotTouched() throws Exception {
        var stranger = ground().stranger();
        ground().database().execute("ALTER SCHEMA agentroles_changes OWNER TO " + stranger.username());

        var said = ground().ends(1, "plan", "shop.yaml");

        assertThat(said.out() + said.err())
                .contains("schema agentroles_changes is taken: it belongs to " + stranger.username());
    }

    @Test
    void whatSomebodyPutBesideItIsSaidAndNotDropped() throws Exception {
        ground().database()
                .execute("CREATE FUNCTION agentroles_changes.request(text) RETURNS int LANGUAGE sql AS 'SELECT 1'");
        ground().withoutAsking();

        var said = ground().ends(1, "plan", "shop.yaml");

        assertThat(said.out() + said.err())
                .contains("has what agentroles did not make: function agentroles_changes.request(text)");
    }

    @Test
    void aFunctionThatIsOpenToEverybodyIsClosed() throws Exception {
        ground().database().execute("GRANT EXECUTE ON FUNCTION agentroles_changes.request(text, text) TO PUBLIC");

        assertThat(ground().ends(2, "verify", "shop.yaml", "--no-color").out()).contains("CHANGE-DOOR");
        ground().clean("apply", "shop.yaml", "--yes", "--no-verify");

        ground().clean("verify", "shop.yaml", "--fail-on", "high");
    }
}
