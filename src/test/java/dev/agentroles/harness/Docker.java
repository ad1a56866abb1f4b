package dev.agentroles.harness;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether a Docker is there, found out in a millisecond: loading Testcontainers only to learn that there
/// is none takes seconds and a page of log.
final class Docker {
    private static final boolean ANSWERS = look();

    private Docker() {}

    static boolean answers() {
        return ANSWERS;
    }

    private static boolean look() {
        return Optional.ofNullable(System.getenv("DOCKER_HOST"))
                .filter(host -> !host.isBlank())
                .map(host -> answers(URI.create(host)))
                .orElseGet(() -> Stream.of(
                                Path.of("/var/run/docker.sock"),
                                Path.of(System.getProperty("user.home"), ".docker", "run", "docker.sock"))
                        .anyMatch(Docker::answers));
    }

    private static boolean answers(URI host) {
        return "unix".equals(host.getScheme())
                ? answers(Path.of(host.getPath()))
                : answers(new InetSocketAddress(host.getHost(), host.getPort()));
    }

    private static boolean answers(Path socket) {
        return Files.exists(socket) && connects(UnixDomainSocketAddress.of(socket));
    }

    private static boolean connects(SocketAddress address) {
        try (var channel = SocketChannel.open(address)) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean answers(InetSocketAddress address) {
        try (var socket = new Socket()) {
            socket.connect(address, 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
