package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/// A program that `exec` has lent a login, and that does nothing until it is closed.
final class RunningProgram implements AutoCloseable {
    private final CompletableFuture<Operator.Said> said = new CompletableFuture<>();
    private final Path running;
    private final String login;

    RunningProgram(LeaseGround ground, String agent) throws IOException, SQLException {
        running = Files.createTempDirectory("program").resolve("running");
        var script = "touch '%1$s'; while [ -e '%1$s' ]; do sleep 0.1; done".formatted(running);
        Thread.ofVirtual()
                .start(() -> said.complete(
                        ground.operator().run("exec", "shop.yaml", "--agent", agent, "--", "sh", "-c", script)));
        Await.until(() -> Files.exists(running) || said.isDone());
        login = ground.database()
                .query("SELECT login FROM agentroles.lease WHERE purpose = 'PROGRAM' AND state = 'ISSUED'")
                .getFirst();
    }

    String login() {
        return login;
    }

    @Override
    public void close() throws IOException {
        Files.delete(running);
        Files.delete(running.getParent());
        assertThat(said.join().code()).as(said.join().err()).isZero();
    }
}
