package dev.agentroles.cli;

import dev.agentroles.credential.SecretStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Threads that do what programs of agents do, over and over: read the login, connect, ask something.
final class Readers implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Ground ground;
    private final SecretStore store;
    private final ExecutorService threads;
    private final CountDownLatch enough = new CountDownLatch(1);
    private final AtomicInteger connections = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    Readers(Ground ground, int number) {
        this.ground = ground;
        this.store = ground.operator.store();
        this.threads = Executors.newFixedThreadPool(number);
        for (int i = 0; i < number; i++) {
            var agent = i % 2 == 0 ? Ground.AGENT : Ground.OTHER;
            threads.execute(() -> {
                while (!pause(PAUSE)) {
                    readAndConnect(agent);
                }
            });
        }
    }

    private void readAndConnect(String agent) {
        var held = store.read(ground.path(agent)).held();
        if (held.isEmpty()) {
            failures.add(agent + ": nothing is published");
            return;
        }
        var secret = held.get().secret();
        var login = new dev.agentroles.harness.Login(secret.username(), secret.password());
        try (var session = ground.database.connect(login);
                var statement = session.createStatement()) {
            statement.execute("SELECT id FROM app.orders");
            connections.incrementAndGet();
        } catch (SQLException refused) {
            failures.add(secret.username() + ", which ends at " + secret.expiresAt() + ": " + refused.getMessage());
        }
    }

    /// @return whether it is over
    boolean pause(Duration time) {
        try {
            return enough.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    int connections() {
        return connections.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        enough.countDown();
        threads.close();
        store.close();
    }
}
