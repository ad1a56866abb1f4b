package dev.agentroles.harness;

import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import dev.agentroles.access.Secret;
import dev.agentroles.credential.file.AgeIdentity;
import java.security.GeneralSecurityException;

/// Identities of age, made as `age-keygen` makes them.
public final class AgeKeys {
    private AgeKeys() {}

    public static AgeIdentity generate() {
        try {
            var pair = new X25519KeyPairGenerator().generateKeyPair();
            return AgeIdentity.of(Secret.of(pair.getPrivate().toString()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no X25519", e);
        }
    }
}
