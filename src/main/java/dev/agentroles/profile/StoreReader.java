package dev.agentroles.profile;

import dev.agentroles.problem.Position;
import java.util.List;
import java.util.Optional;

/// Reads where leases are published: `vault` or `store`, or neither for a Vault that the environment names.
final class StoreReader {
    private static final String MOUNT = "secret";
    private static final Profile.VaultLogin BY_ENVIRONMENT = new Profile.VaultLogin.Token(Optional.empty());

    private StoreReader() {}

    static Profile.StoreEntry read(Fields profile, Position start) {
        var vault = profile.find("vault");
        var store = profile.find("store");
        if (vault.isPresent() && store.isPresent()) {
            var second = store.get();
            second.problems()
                    .add(
                            second.keyAt(),
                            "the profile has both \"vault\" and \"store\"",
                            "keep the one that agents read their login from");
        }
        return store.map(StoreReader::file)
                .orElseGet(() -> vault.map(StoreReader::vault)
                        .orElseGet(() -> new Profile.VaultEntry(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                BY_ENVIRONMENT,
                                MOUNT,
                                Profile.StoreEntry.PATH,
                                start)));
    }

    private static Profile.StoreEntry vault(Item item) {
        var fields = Fields.of(item, Form.VAULT);
        return new Profile.VaultEntry(
                fields.read("address", address -> ValueReader.beforeTheStore(address, ValueReader.value(address))),
                fields.read("namespace", Item::text),
                fields.read("ca_file", Item::text),
                fields.find("auth").map(StoreReader::login).orElse(BY_ENVIRONMENT),
                fields.read("mount", Paths::path).orElse(MOUNT),
                fields.read("path", Paths::template).orElse(Profile.StoreEntry.PATH),
                item.keyAt());
    }

    private static Profile.VaultLogin login(Item item) {
        var method = item.isMapping() ? Optional.ofNullable(item.entries().get("method")) : Optional.<Item>empty();
        var known = method.flatMap(word -> word.word("auth method", List.of("token", "approle")));
        if (known.equals(Optional.of("approle"))) {
            return appRole(Fields.of(item, Form.APPROLE));
        }
        if (known.isPresent() || method.isEmpty()) {
            return new Profile.VaultLogin.Token(Fields.of(item, Form.TOKEN).read("token", StoreReader::opener));
        }
        return BY_ENVIRONMENT;
    }

    private static Profile.VaultLogin appRole(Fields fields) {
        var roleId = fields.read("role_id", value -> ValueReader.beforeTheStore(value, ValueReader.value(value)));
        var secretId = fields.read("secret_id", StoreReader::opener);
        if (roleId.isEmpty() || secretId.isEmpty()) {
            return BY_ENVIRONMENT;
        }
        return new Profile.VaultLogin.AppRole(
                fields.read("mount", Paths::path).orElse("approle"), roleId.get(), secretId.get());
    }

    private static Profile.StoreEntry file(Item item) {
        var file = Fields.of(item, Form.STORE).find("file").map(entry -> Fields.of(entry, Form.FILE_STORE));
        return new Profile.FileEntry(
                file.flatMap(fields -> fields.read("path", Item::text)).orElse(""),
                file.flatMap(fields -> fields.read("identity", StoreReader::opener))
                        .orElseGet(() -> new Value.Env("", item.at())),
                item.keyAt());
    }

    private static Optional<Value.Reference> opener(Item item) {
        return ValueReader.beforeTheStore(item, ValueReader.secret(item));
    }
}
