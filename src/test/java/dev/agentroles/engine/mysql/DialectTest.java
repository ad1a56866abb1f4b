package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentroles.problem.Failure;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Which servers each product's dialect takes.
final class DialectTest {
    @Test
    void aMySqlWithoutRolesIsTooOld() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> new MySqlDialect(new SecureRandom(), false).on(version("5.7.44-log"), "shop"))
                .withMessageContaining("database shop runs on MySQL 5.7.44-log, and agentroles knows 8.0.11 and later")
                .withMessageContaining("upgrade the server: older versions have no roles");
    }

    @Test
    void aMariaDbWithoutPublicIsTooOld() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> new MariaDbDialect(false).on(version("10.6.20-MariaDB"), "shop"))
                .withMessageContaining(
                        "database shop runs on MariaDB 10.6.20-MariaDB, and agentroles knows 10.11 and later")
                .withMessageContaining("older versions have no PUBLIC to audit");
    }

    @Test
    void theAdministratorsRightsSayWhereADatabaseIsNamedWithoutBackslashes() {
        var without = "-- where partial_revokes is ON, write the names from here on without the backslashes:";

        assertThat(MySqlEngine.mysql(new SecureRandom()).administratorRights("agentroles", "my_shop"))
                .contains(without);
        assertThat(MySqlEngine.mariadb().administratorRights("agentroles", "my_shop"))
                .doesNotContain(without);
    }

    private static Variables version(String version) {
        return new Variables(Map.of("version", version));
    }
}
