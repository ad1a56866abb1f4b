package dev.agentroles.harness;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Stands between a program and a server, passes everything on, and has the program die at one of its
/// requests: before that arrives, or when the server has carried it out and its answer is on the way. A
/// program that connects early waits until it is told to go on, so that its start takes no time of the
/// test.
public final class FatalProxy implements AutoCloseable {
    /// The client of PostgreSQL takes its leave and expects no answer (manual, 54.7: Terminate).
    private static final byte TERMINATE = 'X';

    private static final Pattern HTTP = Pattern.compile("(?s)[A-Z]+ /.*");

    /// A word of SQL that changes something. A query that PostgreSQL knows by its number only has none and
    /// may be anything.
    private static final Pattern CHANGES = Pattern.compile(
            "(?i)\\b(INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|GRANT|REVOKE|COMMENT|COMMIT|pg_terminate_backend)\\b");

    private static final Pattern READS = Pattern.compile("(?i)\\b(SELECT|SHOW|SET|LISTEN)\\b");

    /// What introduces a session: a length of less than 2^24 bytes, or an answer to the server's questions
    /// (manual, 54.7: StartupMessage, SASLResponse).
    private static final String INTRODUCTION = "\0p";

    /// On which side of a request the program dies.
    public enum Moment {
        BEFORE,
        ANSWERED
    }

    /// @param request counted from 1; 0 for none
    private record Death(int request, Moment moment, Runnable killer) {
        boolean strikes(int number, Moment now) {
            return number == request && now == moment;
        }
    }

    private final Relay relay;
    private final Predicate<byte[]> isRequest;
    private final AtomicInteger requests = new AtomicInteger();
    private final Set<Integer> idle = ConcurrentHashMap.newKeySet();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile Death death = new Death(0, Moment.BEFORE, () -> {});

    private FatalProxy(String host, int port, Predicate<byte[]> isRequest) {
        this.isRequest = isRequest;
        this.relay = new Relay(host, port, () -> {
            var last = new AtomicInteger();
            return new Relay.Passages(chunk -> sent(chunk, last), chunk -> answered(chunk, last));
        });
    }

    /// @param url of JDBC
    public static FatalProxy toPostgreSql(String url) {
        var address = URI.create(url.substring("jdbc:".length()));
        return new FatalProxy(address.getHost(), address.getPort(), chunk -> chunk[0] != TERMINATE);
    }

    /// HTTP 1.1 without TLS. A body may come after its head.
    public static FatalProxy toHttp(URI address) {
        return new FatalProxy(
                address.getHost(),
                address.getPort(),
                chunk -> HTTP.matcher(new String(chunk, StandardCharsets.ISO_8859_1))
                        .matches());
    }

    public int port() {
        return relay.port();
    }

    /// Lets whoever connects from now on wait.
    public void hold() {
        gate = new CountDownLatch(1);
    }

    /// Counts from 1 again.
    public void strikeAt(int request, Moment moment, Runnable killer) {
        requests.set(0);
        idle.clear();
        death = new Death(request, moment, killer);
    }

    public void release() {
        gate.countDown();
    }

    /// The numbers of those since [#strikeAt] that may have changed something. After each other one the
    /// server is as it was before.
    public List<Integer> changes() {
        return IntStream.rangeClosed(1, requests.get())
                .boxed()
                .filter(number -> !idle.contains(number))
                .toList();
    }

    private static boolean isIdle(String request) {
        return !CHANGES.matcher(request).find()
                && (INTRODUCTION.indexOf(request.charAt(0)) >= 0
                        || READS.matcher(request).find()
                        || request.startsWith("GET /"));
    }

    @Override
    public void close() throws IOException {
        release();
        relay.close();
    }

    private byte @Nullable [] sent(byte[] chunk, AtomicInteger last) {
        await(gate);
        if (isRequest.test(chunk)) {
            int number = requests.incrementAndGet();
            last.set(number);
            if (isIdle(new String(chunk, StandardCharsets.ISO_8859_1))) {
                idle.add(number);
            }
        }
        return strikes(last, Moment.BEFORE) ? null : chunk;
    }

    private byte @Nullable [] answered(byte[] chunk, AtomicInteger last) {
        return strikes(last, Moment.ANSWERED) ? null : chunk;
    }

    private boolean strikes(AtomicInteger last, Moment now) {
        var current = death;
        if (!current.strikes(last.get(), now)) {
            return false;
        }
        current.killer().run();
        return true;
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
