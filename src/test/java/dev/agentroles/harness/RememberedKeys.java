package dev.agentroles.harness;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.SecretKeyFactorySpi;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/// The salted passwords that logins of PostgreSQL have shown in this process. A client hashes a password 4,096 times
/// for each session (RFC 5802, `Hi`), with the salt that the server keeps for the role: the same login has the same
/// hash in all of its sessions, and tests open dozens for each password. What the server sees is not changed.
public final class RememberedKeys extends Provider implements TestExecutionListener {
    private static final long serialVersionUID = 1L;

    private static final String ALGORITHM = "PBKDF2WithHmacSHA256";

    /// JUnit makes one.
    public RememberedKeys() {
        super("RememberedKeys", "1", "derives each key once");
        put("SecretKeyFactory." + ALGORITHM, Remembering.class.getName());
    }

    /// A process may be given several plans: the second time nothing happens.
    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        Security.insertProviderAt(this, 1);
    }

    /// The JDK's, but for what it was asked before.
    public static final class Remembering extends SecretKeyFactorySpi {
        private static final Map<Asked, byte[]> KEYS = new ConcurrentHashMap<>();

        private final SecretKeyFactory real;

        /// Made by the JDK.
        public Remembering() throws NoSuchAlgorithmException {
            real = SecretKeyFactory.getInstance(ALGORITHM, Security.getProvider("SunJCE"));
        }

        private record Asked(String password, String salt, int iterations, int bits) {
            static Asked of(PBEKeySpec spec) {
                return new Asked(
                        String.valueOf(spec.getPassword()),
                        HexFormat.of().formatHex(spec.getSalt()),
                        spec.getIterationCount(),
                        spec.getKeyLength());
            }
        }

        @Override
        protected SecretKey engineGenerateSecret(KeySpec spec) throws InvalidKeySpecException {
            if (!(spec instanceof PBEKeySpec password) || password.getSalt() == null) {
                return real.generateSecret(spec);
            }
            var asked = Asked.of(password);
            var known = KEYS.get(asked);
            if (known == null) {
                known = real.generateSecret(spec).getEncoded();
                KEYS.put(asked, known);
            }
            return new SecretKeySpec(known, ALGORITHM);
        }

        @Override
        protected KeySpec engineGetKeySpec(SecretKey key, Class<?> spec) throws InvalidKeySpecException {
            return real.getKeySpec(key, spec);
        }

        @Override
        protected SecretKey engineTranslateKey(SecretKey key) throws InvalidKeyException {
            return real.translateKey(key);
        }
    }
}
