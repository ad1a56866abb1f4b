package dev.agentroles.credential.file;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.x25519.X25519KeyFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import dev.agentroles.access.Secret;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.spec.SecretKeySpec;

/// Whom the file is encrypted to, and who opens it: one X25519 identity of age.
///
/// @param secretKey `AGE-SECRET-KEY-1...`
/// @param recipient `age1...`, the public half
public record AgeIdentity(Secret secretKey, String recipient) {
    /// @param text the secret key, or a whole file of `age-keygen` with its comments
    public static AgeIdentity of(Secret text) {
        var secretKey = Secret.of(text.reveal(AgeIdentity::keyLine));
        try {
            var recipient = new X25519KeyFactory().translateKey(secretKey.reveal(AgeIdentity::encoded));
            return new AgeIdentity(secretKey, recipient.toString());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Not kept as the cause: it is about the text of a secret key.
            throw Failure.error(Problem.of("the identity of the file store is no age secret key")
                    .remedy("make one with age-keygen; it is one line that begins with AGE-SECRET-KEY-1"));
        }
    }

    RecipientStanzaReader opening() throws GeneralSecurityException {
        return X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(secretKey.<String>reveal(key -> key));
    }

    RecipientStanzaWriter sealing() throws GeneralSecurityException {
        return X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(recipient);
    }

    private static String keyLine(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .findFirst()
                .orElse("");
    }

    private static SecretKeySpec encoded(String key) {
        return new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "X25519");
    }
}
