package dev.agentroles.harness;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;

/// A key that is remembered is the one that was asked for.
final class RememberedKeysTest {
    private static String key(String password, String salt, int iterations, int bits) throws Exception {
        var factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
        assertThat(factory.getProvider()).isInstanceOf(RememberedKeys.class);
        var spec = new PBEKeySpec(password.toCharArray(), salt.getBytes(US_ASCII), iterations, bits);
        return HexFormat.of().formatHex(factory.generateSecret(spec).getEncoded());
    }

    /// The numbers of `hashlib.pbkdf2_hmac` of Python.
    @Test
    void itIsThatOfThePasswordTheSaltTheCountAndTheLength() throws Exception {
        for (var _ : List.of("derived", "remembered")) {
            assertThat(key("password", "salt", 4096, 256)).isEqualTo("c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a");
            assertThat(key("Password", "salt", 4096, 256)).isEqualTo("75cf56214b1de1c7d7195bc01108f54b508f2af906441121b0283337cbe10ecc");
            assertThat(key("password", "Salt", 4096, 256)).isEqualTo("2cc1fa1bb61c85887d9164c653e8486b6eb41b75b2bd054583a280943ac6cc26");
            assertThat(key("password", "salt", 4095, 256)).isEqualTo("f1cd87ef549b0535c051845dfb3ce215ad7bb8bff7993e2ea71ad0e6e675bd09");
            assertThat(key("password", "salt", 4096, 128)).isEqualTo("c5e478d59288c841aa530db6845c4c8d");
        }
    }
}
