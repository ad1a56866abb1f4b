package dev.agentroles.harness;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;

/// A person's key, that signs as `ssh-keygen -Y sign -n agentroles` does (OpenSSH, PROTOCOL.sshsig).
public final class SshKeys {
    private static final String KIND = "ssh-ed25519";

    private final KeyPair pair;

    public SshKeys() throws GeneralSecurityException {
        pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    /// As in `authorized_keys`.
    public String line(String name) {
        return KIND + " " + Base64.getEncoder().encodeToString(blob()) + " " + name;
    }

    public String sign(String text) throws GeneralSecurityException {
        var digest = MessageDigest.getInstance("SHA-512").digest(bytes(text));
        var signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        signer.update(join(bytes("SSHSIG"), strings(bytes("agentroles"), new byte[0], bytes("sha512"), digest)));
        var whole = join(
                bytes("SSHSIG"),
                ByteBuffer.allocate(4).putInt(1).array(),
                strings(
                        blob(),
                        bytes("agentroles"),
                        new byte[0],
                        bytes("sha512"),
                        strings(bytes(KIND), signer.sign())));
        return armored(whole);
    }

    /// A signature as `ssh-keygen` writes it.
    public static String armored(byte[] signature) {
        return "-----BEGIN SSH SIGNATURE-----\n" + Base64.getMimeEncoder().encodeToString(signature)
                + "\n-----END SSH SIGNATURE-----\n";
    }

    private byte[] blob() {
        var encoded = pair.getPublic().getEncoded();
        return strings(bytes(KIND), Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    /// Each with its length before it (RFC 4251, `string`).
    public static byte[] strings(byte[]... parts) {
        return join(Arrays.stream(parts)
                .map(part -> join(ByteBuffer.allocate(4).putInt(part.length).array(), part))
                .toArray(byte[][]::new));
    }

    public static byte[] join(byte[]... parts) {
        var all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
