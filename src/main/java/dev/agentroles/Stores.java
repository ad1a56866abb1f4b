package dev.agentroles;

import dev.agentroles.cli.World;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.StorePolicies;
import dev.agentroles.credential.file.FileStore;
import dev.agentroles.credential.vault.VaultEnvironment;
import dev.agentroles.credential.vault.VaultPolicies;
import dev.agentroles.credential.vault.VaultSettings;
import dev.agentroles.credential.vault.VaultStore;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.profile.Profile;
import dev.agentroles.profile.Values;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Opens the store that a profile names.
///
/// @param directory that relative paths of a profile start from
public record Stores(Function<String, Optional<String>> environment, Path directory, InstantSource clock)
        implements World.StoreOpener {
    @Override
    public SecretStore open(Profile profile, Values values) {
        var missing = values.missing(profile.store().values());
        if (!missing.isEmpty()) {
            throw new Failure(Exit.ERROR, missing);
        }
        return switch (profile.store()) {
            case Profile.FileEntry file ->
                new FileStore(
                        Values.directoryOf(profile, directory).resolve(file.path()),
                        values.key(file.identity()),
                        clock);
            case Profile.VaultEntry vault -> new VaultStore(settings(profile, vault, values), clock);
        };
    }

    @Override
    public Optional<StorePolicies> policies(Profile profile) {
        return switch (profile.store()) {
            case Profile.FileEntry _ -> Optional.empty();
            case Profile.VaultEntry vault -> Optional.of(new VaultPolicies(vault.mount()));
        };
    }

    /// Whichever store the profile has: whoever starts us may have a token for another purpose.
    @Override
    public Set<String> variables() {
        return VaultEnvironment.TOKENS;
    }

    private VaultSettings settings(Profile profile, Profile.VaultEntry vault, Values values) {
        return new VaultEnvironment(environment, directory)
                .complete(
                        vault.address().map(value -> VaultEnvironment.Address.of(value.at(), values.text(value))),
                        vault.namespace(),
                        vault.caFile()
                                .map(file ->
                                        Values.directoryOf(profile, directory).resolve(file)),
                        login(vault, values),
                        vault.mount());
    }

    private static Optional<VaultSettings.Login> login(Profile.VaultEntry vault, Values values) {
        return switch (vault.login()) {
            case Profile.VaultLogin.AppRole(var mount, var roleId, var secretId) ->
                Optional.of(new VaultSettings.Login.AppRole(mount, values.text(roleId), values.secret(secretId)));
            case Profile.VaultLogin.Token(var token) ->
                token.map(reference -> new VaultSettings.Login.Token(values.secret(reference)));
        };
    }
}
