package dev.agentroles.harness;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands between clients and a MySQL or MariaDB, passes everything on, and keeps what a client proves its
/// password with until it is told to go on. The server has looked the account up by then.
public final class StallingProxy implements AutoCloseable {
    /// The first is the account's name; what comes second answers the server's challenge.
    private static final int PROOF = 2;

    private final Relay relay;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    public StallingProxy(URI to) {
        relay = new Relay(to.getHost(), to.getPort(), () -> {
            var sent = new AtomicInteger();
            return new Relay.Passages(chunk -> stall(chunk, sent.incrementAndGet()), chunk -> chunk);
        });
    }

    public int port() {
        return relay.port();
    }

    /// Comes back when a client has been asked for its password.
    public void awaitAsked() throws InterruptedException {
        asked.await();
    }

    public void goOn() {
        gate.countDown();
    }

    private byte[] stall(byte[] chunk, int number) {
        if (number == PROOF) {
            asked.countDown();
            try {
                gate.await();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }
        return chunk;
    }

    @Override
    public void close() throws IOException {
        goOn();
        relay.close();
    }
}
