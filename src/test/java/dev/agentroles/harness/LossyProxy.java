package dev.agentroles.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Stands between a client and an HTTP server (version 1.1, no TLS), passes everything on, and loses what
/// it is told to: an answer to a request that the server has carried out.
public final class LossyProxy implements AutoCloseable {
    /// What happens to an answer, once.
    public enum Fault {
        /// It arrives; only what comes before the request happens.
        NONE,
        /// The connection breaks in its place.
        LOST,
        /// It never comes, and the connection stays.
        STALLED,
        /// Its head comes and its body does not.
        CUT
    }

    /// @param request part of a request's first line
    /// @param before runs before the request goes on to the server
    private record Plan(String request, Fault fault, Runnable before) {}

    private final URI to;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Plan> plan = new AtomicReference<>();

    public LossyProxy(URI to) {
        this.to = to;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /// For the next request whose first line contains a text.
    public void next(String request, Fault fault) {
        next(request, fault, () -> {});
    }

    public void next(String request, Fault fault, Runnable before) {
        plan.set(new Plan(request, fault, before));
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = opened(listener.accept());
                var server = opened(new Socket(to.getHost(), to.getPort()));
                var fault = new AtomicReference<>(Fault.NONE);
                Thread.ofVirtual().start(() -> pump(client, server, chunk -> plan(chunk, fault)));
                Thread.ofVirtual().start(() -> pump(server, client, chunk -> lose(chunk, fault.get())));
            } catch (IOException e) {
                // Closed, or the server is gone: the client sees a broken connection.
            }
        }
    }

    private Socket opened(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    /// Says what to pass on of a chunk; null ends the connection.
    @FunctionalInterface
    private interface Passage {
        byte @Nullable [] of(byte[] chunk);
    }

    private static void pump(Socket from, Socket to, Passage passage) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            var buffer = new byte[64 * 1024];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                var passed = passage.of(Arrays.copyOf(buffer, length));
                if (passed == null) {
                    return;
                }
                out.write(passed);
                out.flush();
            }
        } catch (IOException e) {
            // One side has gone; closing both tells the other.
        }
    }

    private byte[] plan(byte[] request, AtomicReference<Fault> fault) {
        var current = plan.get();
        var text = new String(request, StandardCharsets.ISO_8859_1);
        if (current != null
                && text.lines()
                        .findFirst()
                        .filter(line -> line.contains(current.request()))
                        .isPresent()
                && plan.compareAndSet(current, null)) {
            current.before().run();
            fault.set(current.fault());
        }
        return request;
    }

    private static byte @Nullable [] lose(byte[] answer, Fault fault) {
        return switch (fault) {
            case NONE -> answer;
            case LOST -> null;
            case STALLED -> new byte[0];
            case CUT -> {
                int head = new String(answer, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
                yield Arrays.copyOf(answer, head < 0 ? 0 : head + 4);
            }
        };
    }
}
