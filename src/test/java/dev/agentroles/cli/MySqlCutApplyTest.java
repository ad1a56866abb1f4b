package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import dev.agentroles.harness.RequestProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// There is no transaction around an apply here, so it may end after any of its requests. The next one
/// finishes it. What is tried closely on the newest MySQL and MariaDB is tried at fewer moments on the older ones.
@OnEachMySql
final class MySqlCutApplyTest {
    /// Both are odd and coprime to the number of requests that a statement takes, so that all kinds of moments come up.
    private static final int STRIDE = 11;

    private static final int LONG_STRIDE = 41;

    private final MySql server;

    @TempDir
    private Path directory;

    MySqlCutApplyTest(MySql server) {
        this.server = server;
    }

    @Test
    void whateverRequestIsTheLastTheNextApplyFinishesTheWork() throws Exception {
        int requests = cutAt(Integer.MAX_VALUE);
        int stride = MySql.newest().contains(server) ? STRIDE : LONG_STRIDE;
        for (int at = 3; at <= requests; at += stride) {
            cutAt(at);
        }
    }

    /// @return how many requests there were
    private int cutAt(int at) throws SQLException, IOException {
        var folder = Files.createDirectory(directory.resolve("cut-at-" + at));
        try (var ground = new MySqlGround(server, folder)) {
            int requests = applyThroughAProxy(ground, at);
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            ground.clean("reap", "shop.yaml");
            ground.everythingIsInOrder("cut at request " + at + " of " + requests);
            return requests;
        }
    }

    private static int applyThroughAProxy(MySqlGround ground, int at) throws IOException {
        var url = ground.database.url();
        var address = URI.create(url.substring("jdbc:".length()));
        try (var proxy = new RequestProxy(
                address.getHost(),
                address.getPort(),
                number -> cutIf(number == at && at % 2 == 1),
                number -> cutIf(number == at && at % 2 == 0))) {
            ground.operator.set("DB_URL", url.replace(":" + address.getPort() + "/", ":" + proxy.port() + "/"));
            var said = ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify");
            // Cut at its last request, when it takes its leave, it has done everything.
            if (at == Integer.MAX_VALUE) {
                assertThat(said.code()).as(said.err()).isZero();
            }
            ground.operator.set("DB_URL", url);
            return proxy.requests();
        }
    }

    private static void cutIf(boolean now) {
        if (now) {
            throw new UncheckedIOException(new IOException("cut"));
        }
    }
}
