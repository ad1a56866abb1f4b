package dev.agentroles.harness;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// Speaks TLS in place of a PostgreSQL that does not, with a certificate that it signed itself.
public final class TlsProxy implements AutoCloseable {
    /// PostgreSQL manual, Message Formats: SSLRequest is a length of 8 and this number.
    private static final long SSL_REQUEST = 8L << 32 | 80877103;

    private static final String STORE_PASSWORD = "of-no-use";

    private final String host;
    private final int port;
    private final Path certificate;
    private final SSLContext context;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /// @param folder for its key and certificate
    /// @param name the only host that the certificate names
    public TlsProxy(String host, int port, Path folder, String name) throws IOException, GeneralSecurityException {
        this.host = host;
        this.port = port;
        this.certificate = folder.resolve(name + ".crt");
        this.context = context(folder.resolve(name + ".p12"), name);
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// In PEM, as `sslrootcert` takes it.
    public Path certificate() {
        return certificate;
    }

    private SSLContext context(Path store, String name) throws IOException, GeneralSecurityException {
        keytool(store, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=dns:" + name);
        keytool(store, "-exportcert", "-rfc", "-file", certificate.toString());
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, STORE_PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, STORE_PASSWORD.toCharArray());
        var tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        return tls;
    }

    /// The second compiler and its threads cost such a short program more than they save.
    private static void keytool(Path store, String command, String... arguments) throws IOException {
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                command));
        line.addAll(List.of("-alias", "server", "-keystore", store.toString(), "-storepass", STORE_PASSWORD));
        line.addAll(List.of(arguments));
        var process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        int code = process.onExit().join().exitValue();
        if (code != 0) {
            throw new IOException("%s ended with %d".formatted(String.join(" ", line), code));
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                // The test is over.
            }
        }
    }

    private void serve(Socket plain) {
        sockets.add(plain);
        try (plain) {
            if (new DataInputStream(plain.getInputStream()).readLong() != SSL_REQUEST) {
                return;
            }
            plain.getOutputStream().write('S');
            var client = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
            client.startHandshake();
            try (client;
                    var server = new Socket(host, port)) {
                sockets.add(server);
                var back = Thread.ofVirtual().start(() -> pass(server, client));
                pass(client, server);
                back.join();
            }
        } catch (IOException refused) {
            // The client does not trust the certificate, or one side has gone.
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException gone) {
            // One side has gone; closing both tells the other.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (var socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
