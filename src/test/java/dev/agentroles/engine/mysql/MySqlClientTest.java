package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Secret;
import dev.agentroles.engine.Target;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Where the family's own programs go with the environment that `exec` gives them.
final class MySqlClientTest {
    private static Map<String, String> environment(String url) {
        return MySqlClient.environment(new Target("shop", url, "bot", Secret.of("p@ss")));
    }

    /// To `mysql`, localhost is the default socket.
    @Test
    void onThisMachineThePortCounts() {
        assertThat(environment("jdbc:mysql://localhost:3307/shop"))
                .containsEntry("MYSQL_HOST", "127.0.0.1")
                .containsEntry("MYSQL_TCP_PORT", "3307")
                .containsEntry("DATABASE_URL", "mysql://bot:p%40ss@127.0.0.1:3307/shop");
        assertThat(environment("jdbc:mysql:///shop")).containsEntry("MYSQL_HOST", "127.0.0.1");
    }

    @Test
    void anAddressHasBracketsInAUrlOnly() {
        assertThat(environment("jdbc:mariadb://[2001:db8::7]:3306/shop"))
                .containsEntry("MYSQL_HOST", "2001:db8::7")
                .containsEntry("DATABASE_URL", "mariadb://bot:p%40ss@[2001:db8::7]:3306/shop");
    }
}
