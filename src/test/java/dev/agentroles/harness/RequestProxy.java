package dev.agentroles.harness;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// Stands between a client and a database server, passes everything on, and says when the client is about
/// to send the n-th time: the moments at which a process can die.
public final class RequestProxy implements AutoCloseable {
    private final Relay relay;
    private final AtomicInteger requests = new AtomicInteger();

    /// @param before told the number of a request, counted from 1, before it is passed on; an [UncheckedIOException]
    /// breaks the connection
    /// @param after the same, once it has been passed on
    public RequestProxy(String host, int port, IntConsumer before, IntConsumer after) {
        relay = new Relay(host, port, () -> new Relay.Passages(new Counted(before, after), answer -> answer));
    }

    private final class Counted implements Relay.Passage {
        private final IntConsumer before;
        private final IntConsumer after;
        private int number;

        Counted(IntConsumer before, IntConsumer after) {
            this.before = before;
            this.after = after;
        }

        @Override
        public byte[] of(byte[] request) {
            number = requests.incrementAndGet();
            before.accept(number);
            return request;
        }

        @Override
        public void passed() {
            after.accept(number);
        }
    }

    public int port() {
        return relay.port();
    }

    /// How often clients have sent something.
    public int requests() {
        return requests.get();
    }

    @Override
    public void close() throws IOException {
        relay.close();
    }
}
