package dev.agentroles.profile;

import dev.agentroles.problem.Position;

/// A value of the profile that may come from elsewhere. Where a secret is asked for, only a `Reference`
/// will do, so that no secret stands in the file.
public sealed interface Value {
    Position at();

    /// Stands in the profile as it is; never a secret.
    record Literal(String text, Position at) implements Value {}

    /// Says where the value is.
    sealed interface Reference extends Value {}

    /// `{env: NAME}`: an environment variable.
    record Env(String name, Position at) implements Reference {}

    /// `{file: path}`: the content of a file without its trailing newline; relative to the profile.
    record File(String path, Position at) implements Reference {}

    /// `{vault: path#field}`: a field of a secret in the profile's store.
    record Vault(String path, String field, Position at) implements Reference {}
}
