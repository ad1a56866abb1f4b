package dev.agentroles.harness;

import dev.agentroles.access.Secret;
import io.github.jopenlibs.vault.json.Json;
import io.github.jopenlibs.vault.json.JsonArray;
import io.github.jopenlibs.vault.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A running OpenBao (or Vault), and what an administrator does with it.
///
/// [#shared] is one server for all tests of the JVM, started when the first one uses it, with a KV version
/// 2 engine at a mount of its own. Tests that seal, kill or need TLS start their own ([OpenBaoServer]).
///
/// The shared one comes from, in this order: `AGENTROLES_TEST_VAULT_ADDR` with
/// `AGENTROLES_TEST_VAULT_TOKEN`; a container where Docker answers; the binary that `scripts/openbao` finds
/// or fetches.
public final class OpenBao implements AutoCloseable {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final String source;
    private final URI address;
    private final Secret rootToken;
    private final Optional<Path> caFile;
    private final Runnable stop;
    private final Runnable unseal;
    private final HttpClient client;

    OpenBao(String source, URI address, Secret rootToken, Optional<Path> caFile, Runnable stop) {
        this(source, address, rootToken, caFile, stop, () -> {});
    }

    OpenBao(String source, URI address, Secret rootToken, Optional<Path> caFile, Runnable stop, Runnable unseal) {
        this.unseal = unseal;
        this.source = source;
        this.address = address;
        this.rootToken = rootToken;
        this.caFile = caFile;
        this.stop = stop;
        var builder = HttpClient.newBuilder();
        caFile.map(OpenBao::trust).ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    public static OpenBao shared() {
        Ran.on(Shared.NAME);
        return Shared.SERVER;
    }

    /// Started when it is first asked for.
    private static final class Shared {
        static final OpenBao SERVER = OpenBaoSources.start();
        static final String NAME = SERVER.description();
    }

    /// Product, version and where it came from: `OpenBao 2.7.2 (/usr/bin/bao)`.
    public String description() {
        var version = version();
        return (isVault(version) ? "Vault " : "OpenBao ") + version + " (" + source + ")";
    }

    private String version() {
        return call("GET", "sys/seal-status", "").getString("version");
    }

    private static boolean isVault(String version) {
        return version.startsWith("1.");
    }

    /// Of Vault only the editions that are paid for have namespaces. Says so at the end of the run where there are
    /// none.
    public boolean hasNamespaces() {
        var version = version();
        boolean has = !isVault(version) || version.contains("+ent");
        if (!has) {
            Ran.not("namespaces", description() + " has none");
        }
        return has;
    }

    public URI address() {
        return address;
    }

    public Secret rootToken() {
        return rootToken;
    }

    /// What signs the server's certificate, if it speaks TLS.
    public Optional<Path> caFile() {
        return caFile;
    }

    /// Makes a KV engine at a mount that no other test has.
    ///
    /// @param version 1 or 2
    public String newMount(int version) {
        var mount = newName("kv");
        call("POST", "sys/mounts/" + mount, mountBody(version));
        if (version == 2) {
            awaitVersions(mount + "/config");
        }
        return mount;
    }

    /// Makes a namespace with a KV version 2 engine at `secret`.
    public String newNamespace() {
        var namespace = newName("ns");
        call("POST", "sys/namespaces/" + namespace, "{}");
        call("POST", namespace + "/sys/mounts/secret", mountBody(2));
        awaitVersions(namespace + "/secret/config");
        return namespace;
    }

    /// A token with this policy only: not even the default one.
    public Secret tokenWith(String policy) {
        var name = writePolicy(policy);
        var body = new JsonObject()
                .add("policies", new JsonArray().add(name))
                .add("no_default_policy", true)
                .add("no_parent", true);
        return Secret.of(call("POST", "auth/token/create", body.toString())
                .get("auth")
                .asObject()
                .getString("client_token"));
    }

    /// An AppRole with this policy besides the default one.
    ///
    /// @param mount of the auth method
    public record AppRole(String mount, String roleId, Secret secretId) {}

    public AppRole newAppRole(String policy, Duration tokenLife) {
        var mount = newName("approle");
        call("POST", "sys/auth/" + mount, "{\"type\":\"approle\"}");
        var role = new JsonObject()
                .add("token_policies", new JsonArray().add(writePolicy(policy)))
                .add("token_ttl", tokenLife.toSeconds() + "s")
                .add("token_max_ttl", tokenLife.toSeconds() + "s");
        var path = "auth/" + mount + "/role/tool";
        call("POST", path, role.toString());
        var roleId = data(call("GET", path + "/role-id", "")).getString("role_id");
        var secretId = data(call("POST", path + "/secret-id", "{}")).getString("secret_id");
        return new AppRole(mount, roleId, Secret.of(secretId));
    }

    public void revoke(Secret token) {
        call(
                "POST",
                "auth/token/revoke",
                token.<String>reveal(text -> new JsonObject().add("token", text).toString()));
    }

    public void seal() {
        call("PUT", "sys/seal", "");
    }

    /// Opens it again, and waits until it serves; only for one that [OpenBaoServer#sealable] made.
    public void unseal() {
        unseal.run();
        for (int attempt = 0; health() != 200; attempt++) {
            if (attempt == 10_000) {
                throw new IllegalStateException(address + " does not serve again");
            }
        }
    }

    /// Any other call, as root.
    ///
    /// @param path below `/v1/`
    /// @return the whole answer; an empty object where it has no body
    public JsonObject call(String method, String path, String body) {
        var response = answer(method, path, body);
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(
                    "%s %s: %d %s".formatted(method, path, response.statusCode(), response.body()));
        }
        return response.body().isEmpty()
                ? new JsonObject()
                : Json.parse(response.body()).asObject();
    }

    private HttpResponse<String> answer(String method, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create(address + "/v1/" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        rootToken.reveal(token -> request.header("X-Vault-Token", token));
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// 200 when it serves.
    int health() {
        var request = HttpRequest.newBuilder(URI.create(address + "/v1/sys/health"));
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        stop.run();
    }

    private static SSLContext trust(Path caFile) {
        try (var in = Files.newInputStream(caFile)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot trust " + caFile, e);
        }
    }

    private String writePolicy(String policy) {
        var name = newName("policy");
        call(
                "PUT",
                "sys/policies/acl/" + name,
                new JsonObject().add("policy", policy).toString());
        return name;
    }

    /// A new engine of version 2 answers 400 "Upgrading from non-versioned to versioned data" for a moment.
    private void awaitVersions(String config) {
        for (int attempt = 0; answer("GET", config, "").statusCode() == 400; attempt++) {
            if (attempt == 1_000) {
                throw new IllegalStateException(config + " never becomes version 2");
            }
        }
    }

    private static String mountBody(int version) {
        return new JsonObject()
                .add("type", "kv")
                .add("options", new JsonObject().add("version", String.valueOf(version)))
                .toString();
    }

    private static JsonObject data(JsonObject answer) {
        return answer.get("data").asObject();
    }

    /// Different between runs, too: the server may be one that lives on.
    private static String newName(String kind) {
        return "agentroles-" + kind + "-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    }
}
