package dev.agentroles.change;

import static dev.agentroles.harness.SshKeys.armored;
import static dev.agentroles.harness.SshKeys.bytes;
import static dev.agentroles.harness.SshKeys.join;
import static dev.agentroles.harness.SshKeys.strings;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The keys and signatures beside this class are OpenSSH 9.2's: `ssh-keygen -Y sign -n agentroles`. No machine of
/// ours has a hardware key, so that its signatures are made here by the book (PROTOCOL.u2f).
final class SshSignatureTest {
    private static final String TEXT = "approved: ALTER TABLE \"Ünïcode\" ADD n int\n";

    private static final String SK = "sk-ssh-ed25519@openssh.com";

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void whatOpenSshSignedIsSigned(String kind) {
        assertThat(SshSignature.isBy(key(kind), TEXT, signature(kind))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void anotherTextIsNot(String kind) {
        assertThat(SshSignature.isBy(key(kind), TEXT + " ", signature(kind))).isFalse();
    }

    @Test
    void anotherKeyOrPurposeIsNot() {
        assertThat(SshSignature.isBy(key("ecdsa"), TEXT, signature("ed25519"))).isFalse();
        assertThat(SshSignature.isBy(key("ed25519"), TEXT, signature("other"))).isFalse();
    }

    /// Whatever byte of it is another, and wherever it ends.
    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void whatIsNotExactlyASignatureIsNone(String kind) {
        var key = key(kind);
        var bytes = Base64.getMimeDecoder()
                .decode(signature(kind).replaceAll("-----[A-Z ]+-----", "").strip());
        assertThat(SshSignature.isBy(key, TEXT, armored(bytes))).isTrue();
        for (int i = 0; i < bytes.length; i++) {
            var other = bytes.clone();
            other[i] ^= (byte) (1 << (i % 8));
            assertThat(SshSignature.isBy(key, TEXT, armored(other)))
                    .as("byte %d", i)
                    .isFalse();
            assertThat(SshSignature.isBy(key, TEXT, armored(Arrays.copyOf(bytes, i))))
                    .as("%d bytes", i)
                    .isFalse();
        }
        assertThat(SshSignature.isBy(key, TEXT, armored(Arrays.copyOf(bytes, bytes.length + 1))))
                .isFalse();
    }

    @Test
    void noiseIsNone() {
        var random = new Random(20261127);
        for (int i = 0; i < 1_000; i++) {
            var bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            assertThat(SshSignature.isBy(key("ed25519"), TEXT, armored(bytes))).isFalse();
        }
        assertThat(SshSignature.isBy(key("ed25519"), TEXT, "")).isFalse();
        assertThat(SshSignature.isBy("", TEXT, signature("ed25519"))).isFalse();
        assertThat(SshSignature.isBy("!!!", TEXT, signature("ed25519"))).isFalse();
    }

    @Test
    void aHardwareKeySignsOnlyWhenItWasTouched() throws GeneralSecurityException {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var blob = hardwareKey(pair);
        var key = Base64.getEncoder().encodeToString(blob);

        assertThat(SshSignature.isBy(key, TEXT, hardwareSignature(pair, blob, (byte) 1)))
                .isTrue();
        assertThat(SshSignature.isBy(key, TEXT + "x", hardwareSignature(pair, blob, (byte) 1)))
                .isFalse();
        assertThat(SshSignature.isBy(key, TEXT, hardwareSignature(pair, blob, (byte) 0)))
                .isFalse();
    }

    private static byte[] hardwareKey(KeyPair pair) {
        var encoded = pair.getPublic().getEncoded();
        var raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return strings(bytes(SK), raw, bytes("ssh:"));
    }

    private static String hardwareSignature(KeyPair pair, byte[] blob, byte flags) throws GeneralSecurityException {
        var message = join(
                bytes("SSHSIG"),
                strings(bytes("agentroles"), new byte[0], bytes("sha512"), digest("SHA-512", bytes(TEXT))));
        var after = ByteBuffer.allocate(5).put(flags).putInt(7).array();
        var signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        signer.update(join(digest("SHA-256", bytes("ssh:")), after, digest("SHA-256", message)));
        var inner = join(strings(bytes(SK), signer.sign()), after);
        return armored(join(
                bytes("SSHSIG"),
                ByteBuffer.allocate(4).putInt(1).array(),
                strings(blob, bytes("agentroles"), new byte[0], bytes("sha512"), inner)));
    }

    private static byte[] digest(String algorithm, byte[] of) throws GeneralSecurityException {
        return MessageDigest.getInstance(algorithm).digest(of);
    }

    private static String key(String kind) {
        return resource(kind + ".pub").split(" ", 3)[1];
    }

    private static String signature(String kind) {
        return resource(kind + ".sig");
    }

    private static String resource(String name) {
        try (var input = Objects.requireNonNull(SshSignatureTest.class.getResourceAsStream(name), name)) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
