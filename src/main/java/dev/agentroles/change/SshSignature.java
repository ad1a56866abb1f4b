package dev.agentroles.change;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Whether a text was signed by `ssh-keygen -Y sign -n agentroles` with a certain key (OpenSSH, PROTOCOL.sshsig and
/// PROTOCOL.u2f; RFC 4253, 8332, 5656, 8709 for keys and signatures). Anything that is not exactly as it should be
/// is no signature.
final class SshSignature {
    /// What signatures of ours are for, so that none of another purpose counts.
    static final String NAMESPACE = "agentroles";

    private static final Pattern ARMOR = Pattern.compile(
            "\\s*-----BEGIN SSH SIGNATURE-----\\s(?<body>[A-Za-z0-9+/=\\s]{1,8192})-----END SSH SIGNATURE-----\\s*");

    private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);

    private static final int VERSION = 1;

    /// SubjectPublicKeyInfo before the 32 bytes of an Ed25519 key (RFC 8410).
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    /// SubjectPublicKeyInfo before the uncompressed point of a P-256 key (RFC 5480).
    private static final byte[] P256 = HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

    private static final int ED25519_LENGTH = 32;
    private static final int P256_LENGTH = 65;
    private static final int COORDINATE = 32;
    private static final int RSA_LEAST = 2048;

    /// A hardware key says in its flags that somebody touched it.
    private static final int TOUCHED = 1;

    private SshSignature() {}

    /// @param key as `authorized_keys` has it, in Base64
    /// @param text what must have been signed
    /// @param signature armored, as `ssh-keygen` writes it
    static boolean isBy(String key, String text, String signature) {
        try {
            var armor = ARMOR.matcher(signature);
            if (!armor.matches()) {
                return false;
            }
            return isBy(
                    Base64.getDecoder().decode(key),
                    text,
                    Base64.getMimeDecoder().decode(armor.group("body")));
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isBy(byte[] key, String text, byte[] signature) {
        var in = ByteBuffer.wrap(signature);
        var magic = new byte[MAGIC.length];
        in.get(magic);
        boolean fits = Arrays.equals(magic, MAGIC)
                && in.getInt() == VERSION
                && Arrays.equals(string(in), key)
                && text(in).equals(NAMESPACE);
        if (!fits) {
            return false;
        }
        string(in); // reserved
        var hash = text(in);
        var value = string(in);
        return !in.hasRemaining() && isBy(key, signed(hash, text), value);
    }

    /// What a key really signs.
    private static byte[] signed(String hash, String text) {
        var algorithm = switch (hash) {
            case "sha512" -> "SHA-512";
            case "sha256" -> "SHA-256";
            default -> throw new IllegalArgumentException(hash);
        };
        var digest = digest(algorithm, text.getBytes(StandardCharsets.UTF_8));
        var out = ByteBuffer.allocate(
                MAGIC.length + 4 * Integer.BYTES + NAMESPACE.length() + hash.length() + digest.length);
        out.put(MAGIC);
        put(out, NAMESPACE.getBytes(StandardCharsets.US_ASCII));
        put(out, new byte[0]);
        put(out, hash.getBytes(StandardCharsets.US_ASCII));
        put(out, digest);
        return out.array();
    }

    private static boolean isBy(byte[] key, byte[] signed, byte[] signature) {
        var in = ByteBuffer.wrap(key);
        var kind = text(in);
        var of = ByteBuffer.wrap(signature);
        var algorithm = text(of);
        var value = string(of);
        try {
            return switch (kind) {
                case "ssh-ed25519" ->
                    algorithm.equals(kind) && verify("Ed25519", ed25519(in), signed, value) && !of.hasRemaining();
                case "ecdsa-sha2-nistp256" ->
                    algorithm.equals(kind)
                            && verify("SHA256withECDSAinP1363Format", p256(in), signed, coordinates(value))
                            && !of.hasRemaining();
                case "sk-ssh-ed25519@openssh.com" ->
                    algorithm.equals(kind)
                            && verify("Ed25519", ed25519(in), touched(application(in), signed, of), value);
                case "sk-ecdsa-sha2-nistp256@openssh.com" ->
                    algorithm.equals(kind)
                            && verify(
                                    "SHA256withECDSAinP1363Format",
                                    p256(in),
                                    touched(application(in), signed, of),
                                    coordinates(value));
                case "ssh-rsa" -> verify(rsa(algorithm), rsa(in), signed, value) && !of.hasRemaining();
                default -> false;
            };
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static boolean verify(String algorithm, PublicKey key, byte[] signed, byte[] signature)
            throws GeneralSecurityException {
        var verifier = Signature.getInstance(algorithm);
        verifier.initVerify(key);
        verifier.update(signed);
        return verifier.verify(signature);
    }

    private static PublicKey ed25519(ByteBuffer in) throws GeneralSecurityException {
        return key("Ed25519", ED25519, exactly(string(in), ED25519_LENGTH));
    }

    private static PublicKey p256(ByteBuffer in) throws GeneralSecurityException {
        if (!text(in).equals("nistp256")) {
            throw new IllegalArgumentException("another curve");
        }
        return key("EC", P256, exactly(string(in), P256_LENGTH));
    }

    private static PublicKey key(String algorithm, byte[] head, byte[] value) throws GeneralSecurityException {
        var encoded = ByteBuffer.allocate(head.length + value.length).put(head).put(value);
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded.array()));
    }

    private static PublicKey rsa(ByteBuffer in) throws GeneralSecurityException {
        var exponent = new BigInteger(string(in));
        var modulus = new BigInteger(string(in));
        if (modulus.bitLength() < RSA_LEAST) {
            throw new IllegalArgumentException("a short key");
        }
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    }

    /// SHA-1 is none of them.
    private static String rsa(String algorithm) {
        return switch (algorithm) {
            case "rsa-sha2-512" -> "SHA512withRSA";
            case "rsa-sha2-256" -> "SHA256withRSA";
            default -> throw new IllegalArgumentException(algorithm);
        };
    }

    private static byte[] application(ByteBuffer in) {
        // The key itself comes first, and is read by now.
        return string(in);
    }

    /// What a hardware key signs: with its flags and its counter.
    private static byte[] touched(byte[] application, byte[] signed, ByteBuffer of) {
        byte flags = of.get();
        int counter = of.getInt();
        if ((flags & TOUCHED) == 0 || of.hasRemaining()) {
            throw new IllegalArgumentException("nobody touched it");
        }
        var name = digest("SHA-256", application);
        var message = digest("SHA-256", signed);
        return ByteBuffer.allocate(name.length + 1 + Integer.BYTES + message.length)
                .put(name)
                .put(flags)
                .putInt(counter)
                .put(message)
                .array();
    }

    /// Two numbers as two fixed fields.
    private static byte[] coordinates(byte[] value) {
        var in = ByteBuffer.wrap(value);
        var out = ByteBuffer.allocate(2 * COORDINATE);
        for (int i = 0; i < 2; i++) {
            var number = new BigInteger(string(in));
            var bytes = number.toByteArray();
            int from = bytes.length > COORDINATE && bytes[0] == 0 ? 1 : 0;
            if (number.signum() <= 0 || bytes.length - from > COORDINATE) {
                throw new IllegalArgumentException("no coordinate");
            }
            out.position(i * COORDINATE + COORDINATE - (bytes.length - from));
            out.put(bytes, from, bytes.length - from);
        }
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("more than two numbers");
        }
        return out.array();
    }

    private static byte[] exactly(byte[] bytes, int length) {
        if (bytes.length != length) {
            throw new IllegalArgumentException("another length");
        }
        return bytes;
    }

    private static String text(ByteBuffer in) {
        return new String(string(in), StandardCharsets.US_ASCII);
    }

    private static byte[] string(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        var bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static void put(ByteBuffer out, byte[] bytes) {
        out.putInt(bytes.length);
        out.put(bytes);
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
