package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Secret;
import dev.agentroles.engine.Target;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the server said, in words.
final class PostgresErrorsTest {
    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db:5432/shop?sslmode=verify-full, db:5432/shop",
        "jdbc:postgresql:shop, localhost/shop",
        "jdbc:postgresql:/, localhost/",
        "jdbc:postgresql://db/the shop, db/the shop"
    })
    void theDatabaseIsNamedAsItsUrlSays(String url, String address) {
        var target = new Target("shop", url, "provisioner", Secret.of("sesame"));

        assertThat(PostgresErrors.describe(new SQLException("out of paper", "58000"), target)
                        .what())
                .isEqualTo("database shop at " + address + ": out of paper (SQLSTATE 58000)");
    }
}
