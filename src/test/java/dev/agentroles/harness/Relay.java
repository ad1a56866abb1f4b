package dev.agentroles.harness;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Stands between clients and a server and passes on what it is told to, in both directions.
final class Relay implements AutoCloseable {
    /// What happens to the bytes of one direction of a connection.
    @FunctionalInterface
    interface Passage {
        /// What to pass on in place of a chunk, as it arrived; null ends the connection.
        byte @Nullable [] of(byte[] chunk);

        /// It has been passed on.
        default void passed() {}
    }

    /// @param out of what the client sends
    /// @param back of what the server answers
    record Passages(Passage out, Passage back) {}

    private final String host;
    private final int port;
    private final Supplier<Passages> passages;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Connected> connected = ConcurrentHashMap.newKeySet();

    /// @param forgotten whether the server is left alone with it
    private record Connected(Socket client, Socket server, AtomicBoolean forgotten) implements Closeable {
        @Override
        public void close() throws IOException {
            if (!forgotten.get()) {
                client.close();
                server.close();
            }
        }
    }

    /// @param passages one for each connection
    Relay(String host, int port, Supplier<Passages> passages) {
        this.host = host;
        this.port = port;
        this.passages = passages;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : sockets) {
            socket.close();
        }
    }

    /// As a router that has lost its memory: clients find their connections broken, and the server does not
    /// hear of it.
    void forget() throws IOException {
        for (var one : connected) {
            one.forgotten().set(true);
            one.client().close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = opened(listener.accept());
                var server = opened(new Socket(host, port));
                var one = new Connected(client, server, new AtomicBoolean());
                connected.add(one);
                var both = passages.get();
                Thread.ofVirtual().start(() -> pump(one, client, server, both.out()));
                Thread.ofVirtual().start(() -> pump(one, server, client, both.back()));
            } catch (IOException closed) {
                // The test is over, or the server is gone: the client sees a broken connection.
            }
        }
    }

    private Socket opened(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private static void pump(Connected connection, Socket from, Socket to, Passage passage) {
        try (connection) {
            var in = from.getInputStream();
            var out = to.getOutputStream();
            var buffer = new byte[64 * 1024];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                var passed = passage.of(Arrays.copyOf(buffer, length));
                if (passed == null) {
                    return;
                }
                out.write(passed);
                out.flush();
                passage.passed();
            }
        } catch (IOException | UncheckedIOException gone) {
            // One side has gone, or a test wants it so; closing both tells the other.
        }
    }
}
