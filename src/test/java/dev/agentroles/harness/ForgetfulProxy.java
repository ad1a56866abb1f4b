package dev.agentroles.harness;

import java.io.IOException;
import java.net.URI;

/// Stands between a client and a database server, passes everything on, and forgets its connections when it
/// is told to, as a router or a load balancer does: the client's end breaks, and the server keeps its own.
public final class ForgetfulProxy implements AutoCloseable {
    private final String url;
    private final URI address;
    private final Relay relay;

    /// @param url of JDBC
    public ForgetfulProxy(String url) {
        this.url = url;
        this.address = URI.create(url.substring("jdbc:".length()));
        this.relay = new Relay(
                address.getHost(), address.getPort(), () -> new Relay.Passages(request -> request, answer -> answer));
    }

    /// The same server by way of this.
    public String url() {
        return url.replace(":" + address.getPort() + "/", ":" + relay.port() + "/");
    }

    /// The connections that there are; new ones are passed on.
    public void forget() throws IOException {
        relay.forget();
    }

    @Override
    public void close() throws IOException {
        relay.close();
    }
}
