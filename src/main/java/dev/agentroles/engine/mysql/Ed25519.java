package dev.agentroles.engine.mysql;

import dev.agentroles.access.Secret;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What MariaDB's `ed25519` keeps: the public key (RFC 8032, 5.1.5) whose secret is the password, in base
/// 64 without padding. The password takes the place of the 32 bytes of the RFC and may have any length,
/// which is why the platform's own key generator cannot be asked.
final class Ed25519 {
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger D = fraction(BigInteger.valueOf(-121665).mod(P), BigInteger.valueOf(121666));
    private static final BigInteger BASE_Y = fraction(BigInteger.valueOf(4), BigInteger.valueOf(5));
    private static final Point BASE = Point.of(
            new BigInteger("15112221349535400772501151409588531511454012693041857206046113283949847762202"), BASE_Y);

    private Ed25519() {}

    static String verifier(Secret password) {
        return password.reveal(text -> {
            var hash = HashFunction.SHA_512.begin().digest(text.getBytes(StandardCharsets.UTF_8));
            hash[0] &= (byte) 0xf8;
            hash[31] &= 0x7f;
            hash[31] |= 0x40;
            var key = BASE.times(littleEndian(hash)).encoded();
            return Base64.getEncoder().withoutPadding().encodeToString(key);
        });
    }

    private static BigInteger littleEndian(byte[] bytes) {
        var big = new byte[32];
        for (int i = 0; i < 32; i++) {
            big[31 - i] = bytes[i];
        }
        return new BigInteger(1, big);
    }

    private static BigInteger fraction(BigInteger above, BigInteger below) {
        return above.multiply(below.modInverse(P)).mod(P);
    }

    /// Of the curve, in projective coordinates; added as RFC 8032, 5.1.4 has it.
    private record Point(BigInteger x, BigInteger y, BigInteger z, BigInteger t) {
        static Point of(BigInteger x, BigInteger y) {
            return new Point(x, y, BigInteger.ONE, x.multiply(y).mod(P));
        }

        Point plus(Point other) {
            var a = y.subtract(x).multiply(other.y.subtract(other.x)).mod(P);
            var b = y.add(x).multiply(other.y.add(other.x)).mod(P);
            var c = t.multiply(BigInteger.TWO).multiply(D).multiply(other.t).mod(P);
            var d = z.multiply(BigInteger.TWO).multiply(other.z).mod(P);
            var e = b.subtract(a);
            var f = d.subtract(c);
            var g = d.add(c);
            var h = b.add(a);
            return new Point(
                    e.multiply(f).mod(P),
                    g.multiply(h).mod(P),
                    f.multiply(g).mod(P),
                    e.multiply(h).mod(P));
        }

        Point times(BigInteger scalar) {
            var result = of(BigInteger.ZERO, BigInteger.ONE);
            for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
                result = result.plus(result);
                if (scalar.testBit(bit)) {
                    result = result.plus(this);
                }
            }
            return result;
        }

        /// RFC 8032, 5.1.2.
        byte[] encoded() {
            var inverse = z.modInverse(P);
            var affineX = x.multiply(inverse).mod(P);
            var big = y.multiply(inverse).mod(P).toByteArray();
            var bytes = new byte[32];
            for (int i = 0; i < Math.min(32, big.length); i++) {
                bytes[i] = big[big.length - 1 - i];
            }
            if (affineX.testBit(0)) {
                bytes[31] |= (byte) 0x80;
            }
            return bytes;
        }
    }
}
