package dev.agentroles.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Stands between clients and a PostgreSQL as PgBouncer does: passes everything on but what a client asks for as
/// it connects.
public final class Pooler implements AutoCloseable {
    /// Before the parameters: the length and the version of the protocol, of four bytes each.
    private static final int HEAD = 8;

    /// The major version of the protocol, where a request for encryption has another number.
    private static final int PROTOCOL = 3;

    private final Relay relay;

    /// @param asking changes what a client asks for, by name
    private Pooler(URI to, Consumer<Map<String, String>> asking) {
        relay = new Relay(
                to.getHost(),
                to.getPort(),
                () -> new Relay.Passages(chunk -> isStartup(chunk) ? startup(chunk, asking) : chunk, chunk -> chunk));
    }

    /// With `ignore_startup_parameters = options`: the settings of a session get lost.
    public static Pooler forgetting(URI to) {
        return new Pooler(to, asked -> asked.remove("options"));
    }

    /// With `user` in the entry of a database: whoever comes goes on as somebody else, who must have the same
    /// password here, as nobody but the client answers the server's questions.
    ///
    /// @param user as whom a client goes on
    public static Pooler forcing(URI to, UnaryOperator<String> user) {
        return new Pooler(to, asked -> asked.computeIfPresent("user", (_, client) -> user.apply(client)));
    }

    public int port() {
        return relay.port();
    }

    /// No other message of a client begins with a zero: they begin with a letter.
    private static boolean isStartup(byte[] chunk) {
        return chunk.length > HEAD && chunk[0] == 0 && ByteBuffer.wrap(chunk).getShort(Integer.BYTES) == PROTOCOL;
    }

    /// Names and values by turns, each with a zero behind it, and a zero behind all.
    private static byte[] startup(byte[] chunk, Consumer<Map<String, String>> asking) {
        var parameters = new String(chunk, HEAD, chunk.length - HEAD, StandardCharsets.UTF_8)
                .replaceFirst("\0+$", "")
                .split("\0", -1);
        var asked = new LinkedHashMap<String, String>();
        for (int i = 0; i + 1 < parameters.length; i += 2) {
            asked.put(parameters[i], parameters[i + 1]);
        }
        asking.accept(asked);
        var kept = new ByteArrayOutputStream();
        asked.forEach((name, value) -> kept.writeBytes((name + "\0" + value + "\0").getBytes(StandardCharsets.UTF_8)));
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
