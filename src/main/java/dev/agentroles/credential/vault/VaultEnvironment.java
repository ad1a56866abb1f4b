package dev.agentroles.credential.vault;

import dev.agentroles.access.Secret;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// What people have set for the `bao` and `vault` commands, and what it means here: `BAO_X` before
/// `VAULT_X`. A variable that is set and empty counts as not set; for `bao` an empty `BAO_X` hides
/// `VAULT_X`.
///
/// @param variables the environment; `HOME` is where the commands keep their token
/// @param directory that relative paths start from
public record VaultEnvironment(Function<String, Optional<String>> variables, Path directory) {
    /// Whoever has one of them is who we are to Vault.
    public static final Set<String> TOKENS = Set.of("BAO_TOKEN", "VAULT_TOKEN");

    private static final Set<String> TRUE = Set.of("1", "t", "true");

    /// An address as somebody wrote it.
    ///
    /// @param name of it, for messages
    /// @param at where it stands, if that is in a profile
    public record Address(String text, String name, Optional<Position> at) {
        /// Of a profile.
        public static Address of(Position at, String text) {
            return new Address(text, "the Vault address", Optional.of(at));
        }

        private static Address of(String variable, String text) {
            return new Address(text, "the Vault address in " + variable, Optional.empty());
        }

        private URI uri() {
            try {
                return VaultSettings.checked(new URI(text.strip()), name, at);
            } catch (URISyntaxException e) {
                // Not kept as the cause, and not repeated: an address may hold a password by mistake.
                throw Failure.error(new Problem(at, name + " is no URL", Optional.of(VaultSettings.FORM)));
            }
        }
    }

    /// Completes what a profile says with the environment.
    ///
    /// @param login empty: the token of the environment or of the user's last `bao login`
    /// @throws Failure if there is no login, or the environment asks not to verify the server
    public VaultSettings complete(
            Optional<Address> address,
            Optional<String> namespace,
            Optional<Path> caFile,
            Optional<VaultSettings.Login> login,
            String mount) {
        refuseSkippedVerification();
        return new VaultSettings(
                address.or(this::address)
                        .orElseThrow(VaultEnvironment::noAddress)
                        .uri(),
                namespace.or(() -> either("NAMESPACE")),
                caFile.or(() -> either("CACERT").map(directory::resolve)),
                login.orElseGet(() -> new VaultSettings.Login.Token(token())),
                mount,
                VaultSettings.DEFAULT_TIMEOUT);
    }

    private Secret token() {
        return either("TOKEN")
                .map(Secret::of)
                .or(this::tokenOfFile)
                .orElseThrow(
                        () -> Failure.error(
                                Problem.of("there is no token for Vault")
                                        .remedy(
                                                "set BAO_TOKEN or VAULT_TOKEN, run bao login, or use auth: {method: approle, ...} in the profile")));
    }

    private Optional<Secret> tokenOfFile() {
        var file = either("TOKEN_PATH")
                .map(directory::resolve)
                .or(() -> variable("HOME").map(home -> Path.of(home, ".vault-token")));
        return file.flatMap(VaultEnvironment::content);
    }

    private static Optional<Secret> content(Path file) {
        try {
            return Optional.of(Files.readString(file).strip())
                    .filter(token -> !token.isEmpty())
                    .map(Secret::of);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new Failure(
                    Exit.ERROR,
                    Problem.of("the token file for Vault cannot be read: " + file)
                            .remedy("check who owns it, or set BAO_TOKEN"),
                    e);
        }
    }

    /// The commands would turn to https://127.0.0.1:8200, where a server in production never is.
    private static Failure noAddress() {
        return Failure.error(Problem.of("there is no address of a Vault")
                .remedy("set vault.address in the profile, or BAO_ADDR or VAULT_ADDR in the environment"));
    }

    /// Whoever answers in place of an unverified server gets the token and every password.
    private void refuseSkippedVerification() {
        for (var name : Set.of("BAO_SKIP_VERIFY", "VAULT_SKIP_VERIFY")) {
            if (variable(name)
                    .filter(value -> TRUE.contains(value.toLowerCase(Locale.ROOT)))
                    .isPresent()) {
                throw Failure.refused(Problem.of(
                                name + " is set, and agentroles hands no secret to a server that it" + " cannot verify")
                        .remedy("unset " + name + " and name the server's CA in BAO_CACERT or VAULT_CACERT"));
            }
        }
    }

    private Optional<Address> address() {
        return Stream.of("BAO_ADDR", "VAULT_ADDR")
                .flatMap(name -> variable(name).map(text -> Address.of(name, text)).stream())
                .findFirst();
    }

    private Optional<String> either(String name) {
        return variable("BAO_" + name).or(() -> variable("VAULT_" + name));
    }

    private Optional<String> variable(String name) {
        return variables.apply(name).map(String::strip).filter(value -> !value.isEmpty());
    }
}
