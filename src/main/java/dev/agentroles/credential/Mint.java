package dev.agentroles.credential;

import dev.agentroles.access.Naming;
import dev.agentroles.access.Secret;
import java.security.SecureRandom;

/// Makes what nobody must be able to guess, of characters that need no quoting in SQL, URLs, shells or
/// YAML.
public record Mint(SecureRandom random) {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// 32 characters of 62 are 190 bits.
    private static final int PASSWORD_LENGTH = 32;

    /// Crockford's base 32: no i, l, o, u.
    private static final String LEASE_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private static final int DIGITS = 10;

    /// 190 bits that nobody can guess.
    public Secret password() {
        return Secret.of(characters(ALPHABET, ALPHABET.length(), PASSWORD_LENGTH));
    }

    /// The id of a lease: a digit first, so that a login's name cannot be read as that of a tier role.
    public String lease() {
        return characters(LEASE_ALPHABET, DIGITS, 1)
                + characters(LEASE_ALPHABET, LEASE_ALPHABET.length(), Naming.LEASE_LENGTH - 1);
    }

    private String characters(String alphabet, int first, int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(first)));
        }
        return text.toString();
    }
}
