package dev.agentroles.harness;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Stands between a client and an HTTP server (version 1.1, no TLS), passes everything on, and loses what
/// it is told to: an answer to a request that the server has carried out.
public final class LossyProxy implements AutoCloseable {
    private static final byte[] UNAVAILABLE = ("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 37\r\nConnection: close\r\n\r\n{\"errors\":[\"the disk is full again\"]}")
            .getBytes(StandardCharsets.ISO_8859_1);

    /// What happens to an answer.
    public enum Fault {
        /// It arrives; only what comes before the request happens.
        NONE,
        /// The connection breaks in its place.
        LOST,
        /// It never comes, and the connection stays.
        STALLED,
        /// Its head comes and its body does not.
        CUT,
        /// A 503 comes in its place.
        REFUSED
    }

    /// @param request part of a request's first line
    /// @param before runs before the request goes on to the server
    private record Plan(String request, Fault fault, Runnable before) {}

    private final Relay relay;
    private final AtomicReference<@Nullable Plan> plan = new AtomicReference<>();
    private volatile Fault always = Fault.NONE;

    public LossyProxy(URI to) {
        relay = new Relay(to.getHost(), to.getPort(), () -> {
            var fault = new AtomicReference<>(Fault.NONE);
            return new Relay.Passages(
                    request -> plan(request, fault), answer -> lose(answer, fault.getAndUpdate(LossyProxy::after)));
        });
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + relay.port());
    }

    /// For the next request whose first line contains a text.
    public void next(String request, Fault fault) {
        next(request, fault, () -> {});
    }

    public void next(String request, Fault fault, Runnable before) {
        plan.set(new Plan(request, fault, before));
    }

    /// For each request from now on.
    public void always(Fault fault) {
        always = fault;
    }

    @Override
    public void close() throws IOException {
        relay.close();
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
        } else if (always != Fault.NONE) {
            fault.set(always);
        }
        return request;
    }

    /// An answer of ours is whole; what the server goes on to say has no place behind it.
    private static Fault after(Fault fault) {
        return fault == Fault.REFUSED ? Fault.LOST : fault;
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
            case REFUSED -> UNAVAILABLE.clone();
        };
    }
}
