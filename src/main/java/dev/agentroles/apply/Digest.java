package dev.agentroles.apply;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Membership;
import dev.agentroles.access.RoleName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;

/// A short name for all that an agent is meant to hold: the same grants, the same digest.
final class Digest {
    private Digest() {}

    static String of(RoleName agentRole, AccessState desired) {
        var tiers = desired.memberships().stream()
                .filter(membership -> membership.member().equals(agentRole))
                .map(Membership::group)
                .collect(Collectors.toSet());
        var text = desired.grants().stream()
                .filter(grant -> grant.grantee() instanceof Grantee.Role(var name) && tiers.contains(name))
                .map(Digest::line)
                .sorted()
                .collect(Collectors.joining("\n"));
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)), 0, 16);
    }

    private static String line(Grant grant) {
        return grant.privilege() + " " + grant.on();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }
}
