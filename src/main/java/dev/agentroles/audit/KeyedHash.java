package dev.agentroles.audit;

import dev.agentroles.access.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tells whether two secrets are the same without keeping either: HMAC-SHA-256 (RFC 2104) under a key that
/// lives as long as one run. A hash without a key could be tried out against a list of passwords.
public final class KeyedHash {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_LENGTH = 32;

    private final SecretKeySpec key;

    private KeyedHash(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    public static KeyedHash random(SecureRandom random) {
        var key = new byte[KEY_LENGTH];
        random.nextBytes(key);
        return new KeyedHash(key);
    }

    /// 64 hexadecimal digits, of use within this run only.
    public String of(Secret secret) {
        return secret.reveal(text -> HexFormat.of().formatHex(hash(text)));
    }

    private byte[] hash(String text) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every Java platform has HmacSHA256", impossible);
        }
    }
}
