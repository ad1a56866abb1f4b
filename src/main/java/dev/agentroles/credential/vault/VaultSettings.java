package dev.agentroles.credential.vault;

import dev.agentroles.access.Secret;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// How to reach one Vault or OpenBao, and as whom.
///
/// @param address `https://vault.example.com:8200`; a path in front of `/v1` is kept, a trailing slash is
/// not
/// @param caFile PEM file with the authorities to trust, in any order; empty: those of the Java runtime
/// @param mount of the KV version 2 secrets engine, without slashes at its ends
/// @param timeout of each call, from connecting to the last byte of the answer
public record VaultSettings(
        URI address, Optional<String> namespace, Optional<Path> caFile, Login login, String mount, Duration timeout) {
    /// Long enough for a server that elects a leader, short enough for a person who waits.
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    static final String FORM = "write it as https://vault.example.com:8200";

    public VaultSettings {
        address = checked(address, "the Vault address", Optional.empty());
        namespace = namespace.map(String::strip).filter(name -> !name.isEmpty());
        namespace.ifPresent(name -> checkPath(name, "namespace"));
        checkPath(mount, "mount");
        if (timeout.toSeconds() < 1) {
            throw new IllegalArgumentException("a timeout is at least a second");
        }
    }

    /// Who the tool is, for Vault.
    public sealed interface Login {
        /// A token that exists already; spaces and line breaks around it do not count.
        record Token(Secret token) implements Login {
            public Token {
                token = sendable(token, "token");
            }
        }

        /// @param mount of the auth method, without `auth/`: usually `approle`
        record AppRole(String mount, String roleId, Secret secretId) implements Login {
            public AppRole {
                checkPath(mount, "mount of the AppRole login");
                roleId = roleId.strip();
                secretId = sendable(secretId, "secret id");
            }
        }
    }

    /// @param name of it, for messages
    /// @param at where it stands
    static URI checked(URI address, String name, Optional<Position> at) {
        var scheme = Optional.ofNullable(address.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        if (!(scheme.equals("https") || scheme.equals("http")) || address.getHost() == null) {
            throw Failure.error(
                    new Problem(at, name + " is no URL of a server: " + withoutUserInfo(address), Optional.of(FORM)));
        }
        if (address.getRawUserInfo() != null || address.getRawQuery() != null || address.getRawFragment() != null) {
            throw Failure.error(new Problem(
                    at,
                    name + " holds more than scheme, host, port and path: " + withoutUserInfo(address),
                    Optional.of(FORM + "; the login has settings of its own")));
        }
        if (scheme.equals("http") && !isLoopback(address.getHost())) {
            throw Failure.refused(new Problem(
                    at,
                    name + " would send the token and every password over the network in clear text: " + address,
                    Optional.of(
                            "write it with https://, or reach the Vault through an agent or a tunnel on 127.0.0.1")));
        }
        return URI.create(address.toString().replaceFirst("/+$", ""));
    }

    /// By its name or address alone: what a name server says proves nothing.
    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("[::1]")
                || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    private static String withoutUserInfo(URI address) {
        return address.toString().replaceFirst("//[^/@]*@", "//").replaceFirst("[?#].*$", "");
    }

    /// The driver does not encode paths: `?` and `#` would cut one, `%2f` would become a folder.
    private static void checkPath(String path, String what) {
        if (!path.matches("[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")) {
            throw Failure.error(Problem.of("the Vault " + what + " \"" + path + "\" is no path")
                    .remedy("use letters, digits, \"-\", \"_\" and \".\", with \"/\" between the parts only"));
        }
    }

    /// A header with a line break or a letter outside ASCII would end in an exception that shows the whole
    /// value.
    private static Secret sendable(Secret secret, String what) {
        var stripped = Secret.of(secret.reveal(String::strip));
        if (stripped.reveal(String::isEmpty)) {
            throw Failure.error(Problem.of("the Vault " + what + " is empty"));
        }
        if (!stripped.<Boolean>reveal(text -> text.chars().allMatch(letter -> letter > ' ' && letter < 0x7f))) {
            throw Failure.error(
                    Problem.of("the Vault " + what + " holds a space, a line break or a letter outside ASCII")
                            .remedy("check what it is read from: a " + what + " is one word"));
        }
        return stripped;
    }
}
