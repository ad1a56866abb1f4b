package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.ForgetfulProxy;
import dev.agentroles.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The login of a program when something happens around it: the network forgets a connection, a signal comes.
final class BorrowedLoginTest {
    /// TERM, as shells tell it.
    private static final int TOLD_TO_END = 128 + 15;

    private final Path directory;
    private final Path running;
    private final Path go;

    BorrowedLoginTest(@TempDir Path directory) {
        this.directory = directory;
        this.running = directory.resolve("running");
        this.go = directory.resolve("go");
    }

    /// Says that it runs, and ends when it is told to.
    private String program() {
        return "touch '" + running + "'; while [ ! -e '" + go + "' ]; do sleep 0.1; done; exit 3";
    }

    private static List<String> leases(LeaseGround ground) throws SQLException {
        return ground.database().query("SELECT state FROM agentroles.lease WHERE purpose = 'PROGRAM'");
    }

    private static boolean isKept(LeaseGround ground) throws SQLException {
        var lease = ground.database()
                .query("SELECT id FROM agentroles.lease WHERE purpose = 'PROGRAM'")
                .getFirst();
        try (var session = ground.database().superuser()) {
            return Ledger.on(session, ground.ledger()).claims().isLeaseClaimed(lease);
        }
    }

    /// The server hears of it much later than we do.
    @ParameterizedTest
    @MethodSource("dev.agentroles.cli.LeaseGround#newest")
    void outlivesAConnectionThatTheNetworkForgets(CrashMatrix.Grounds grounds) throws Exception {
        try (var ground = grounds.in(directory);
                var proxy = new ForgetfulProxy(ground.database().url())) {
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            ground.operator().set("DB_URL", proxy.url());
            var said = CompletableFuture.supplyAsync(() ->
                    ground.operator().run("exec", "shop.yaml", "--agent", ground.agent(), "--", "sh", "-c", program()));
            ground.await("the program runs", () -> Files.exists(running));
            var lost = ground.sessions();
            assertThat(lost).hasSize(1);

            proxy.forget();
            ground.await("another session has come", () -> ground.sessions().size() == 2);
            for (int pauses = 0; pauses < 5; pauses++) {
                ground.pause();
            }
            ground.endSession(lost.getFirst());
            ground.await("the new one keeps the lease", () -> isKept(ground));

            assertThat(ground.clean("reap", "shop.yaml").out()).isEqualTo("Nothing to reap.\n");
            Files.createFile(go);
            assertThat(said.get().code()).isEqualTo(3);
            assertThat(said.get().err()).isEmpty();
            assertThat(leases(ground)).containsExactly("ENDED");
            ground.everythingIsInOrder("afterwards");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.agentroles.cli.LeaseGround#newest")
    void endsWhenTheRunIsToldToEndBeforeTheProgramIsThere(CrashMatrix.Grounds grounds) throws Exception {
        try (var ground = grounds.in(directory)) {
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            Process process;
            try (var _ = ground.holdJournal()) {
                process = ExecTest.start(directory, ground, program());
                ground.await("the login is being made", ground::waits);
                tellToEnd(ground, process);
            }

            assertThat(process.waitFor()).as(ExecTest.said(directory)).isEqualTo(TOLD_TO_END);
            assertThat(running).doesNotExist();
            ground.everythingIsInOrder("afterwards");
            assertThat(leases(ground)).containsExactly("ENDED");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.agentroles.cli.LeaseGround#newest")
    void endsWhenTheRunIsToldToEndAfterTheProgramHasEnded(CrashMatrix.Grounds grounds) throws Exception {
        try (var ground = grounds.in(directory)) {
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            var process = ExecTest.start(directory, ground, program());
            ground.await("the program runs", () -> Files.exists(running));
            try (var _ = ground.holdJournal()) {
                Files.createFile(go);
                ground.await("the login is being ended", ground::waits);
                tellToEnd(ground, process);
            }

            assertThat(process.waitFor()).as(ExecTest.said(directory)).isEqualTo(TOLD_TO_END);
            assertThat(leases(ground)).containsExactly("ENDED");
            ground.everythingIsInOrder("afterwards");
        }
    }

    private static void tellToEnd(LeaseGround ground, Process process) throws IOException, SQLException {
        process.toHandle().destroy();
        // It takes its time to hear of it.
        ground.pause();
    }
}
