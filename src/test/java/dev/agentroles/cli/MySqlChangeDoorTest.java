package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How agents ask for schema changes on MySQL and MariaDB.
@OnEachMySql
final class MySqlChangeDoorTest implements ChangeDoorContract {
    @TempDir
    private static Path directory = Path.of("");

    @Parameter
    private MySql server = MySql.newest().getFirst();

    @AutoClose
    @RegisterExtension
    private final ChangeDoorGrounds grounds = new ChangeDoorGrounds(
            () -> ChangeDoorGround.OnMySql.of(server.createDatabase(), Files.createTempDirectory(directory, "ground")));

    @Override
    public ChangeDoorGround ground() {
        return grounds.current();
    }

    /// As DDL does there: what was asked for stays asked for.
    @AsksOnly
    @Test
    void aCallEndsTheTransactionThatIsOpenAndKeepsNothingLocked() throws Exception {
        try (var session = ground().connect("desk");
                var other = ground().connect("desk")) {
            ground().run(session, "SET autocommit = 0");
            ground().request(session, "DROP TABLE t", "why");
            ground().run(session, "ROLLBACK");
            ground().request(session, "DROP TABLE t", "why");

            ground().request(other, "DROP TABLE t", "at once");
            ground().database().execute("UPDATE agentroles.change_request SET state = 'REJECTED'");
        }
        assertThat(ground().count()).isEqualTo(3);
    }

    @Test
    void aDatabaseWithoutItsProceduresIsFoundAndMended() throws Exception {
        ground().database()
                .execute(
                        "DROP PROCEDURE agentroles_changes.request",
                        "DROP PROCEDURE agentroles_changes.requests",
                        "DROP PROCEDURE agentroles_changes.asking");

        assertThat(ground().ends(2, "verify", "shop.yaml", "--no-color").out())
                .contains("the procedures of database agentroles_changes are not as agentroles made them")
                .doesNotContain("there is no database");
        ground().clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground().clean("verify", "shop.yaml", "--fail-on", "high");
    }

    /// A nul byte is a character here.
    @AsksOnly
    @Test
    void aNulIsDataToo() throws Exception {
        try (var session = ground().connect("desk")) {
            ground().request(session, "DROP TABLE t\u0000; x", "a\u0000b");
        }
        assertThat(ground().database().query("SELECT HEX(reason) FROM agentroles.change_request"))
                .containsExactly("610062");
    }

    /// Nothing that a session sets makes a number of its own, another time, or another asker.
    @AsksOnly
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET SESSION TRANSACTION READ ONLY",
                "SET timestamp = 1",
                "SET time_zone = '+11:00'",
                "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'",
                "SET sql_mode = ''",
                "SET NAMES latin1",
                "SET NAMES gbk",
                "SET NAMES binary",
                "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET autocommit = 0",
                "SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
                "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY",
                "SET completion_type = 1",
                "SET autocommit = 0",
                "SET ROLE NONE; SET ROLE ALL",
                "BEGIN",
            })
    void whateverASessionSetsItAsksAsItself(String setting) throws Exception {
        try (var session = ground().connect("desk")) {
            for (var one : setting.split("; ", -1)) {
                try {
                    ground().run(session, one);
                } catch (SQLException refused) {
                    // What the server does not let an agent set cannot matter.
                    assertThat(refused.getErrorCode()).as(refused.getMessage()).isIn(1227, 1064, 1959);
                }
            }
            if (!setting.startsWith("SET ROLE")) {
                ground().run(session, "CALL agentroles_changes.request('DROP TABLE t', 'it is so')");
            }
        }
        try (var session = ground().connect("desk")) {
            assertThat(ground().request(session, "DROP TABLE t", "it is so")).isLessThan(100);
        }
        assertThat(ground().database()
                        .query("SELECT DISTINCT CONCAT(agent, ' ', reason) FROM agentroles.change_request"))
                .containsExactly("desk it is so");
        assertThat(ground().secondsSinceTheNewest()).isBetween(-2L, 60L);
    }

    @AsksOnly
    @ParameterizedTest
    @ValueSource(strings = {"x'41ff42'", "_binary x'c328'", "_latin1 x'e9'", "_utf8mb4 x'eda080'", "_sjis x'835c'"})
    void bytesThatAreNoTextHideNoRequest(String bytes) throws Exception {
        try (var session = ground().connect("desk")) {
            try {
                ground().run(session, "CALL agentroles_changes.request(%1$s, %1$s)".formatted(bytes));
            } catch (SQLException refused) {
                assertThat(refused.getMessage()).containsAnyOf("haracter", "string value", "an empty statement");
            }
            long id = ground().request(session, "DROP TABLE t", "why");

            assertThat(ground().ends(2, "change", "list", "shop.yaml").out())
                    .contains(ground().database().name() + "/" + id);
        }
    }

    /// It would be the last but few that there are.
    @AsksOnly
    @Test
    void noSessionSaysWhichNumberItsRequestGets() throws Exception {
        try (var session = ground().connect("desk")) {
            ground().run(session, "SET insert_id = 9223372036854775000");
            assertThatThrownBy(() -> ground().request(session, "DROP TABLE t", "why"))
                    .hasMessageContaining("a number that the session has set");
        }
        try (var session = ground().connect("desk")) {
            assertThat(ground().request(session, "DROP TABLE t", "why")).isLessThan(100);
        }
    }

    @Test
    void whatTheAdministratorLacksIsNamedWithTheStatementThatGivesIt() throws Exception {
        ground().withoutAsking();
        ground().clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground().profile();
        var administrator = ground().operator.administrator().username();
        ground().database()
                .execute(
                        "REVOKE CREATE, DROP, CREATE ROUTINE, ALTER ROUTINE, EXECUTE, EVENT, GRANT OPTION ON `agentroles\\_changes`.* FROM '%s'@'%%'"
                                .formatted(administrator));

        var said = ground().operator.run("plan", "shop.yaml");

        assertThat(said.out() + said.err())
                .contains(
                        "may not CREATE, DROP, CREATE ROUTINE, ALTER ROUTINE, EXECUTE, EVENT in schema agentroles_changes")
                .contains(
                        "GRANT CREATE, DROP, CREATE ROUTINE, ALTER ROUTINE, EXECUTE, EVENT ON `agentroles\\_changes`.* TO '%s'@'%%' WITH GRANT OPTION"
                                .formatted(administrator));
    }

    /// MySQL since 8.0.16 lets nobody without SYSTEM_USER drop what somebody with it has made.
    @Test
    void aProcedureOfASuperuserIsDroppedByOne() throws Exception {
        ground().database()
                .execute(
                        "DROP PROCEDURE agentroles_changes.requests",
                        "CREATE PROCEDURE agentroles_changes.requests() SELECT 1");

        if (!server.mariadb() && !server.release().before("8.0.16")) {
            var said = ground().operator.run("plan", "shop.yaml");
            assertThat(said.out() + said.err())
                    .contains("procedure agentroles_changes.requests is ", "has no SYSTEM_USER to drop it");
            ground().database().execute("DROP PROCEDURE agentroles_changes.requests");
        }
        ground().clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground().clean("verify", "shop.yaml", "--fail-on", "high");
    }
}
