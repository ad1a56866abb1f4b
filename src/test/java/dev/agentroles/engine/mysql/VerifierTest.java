package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Secret;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What we compute is what the servers compute.
@OnEachMySql
final class VerifierTest {
    private static final List<String> PASSWORDS =
            List.of("secret", "p", "abcdefghijklmnopqrstuvwxyz012345", "grüße", "x".repeat(100));

    private final MySql server;

    @AutoClose
    private final MySqlDatabase database;

    VerifierTest(MySql server) throws SQLException {
        this.server = server;
        this.database = server.createDatabase();
    }

    @Test
    void theVerifierIsWhatTheServerKeepsOfTheSamePassword() throws SQLException {
        for (var password : PASSWORDS) {
            if (server.mariadb()) {
                assertThat(NativePassword.verifier(Secret.of(password)))
                        .isEqualTo(database.query("SELECT PASSWORD('" + password + "')")
                                .getFirst());
            } else {
                database.execute("CREATE USER '%s'@'%%' IDENTIFIED WITH caching_sha2_password BY '%s'"
                        .formatted(database.named("hashed"), password));
                var kept = new String(
                        HexFormat.of()
                                .parseHex(database.query(
                                                "SELECT HEX(authentication_string) FROM mysql.user WHERE user = '"
                                                        + database.named("hashed") + "'")
                                        .getFirst()),
                        StandardCharsets.ISO_8859_1);
                assertThat(CachingSha2.verifier(
                                Secret.of(password), kept.substring(7, 27), Integer.parseInt(kept.substring(3, 6), 16)))
                        .isEqualTo(kept);
                database.execute("DROP USER '%s'@'%%'".formatted(database.named("hashed")));
            }
        }
    }

    @Test
    void whoHasThePasswordLogsIn() throws SQLException {
        var login = new Login(database.named("hashed"), Secret.of("abcdefghijklmnopqrstuvwxyz012345"));
        var verifier = server.mariadb()
                ? "VIA mysql_native_password USING " + Sql.literal(NativePassword.verifier(login.password()))
                : "WITH caching_sha2_password AS "
                        + Sql.literal(CachingSha2.verifier(login.password(), new SecureRandom()));
        database.execute(
                "CREATE USER '%s'@'%%' IDENTIFIED %s".formatted(login.username(), verifier),
                "GRANT SELECT ON %s.* TO '%s'@'%%'".formatted(database.name(), login.username()));

        database.connect(login).close();
    }

    /// From MariaDB's page on the plugin; where a server has it, it says the same by itself.
    @Test
    void anEd25519KeyIsTheOneOfTheManual() {
        assertThat(Ed25519.verifier(Secret.of("secret"))).isEqualTo("ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY");
    }
}
