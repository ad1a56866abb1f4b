package dev.agentroles.engine.mysql;

import dev.agentroles.access.Secret;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// What `mysql_native_password` keeps: SHA-1 of SHA-1. Of a password with 190 bits of chance nobody finds
/// the way back.
final class NativePassword {
    private NativePassword() {}

    static String verifier(Secret password) {
        return password.reveal(text -> {
            var sha1 = HashFunction.SHA_1.begin();
            var twice = sha1.digest(sha1.digest(text.getBytes(StandardCharsets.UTF_8)));
            return "*" + HexFormat.of().withUpperCase().formatHex(twice);
        });
    }
}
