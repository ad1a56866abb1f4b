package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a server has set for everybody that must not matter, or must be refused.
@OnEachMySql
final class MySqlServerSettingsTest {
    @AutoClose
    private final OrdersGround ground;

    MySqlServerSettingsTest(MySql server, @TempDir Path directory) throws SQLException {
        ground = new OrdersGround(server, directory);
    }

    /// What administrators set for everybody, against mistakes or for other programs.
    @Test
    void whatIsSetForEverySessionChangesNothingInOurs() throws SQLException, IOException {
        ground.profile(ground.orders(), "", "");
        var readOnly = ground.server.mariadb() ? "tx_read_only" : "transaction_read_only";
        var settings = List.of(
                "sql_mode = 'ANSI'",
                "default_storage_engine = MyISAM",
                "sql_safe_updates = 1",
                readOnly + " = 1",
                "completion_type = 2",
                "autocommit = 0",
                "sql_auto_is_null = 1",
                "sql_quote_show_create = 0",
                "max_join_size = 1",
                "sql_select_limit = 1");
        try {
            for (var setting : settings) {
                ground.database.execute("SET GLOBAL " + setting);
            }

            ground.ends(0, "apply", "shop.yaml", "--yes");
            ground.ends(0, "rotate", "shop.yaml", "--all");
            ground.ends(0, "plan", "shop.yaml");
            ground.ends(0, "verify", "shop.yaml");
        } finally {
            for (var setting : settings.reversed()) {
                ground.database.execute("SET GLOBAL " + setting.replaceFirst("= .*", "= DEFAULT"));
            }
        }
        assertThat(
                        ground.database.query(
                                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'agentroles' AND engine <> 'InnoDB'"))
                .isEmpty();
    }

    /// What many a server has: MySQL's own packages install it, and benchmarks of security ask for it.
    @Test
    void whereMySqlJudgesPasswordsRolesAndLoginsAreMade() throws SQLException, IOException {
        if (ground.server.mariadb() || ground.server.release().before("8.0.21")) {
            return;
        }
        ground.profile(ground.orders(), "", "");
        ground.database.execute("INSTALL COMPONENT 'file://component_validate_password'");
        try {
            ground.ends(0, "apply", "shop.yaml", "--yes");
            ground.ends(0, "rotate", "shop.yaml", "--all");
            assertThat(ground.ends(0, "plan", "shop.yaml").out()).contains("No changes");
        } finally {
            ground.database.execute("UNINSTALL COMPONENT 'file://component_validate_password'");
        }
    }

    /// It takes clear text only, and nothing of ours is that. The 11.4 of these tests comes without plugins.
    @Test
    void whereMariaDbWantsToJudgeEveryPasswordThePlanSaysSo() throws SQLException, IOException {
        if (!ground.server.mariadb() || ground.server.release().version().equals("11.4")) {
            return;
        }
        ground.profile(ground.orders(), "", "");
        ground.database.execute("INSTALL SONAME 'simple_password_check'");
        try {
            assertThat(ground.ends(1, "apply", "shop.yaml", "--yes").err())
                    .contains("the server takes no verifier in place of a password (strict_password_validation)");

            ground.database.execute("SET GLOBAL strict_password_validation = OFF");
            ground.ends(0, "apply", "shop.yaml", "--yes");
        } finally {
            ground.database.execute(
                    "SET GLOBAL strict_password_validation = ON", "UNINSTALL SONAME 'simple_password_check'");
        }
    }

    @Test
    void aModeThatMariaDbsDriverCannotBeginWithIsNamed() throws SQLException, IOException {
        if (!ground.server.mariadb()) {
            return;
        }
        ground.profile(ground.orders(), "", "");
        var mode = ground.database.query("SELECT @@GLOBAL.sql_mode").getFirst();
        ground.database.execute("SET GLOBAL sql_mode = 'EMPTY_STRING_IS_NULL'");
        try {
            assertThat(ground.ends(1, "plan", "shop.yaml").err())
                    .contains("take EMPTY_STRING_IS_NULL out of the server's sql_mode");
        } finally {
            ground.database.execute("SET GLOBAL sql_mode = '" + mode + "'");
        }
    }

    /// The lease says when a login ends, and nothing else.
    @Test
    void noRuleForTheAgeOfPasswordsEndsALogin() throws SQLException, IOException {
        ground.profile(ground.orders(), "", "");
        ground.database.execute("SET GLOBAL default_password_lifetime = 1");
        try {
            ground.ends(0, "apply", "shop.yaml", "--yes");
            ground.database.execute(
                    ground.server.mariadb()
                            ? "UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.password_last_changed', UNIX_TIMESTAMP() - 200000) WHERE User = '"
                                    + ground.published().username() + "'"
                            : "UPDATE mysql.user SET password_last_changed = NOW() - INTERVAL 2 DAY WHERE User = '"
                                    + ground.published().username() + "'",
                    "FLUSH PRIVILEGES");

            try (var session = ground.database.connect(ground.published());
                    var statement = session.createStatement()) {
                assertThat(statement.execute("SELECT count(*) FROM " + ground.orders()))
                        .isTrue();
            }
        } finally {
            ground.database.execute("SET GLOBAL default_password_lifetime = DEFAULT");
        }
    }

    /// It lets an agent in to give a new password, and to nothing else.
    @Test
    void aLoginWhosePasswordSomebodyHasExpiredIsReplaced() throws SQLException, IOException {
        ground.profile(ground.orders(), "", "");
        ground.ends(0, "apply", "shop.yaml", "--yes");
        ground.database.execute("ALTER USER '%s'@'%%' PASSWORD EXPIRE"
                .formatted(ground.published().username()));

        assertThat(ground.ends(0, "rotate", "shop.yaml").out())
                .contains("does not work: ")
                .contains("Rotated 1, 0 not due.");
    }

    /// As servers greet whoever they do not let so far as to say who it is.
    @Test
    void whyNobodyIsLetInIsToldWithWhatToDo() throws IOException {
        ground.profile(ground.orders(), "", "");
        greeted(1129, "Host '10.1.2.3' is blocked because of many connection errors", "FLUSH HOSTS (MariaDB)");
        greeted(1053, "Server shutdown in progress", "takes no sessions now: ");
    }

    private void greeted(int number, String text, String told) throws IOException {
        var said = text.getBytes(StandardCharsets.US_ASCII);
        var greeting = ByteBuffer.allocate(7 + said.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(3 + said.length)
                .put((byte) 0xFF)
                .putShort((short) number)
                .put(said)
                .array();
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var guest = server.accept()) {
                    guest.getOutputStream().write(greeting);
                    guest.getInputStream().read();
                } catch (IOException _) {
                    // The guest has left, which is all there is to wait for.
                }
            });
            ground.operator.set(
                    "DB_URL", ground.database.url().replaceFirst(":[0-9]+/", ":" + server.getLocalPort() + "/"));

            assertThat(ground.ends(1, "plan", "shop.yaml").err()).contains(text).contains(told);
        }
    }

    @Test
    void aServerThatTrustsNobodyToMakeFunctionsIsSaidToBeOne() throws SQLException, IOException {
        var trust = ground.database
                .query("SELECT @@log_bin_trust_function_creators")
                .getFirst();
        ground.database.execute("SET GLOBAL log_bin_trust_function_creators = OFF");
        try {
            ground.profile(ground.orders(), "", "");
            ground.writer("writer.yaml");

            var said = ground.operator.run("plan", "writer.yaml");

            var cure = "SET GLOBAL log_bin_trust_function_creators = 1";
            if (ground.database.query("SELECT @@log_bin").equals(List.of("1"))) {
                assertThat(said.out() + said.err()).contains(cure);
                assertThat(ground.ends(1, "apply", "writer.yaml", "--yes").err())
                        .contains(cure);
            } else {
                assertThat(said.out() + said.err()).doesNotContain(cure);
            }
        } finally {
            ground.database.execute("SET GLOBAL log_bin_trust_function_creators = " + trust);
        }
    }

    @Test
    void aWriterIsRefusedWhereTheBinaryLogHoldsStatements() throws SQLException, IOException {
        var format = ground.database.query("SELECT @@GLOBAL.binlog_format").getFirst();
        ground.profile(ground.orders(), "", "");
        ground.writer("writer.yaml");
        ground.database.execute("SET GLOBAL binlog_format = 'STATEMENT'");
        try {
            var said = ground.operator.run("plan", "writer.yaml");

            if (ground.database.query("SELECT @@log_bin").equals(List.of("1"))) {
                assertThat(said.out() + said.err())
                        .contains("writer.yaml:")
                        .contains("the binary log holds statements (binlog_format = STATEMENT)");
                ground.ends(1, "apply", "writer.yaml", "--yes");
            } else {
                assertThat(said.out() + said.err()).doesNotContain("binlog_format");
            }
            assertThat(ground.operator.run("plan", "shop.yaml").out()).doesNotContain("binlog_format");
        } finally {
            ground.database.execute("SET GLOBAL binlog_format = '" + format + "'");
        }
    }
}
