package dev.agentroles.credential.vault;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The authorities of a PEM file as a TLS context. The driver's own reader takes only the first certificate
/// of a file and offers TLS 1.2 at most.
final class Authorities {
    private Authorities() {}

    static SSLContext trustOnly(Path pem) {
        try (var in = Files.newInputStream(pem)) {
            var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new CertificateException("no certificate in it");
            }
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (var certificate : certificates) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw unusable(pem, "cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw unusable(pem, "holds no certificate in PEM form", e);
        }
    }

    private static Failure unusable(Path pem, String why, Exception cause) {
        var problem = Problem.of("the CA file for Vault " + why + ": " + pem)
                .remedy("name a file with \"-----BEGIN CERTIFICATE-----\" in it");
        return new Failure(Exit.ERROR, problem, cause);
    }
}
