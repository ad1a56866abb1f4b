package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import dev.agentroles.harness.StallingProxy;
import dev.agentroles.harness.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client that has said its name and takes its time with its password is let in by an account that has been
/// locked meanwhile.
@OnEachMySql
final class MySqlHiddenSessionTest {
    @AutoClose
    private final MySqlGround ground;

    private final boolean mariadb;

    MySqlHiddenSessionTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        mariadb = server.mariadb();
        ground = new MySqlGround(server, directory);
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @ParameterizedTest
    @ValueSource(strings = {"freeze", "revoke --agent bot"})
    void aSessionThatHidFromAStopHasNoPower(String stop) throws Exception {
        var agent = ground.published(MySqlGround.AGENT).orElseThrow();
        // What it remembers of passwords, MySQL checks at once.
        ground.database.execute("FLUSH PRIVILEGES");
        var properties = new Properties();
        properties.setProperty("user", agent.username());
        properties.setProperty("password", agent.clear());
        properties.setProperty("sslMode", "DISABLED");
        properties.setProperty("allowPublicKeyRetrieval", "true");
        var server = URI.create(ground.database.url().substring("jdbc:".length()));
        try (var proxy = new StallingProxy(server);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var url = "jdbc:mysql://127.0.0.1:" + proxy.port();
            Callable<Connection> connecting = () -> DriverManager.getConnection(url, properties);
            var hidden = threads.submit(connecting);
            proxy.awaitAsked();

            ground.clean((stop + " shop.yaml --reason now").split(" "));
            proxy.goOn();

            // MariaDB shows it with its name before it is in, and so it was ended.
            if (mariadb) {
                assertThatThrownBy(hidden::get).isInstanceOf(ExecutionException.class);
                return;
            }
            try (var session = hidden.get()) {
                assertThatThrownBy(() ->
                                TestDatabase.query(session, "SELECT id FROM " + ground.database.name() + ".orders"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("denied");
            }
        }
    }
}
