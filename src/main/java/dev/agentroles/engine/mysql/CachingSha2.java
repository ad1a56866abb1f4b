package dev.agentroles.engine.mysql;

import dev.agentroles.access.Secret;
import dev.agentroles.access.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/// What `caching_sha2_password` keeps: SHA-256-crypt (Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512",
/// version 0.6) with a salt of twenty characters, written as `$A$`, the thousands of rounds in hexadecimal,
/// `$`, the salt and the digest. Manual, 8.4.1.2. A password of ours cannot be guessed, so the fewest
/// rounds will do.
final class CachingSha2 {
    private static final int THOUSANDS = 5;
    private static final int SALT_LENGTH = 20;
    private static final String ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// Of no password: none has this digest.
    static final String NONE = "$A$005$" + "nobody".repeat(3) + "no" + "0".repeat(43);

    /// Which byte of the digest goes into which place of the text, three at a time.
    private static final int[][] ORDER = {
        {0, 10, 20}, {21, 1, 11}, {12, 22, 2}, {3, 13, 23}, {24, 4, 14},
        {15, 25, 5}, {6, 16, 26}, {27, 7, 17}, {18, 28, 8}, {9, 19, 29}
    };

    private CachingSha2() {}

    static String verifier(Secret password, SecureRandom random) {
        var salt = new StringBuilder(SALT_LENGTH);
        for (int i = 0; i < SALT_LENGTH; i++) {
            salt.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return verifier(password, salt.toString(), THOUSANDS);
    }

    static String verifier(Secret password, String salt, int thousands) {
        return password.reveal(text -> "$A$%03X$".formatted(thousands)
                + salt
                + crypt(
                        text.getBytes(StandardCharsets.UTF_8),
                        salt.getBytes(StandardCharsets.US_ASCII),
                        thousands * 1_000));
    }

    private static String crypt(byte[] key, byte[] salt, int rounds) {
        var b = Sha256.ofBytes(key, salt, key).bytes();
        var a = HashFunction.SHA_256.begin();
        a.update(key);
        a.update(salt);
        a.update(repeat(b, key.length));
        for (int bits = key.length; bits > 0; bits >>= 1) {
            a.update((bits & 1) != 0 ? b : key);
        }
        var digest = a.digest();

        var p = repeat(Sha256.ofBytes(times(key, key.length)).bytes(), key.length);
        var s = repeat(Sha256.ofBytes(times(salt, 16 + (digest[0] & 0xff))).bytes(), salt.length);
        for (int round = 0; round < rounds; round++) {
            var c = HashFunction.SHA_256.begin();
            c.update((round & 1) != 0 ? p : digest);
            if (round % 3 != 0) {
                c.update(s);
            }
            if (round % 7 != 0) {
                c.update(p);
            }
            c.update((round & 1) != 0 ? digest : p);
            digest = c.digest();
        }
        return text(digest);
    }

    private static String text(byte[] digest) {
        var text = new StringBuilder();
        for (var places : ORDER) {
            append(text, digest[places[0]], digest[places[1]], digest[places[2]], 4);
        }
        append(text, (byte) 0, digest[31], digest[30], 3);
        return text.toString();
    }

    private static void append(StringBuilder text, byte high, byte middle, byte low, int characters) {
        int bits = (high & 0xff) << 16 | (middle & 0xff) << 8 | (low & 0xff);
        for (int i = 0; i < characters; i++) {
            text.append(ALPHABET.charAt(bits & 0x3f));
            bits >>= 6;
        }
    }

    /// The first `length` bytes of a text written again and again.
    private static byte[] repeat(byte[] bytes, int length) {
        var repeated = new byte[length];
        for (int i = 0; i < length; i++) {
            repeated[i] = bytes[i % bytes.length];
        }
        return repeated;
    }

    private static byte[] times(byte[] bytes, int times) {
        return repeat(bytes, bytes.length * times);
    }
}
