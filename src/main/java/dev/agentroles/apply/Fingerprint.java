package dev.agentroles.apply;

import java.util.List;
import java.util.stream.Collectors;

/// The fingerprint of a whole plan: that of its only database, or of all of them together.
public final class Fingerprint {
    private Fingerprint() {}

    public static String of(List<Proposal> proposals) {
        return proposals.stream().map(proposal -> proposal.plan().fingerprint()).collect(Collectors.joining("-"));
    }
}
