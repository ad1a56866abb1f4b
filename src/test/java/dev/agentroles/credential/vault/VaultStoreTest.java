package dev.agentroles.credential.vault;

import dev.agentroles.credential.LeaseSecret;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.SecretStoreContract;
import dev.agentroles.credential.StorePath;
import dev.agentroles.harness.Await;
import dev.agentroles.harness.OpenBao;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// The contract, on a real OpenBao, with a token that has the tool's policies and nothing else.
final class VaultStoreTest implements SecretStoreContract {
    private final OpenBao server = OpenBao.shared();
    private VaultSettings settings;
    private VaultStore store;

    @BeforeEach
    void open() {
        var mount = server.newMount(2);
        var policy = new VaultPolicies(mount).ofTool(new StorePath("agents/production"), List.of())
                + new VaultPolicies(mount).ofTool(new StorePath("agents/listed"), List.of())
                + new VaultPolicies(mount).ofTool(new StorePath("agents/listed2"), List.of())
                + new VaultPolicies(mount).ofTool(new StorePath("agents/nowhere"), List.of());
        settings = Vaults.settings(server, mount, server.tokenWith(policy));
        store = new VaultStore(settings, InstantSource.system());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    public SecretStore store() {
        return store;
    }

    @Override
    public SecretStore another() {
        return new VaultStore(settings, InstantSource.system());
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public void awaitEnd(StorePath path, LeaseSecret secret) {
        while (store.read(path).held().isPresent()) {
            if (now().isAfter(secret.expiresAt().plusSeconds(2))) {
                throw new AssertionError("Vault keeps " + path + " longer than " + secret.expiresAt());
            }
            Await.pause();
        }
    }
}
