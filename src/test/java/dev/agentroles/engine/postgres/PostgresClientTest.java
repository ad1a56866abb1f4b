package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Secret;
import dev.agentroles.engine.Target;
import org.junit.jupiter.api.Test;

/// Where libpq goes with the environment that `exec` gives its programs.
final class PostgresClientTest {
    @Test
    void anAddressHasBracketsInAUrlOnly() {
        var login = new Target("shop", "jdbc:postgresql://[2001:db8::7]:5433/shop", "bot", Secret.of("p@ss"));

        assertThat(PostgresClient.environment(login))
                .containsEntry("PGHOST", "2001:db8::7")
                .containsEntry("PGPORT", "5433")
                .containsEntry("DATABASE_URL", "postgresql://bot:p%40ss@[2001:db8::7]:5433/shop");
    }
}
