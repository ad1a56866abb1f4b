package dev.agentroles.harness;

import dev.agentroles.access.Secret;
import io.github.jopenlibs.vault.json.Json;
import io.github.jopenlibs.vault.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// OpenBao servers of our own, on free ports of the loopback. A server ends when it is closed, and in any
/// case with the JVM, even a killed one: its parent waits for the end of a pipe from us.
public final class OpenBaoServer {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ROOT = "agentroles-test-root";

    /// Starts a server beside itself and ends it when nobody holds the other end of standard input any
    /// more.
    private static final String KEEPER =
            "\"$@\" </dev/null & pid=$!; cat >/dev/null; kill $pid 2>/dev/null; wait $pid 2>/dev/null";

    private OpenBaoServer() {}

    /// In memory, unsealed, http.
    static OpenBao dev() {
        int port = freePort();
        var address = URI.create("http://127.0.0.1:" + port);
        var process = start(List.of(
                "-dev", "-dev-no-store-token", "-dev-root-token-id=" + ROOT, "-dev-listen-address=127.0.0.1:" + port));
        return serving(process, address, Secret.of(ROOT), Optional.empty());
    }

    /// In memory, unsealed, https. The certificate is for `localhost` and 127.0.0.1.
    ///
    /// @param folder where the server leaves its certificates, `vault-ca.pem` among them
    public static OpenBao devWithTls(Path folder) {
        int port = freePort();
        var process = start(List.of(
                "-dev",
                "-dev-tls",
                "-dev-tls-cert-dir=" + folder,
                "-dev-no-store-token",
                "-dev-root-token-id=" + ROOT,
                "-dev-listen-address=127.0.0.1:" + port));
        awaitPort(process, port);
        return serving(
                process,
                URI.create("https://127.0.0.1:" + port),
                Secret.of(ROOT),
                Optional.of(folder.resolve("vault-ca.pem")));
    }

    /// In memory, initialised and unsealed; may be sealed without harm to other tests.
    ///
    /// @param folder for its configuration
    public static OpenBao sealable(Path folder) {
        int port = freePort();
        var address = URI.create("http://127.0.0.1:" + port);
        var configuration = folder.resolve("openbao.hcl");
        write(configuration, """
                storage "inmem" {}
                listener "tcp" {
                  address = "127.0.0.1:%d"
                  tls_disable = true
                }
                """.formatted(port));
        var process = start(List.of("-config=" + configuration));
        awaitPort(process, port);
        var keys = post(
                address, "sys/init", new JsonObject().add("secret_shares", 1).add("secret_threshold", 1));
        var key = keys.get("keys_base64").asArray().get(0).asString();
        Runnable unseal = () -> post(address, "sys/unseal", new JsonObject().add("key", key));
        unseal.run();
        return serving(process, address, Secret.of(keys.getString("root_token")), Optional.empty(), unseal);
    }

    private static Process start(List<String> arguments) {
        var command = new ArrayList<>(List.of("sh", "-c", KEEPER, "openbao", binary(), "server"));
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    private static void stop(Process keeper) {
        try {
            keeper.getOutputStream().close();
            if (!keeper.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("OpenBao did not end within 10 s; keeper " + keeper.pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Found or fetched once.
    private static final class Binary {
        static final String PATH = find();

        private static String find() {
            try {
                var process = new ProcessBuilder("sh", "scripts/openbao")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                try (var output = process.inputReader()) {
                    var path = Optional.ofNullable(output.readLine());
                    int code = process.waitFor();
                    return path.filter(found -> code == 0)
                            .orElseThrow(() -> new IllegalStateException("scripts/openbao exited with " + code));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot run scripts/openbao", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static String binary() {
        return Binary.PATH;
    }

    /// The port above it must be free, too: the server listens there for its cluster.
    private static int freePort() {
        for (int attempt = 0; attempt < 50; attempt++) {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    var above = new ServerSocket(socket.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
                return above.getLocalPort() - 1;
            } catch (IOException | IllegalArgumentException e) {
                // Taken, or beyond the last port: the next one may be free.
            }
        }
        throw new IllegalStateException("no two free ports in a row");
    }

    private static void awaitPort(Process server, int port) {
        await(server, "the port " + port, () -> {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static OpenBao serving(Process process, URI address, Secret rootToken, Optional<Path> caFile) {
        return serving(process, address, rootToken, caFile, () -> {});
    }

    private static OpenBao serving(
            Process process, URI address, Secret rootToken, Optional<Path> caFile, Runnable unseal) {
        var server = new OpenBao(binary(), address, rootToken, caFile, () -> stop(process), unseal);
        await(process, address + " to be healthy", () -> server.health() == 200);
        return server;
    }

    /// OpenBao tells nobody when it is ready, so it is asked.
    private static void await(Process server, String what, BooleanSupplier ready) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!ready.getAsBoolean()) {
            try {
                if (server.waitFor(20, TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("OpenBao ended while we waited for " + what);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited " + PATIENCE.toSeconds() + " s for " + what);
            }
        }
    }

    private static JsonObject post(URI address, String path, JsonObject body) {
        var request = HttpRequest.newBuilder(URI.create(address + "/v1/" + path))
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        return Json.parse(send(request).body()).asObject();
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
