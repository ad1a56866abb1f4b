package dev.agentroles.credential.vault;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// The client we hand to the driver, for three things it cannot do itself:
///
/// - read our own writes. Behind a load balancer a standby answers reads itself, a moment late, and refuses
///   a correct check-and-set. `X-Vault-Index` tells it what we have written, `X-Vault-Inconsistent:
///   forward-active-node` what to do if it has not seen that yet (OpenBao 2.7 and Vault Enterprise; others
///   ignore both);
/// - bound the whole call. `HttpRequest.timeout` ends with the headers, and a body may never come;
/// - name the namespace without a log line for each client.
final class VaultWire extends HttpClient {
    private final HttpClient to;
    private final Optional<String> namespace;
    private final Duration timeout;
    private final AtomicReference<@Nullable String> index = new AtomicReference<>();

    VaultWire(VaultSettings settings) {
        var builder = HttpClient.newBuilder()
                .version(Version.HTTP_1_1)
                // A redirect would carry the token and the secret to wherever it points.
                .followRedirects(Redirect.NEVER)
                .connectTimeout(settings.timeout());
        settings.caFile().map(Authorities::trustOnly).ifPresent(builder::sslContext);
        this.to = builder.build();
        this.namespace = settings.namespace();
        this.timeout = settings.timeout();
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        var builder = HttpRequest.newBuilder(request, (name, value) -> true);
        namespace.ifPresent(name -> builder.setHeader("X-Vault-Namespace", name));
        var seen = index.get();
        if (seen != null) {
            builder.setHeader("X-Vault-Index", seen).setHeader("X-Vault-Inconsistent", "forward-active-node");
        }
        var response = await(to.sendAsync(builder.build(), handler));
        if (!request.method().equals("GET")) {
            response.headers().firstValue("X-Vault-Index").ifPresent(index::set);
        }
        return response;
    }

    private <T> T await(CompletableFuture<T> answer) throws IOException, InterruptedException {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no whole answer within " + timeout.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        to.shutdownNow();
        to.close();
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return to.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return to.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return to.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return to.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return to.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return to.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return to.authenticator();
    }

    @Override
    public Version version() {
        return to.version();
    }

    @Override
    public Optional<Executor> executor() {
        return to.executor();
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        throw new UnsupportedOperationException("the driver sends and waits");
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request,
            HttpResponse.BodyHandler<T> handler,
            HttpResponse.@Nullable PushPromiseHandler<T> promises) {
        throw new UnsupportedOperationException("the driver sends and waits");
    }
}
