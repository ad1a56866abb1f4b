package dev.agentroles.engine.mysql;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What the password methods of the servers hash with.
enum HashFunction {
    SHA_1("SHA-1"),
    SHA_256("SHA-256"),
    SHA_512("SHA-512");

    private final String algorithm;

    HashFunction(String algorithm) {
        this.algorithm = algorithm;
    }

    MessageDigest begin() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException absent) {
            throw new AssertionError("this Java platform has no " + algorithm, absent);
        }
    }
}
