package dev.agentroles.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Stands between clients and a PostgreSQL as PgBouncer with `ignore_startup_parameters = options`: passes
/// everything on but the settings that a client asks for as it connects.
public final class ForgettingPooler implements AutoCloseable {
    /// Before the parameters: the length and the version of the protocol, of four bytes each.
    private static final int HEAD = 8;

    /// The major version of the protocol, where a request for encryption has another number.
    private static final int PROTOCOL = 3;

    private final Relay relay;

    public ForgettingPooler(URI to) {
        relay = new Relay(
                to.getHost(),
                to.getPort(),
                () -> new Relay.Passages(chunk -> isStartup(chunk) ? withoutOptions(chunk) : chunk, chunk -> chunk));
    }

    public int port() {
        return relay.port();
    }

    /// No other message of a client begins with a zero: they begin with a letter.
    private static boolean isStartup(byte[] chunk) {
        return chunk.length > HEAD && chunk[0] == 0 && ByteBuffer.wrap(chunk).getShort(Integer.BYTES) == PROTOCOL;
    }

    /// Names and values by turns, each with a zero behind it, and a zero behind all.
    private static byte[] withoutOptions(byte[] chunk) {
        var parameters = new String(chunk, HEAD, chunk.length - HEAD, StandardCharsets.UTF_8)
                .replaceFirst("\0+$", "")
                .split("\0", -1);
        var kept = new ByteArrayOutputStream();
        for (int i = 0; i + 1 < parameters.length; i += 2) {
            if (!"options".equals(parameters[i])) {
                kept.writeBytes((parameters[i] + "\0" + parameters[i + 1] + "\0").getBytes(StandardCharsets.UTF_8));
            }
        }
        kept.write(0);
        return ByteBuffer.allocate(HEAD + kept.size())
                .putInt(HEAD + kept.size())
                .put(chunk, Integer.BYTES, Integer.BYTES)
                .put(kept.toByteArray())
                .array();
    }

    @Override
    public void close() throws IOException {
        relay.close();
    }
}
