package dev.agentroles.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// Stands between a client and a database server, passes everything on, and says when the client is about to send the
/// n-th time: the moments at which a process can die.
public final class RequestProxy implements AutoCloseable {
    private final String host;
    private final int port;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private final IntConsumer before;
    private final IntConsumer after;

    /// @param before told the number of a request, counted from 1, before it is passed on
    /// @param after the same, once it has been passed on
    public RequestProxy(String host, int port, IntConsumer before, IntConsumer after) {
        this.host = host;
        this.port = port;
        this.before = before;
        this.after = after;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// How often clients have sent something.
    public int requests() {
        return requests.get();
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
                var server = opened(new Socket(host, port));
                Thread.ofVirtual().start(() -> pump(client, server, true));
                Thread.ofVirtual().start(() -> pump(server, client, false));
            } catch (IOException closed) {
                // The test is over, or the server is gone: the client sees a broken connection.
            }
        }
    }

    private Socket opened(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private void pump(Socket from, Socket to, boolean counted) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            var buffer = new byte[64 * 1024];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                int number = counted ? requests.incrementAndGet() : 0;
                if (counted) {
                    before.accept(number);
                }
                out.write(buffer, 0, length);
                out.flush();
                if (counted) {
                    after.accept(number);
                }
            }
        } catch (IOException gone) {
            // One side has gone; closing both tells the other.
        }
    }
}
