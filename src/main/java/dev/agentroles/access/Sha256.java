package dev.agentroles.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// A SHA-256 digest (FIPS 180-4): texts with the same digest are the same text.
public final class Sha256 {
    private final byte[] bytes;

    private Sha256(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Of a text in UTF-8.
    public static Sha256 of(String text) {
        return ofBytes(utf8(text));
    }

    /// Of several texts, each with its length in bytes and a colon before it: no two lists read the same.
    public static Sha256 ofAll(List<String> texts) {
        var parts = new ArrayList<byte[]>();
        for (var text : texts) {
            var bytes = utf8(text);
            parts.add(utf8(bytes.length + ":"));
            parts.add(bytes);
        }
        return ofBytes(parts.toArray(byte[][]::new));
    }

    /// Of texts in whatever order, each of one line.
    public static Sha256 ofLines(Collection<String> lines) {
        return of(lines.stream().sorted().collect(Collectors.joining("\n")));
    }

    /// Of bytes, one part after the other.
    public static Sha256 ofBytes(byte[]... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                digest.update(part);
            }
            return new Sha256(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// All 32.
    public byte[] bytes() {
        return bytes.clone();
    }

    /// 64 hexadecimal digits in lower case.
    public String hex() {
        return hex(bytes.length);
    }

    /// The first bytes of it, two hexadecimal digits each: a short name where nobody gains by a second text of
    /// that name.
    public String hex(int length) {
        return HexFormat.of().formatHex(bytes, 0, length);
    }

    /// The first eight bytes as a number, most significant first.
    public long number() {
        return ByteBuffer.wrap(bytes).getLong();
    }

    @Override
    public String toString() {
        return hex();
    }
}
