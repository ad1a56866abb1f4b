package dev.agentroles;

import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.file.FileStore;
import dev.agentroles.credential.vault.VaultSettings;
import dev.agentroles.credential.vault.VaultStore;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.profile.Values;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/// Opens the store that a profile names.
///
/// @param directory that relative paths of a profile start from
record Stores(Function<String, Optional<String>> environment, Path directory, InstantSource clock) {
    SecretStore open(Profile profile, Values values) {
        return switch (profile.store()) {
            case Profile.FileEntry file ->
                new FileStore(
                        Values.directoryOf(profile, directory).resolve(file.path()),
                        values.secret(file.identity()),
                        clock);
            case Profile.VaultEntry vault -> new VaultStore(settings(profile, vault, values), clock);
        };
    }

    private VaultSettings settings(Profile profile, Profile.VaultEntry vault, Values values) {
        var address = vault.address()
                .map(values::text)
                .or(() -> variable("ADDR"))
                .orElseThrow(() -> Failure.error(Problem.at(vault.at(), "no address of a Vault")
                        .remedy("set vault.address in the profile, or BAO_ADDR or VAULT_ADDR in the environment")));
        return new VaultSettings(
                URI.create(address),
                vault.namespace().or(() -> variable("NAMESPACE")),
                vault.caFile()
                        .map(file -> Values.directoryOf(profile, directory).resolve(file))
                        .or(() -> variable("CACERT").map(directory::resolve)),
                login(vault, values),
                vault.mount(),
                VaultSettings.DEFAULT_TIMEOUT);
    }

    private VaultSettings.Login login(Profile.VaultEntry vault, Values values) {
        return switch (vault.login()) {
            case Profile.VaultLogin.AppRole(var mount, var roleId, var secretId) ->
                new VaultSettings.Login.AppRole(mount, values.text(roleId), values.secret(secretId));
            case Profile.VaultLogin.Token(var token) ->
                new VaultSettings.Login.Token(token.map(values::secret)
                        .or(() -> variable("TOKEN").map(dev.agentroles.access.Secret::of))
                        .orElseThrow(() -> Failure.error(Problem.at(vault.at(), "no token for Vault")
                                .remedy("set BAO_TOKEN or VAULT_TOKEN, or use auth: {method: approle, ...}"))));
        };
    }

    /// OpenBao's variable before Vault's; an empty one counts as unset.
    private Optional<String> variable(String name) {
        return environment
                .apply("BAO_" + name)
                .filter(value -> !value.isEmpty())
                .or(() -> environment.apply("VAULT_" + name).filter(value -> !value.isEmpty()));
    }
}
