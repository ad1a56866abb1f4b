package dev.agentroles.profile;

import dev.agentroles.access.Tier;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Readers for tests that know an engine of their own, so that no test here depends on an engine's room.
final class Readers {
    private static final Set<String> HARDENING = Set.of("public-temp", "public-create", "public-connect");

    static final UrlRule URL = (url, tls, at) -> url.startsWith("jdbc:postgresql:")
            ? List.of()
            : List.of(Problem.at(at, "this URL does not begin with jdbc:postgresql:"));

    private static final Set<String> FINDINGS = Set.of("PUBLIC-TEMP", "PUBLIC-CREATE");

    /// As the first engine is: without the writer tier.
    static final ProfileReader READER = with(EnumSet.of(Tier.EXPLORE, Tier.DDL_DENIED));

    static final ProfileReader WITH_WRITER = with(EnumSet.allOf(Tier.class));

    private Readers() {}

    private static ProfileReader with(Set<Tier> tiers) {
        return new ProfileReader(Map.of(
                "postgresql",
                        new EngineTerms(63, tiers, HARDENING, false, true, true, URL, "sslmode=verify-full", FINDINGS),
                "mysql",
                        new EngineTerms(
                                32,
                                tiers,
                                Set.of(),
                                true,
                                false,
                                false,
                                (_, _, _) -> List.of(),
                                "sslMode=VERIFY_IDENTITY",
                                FINDINGS)));
    }

    /// What the reader says is wrong with a text, a problem a line.
    static String problemsOf(String text) {
        try {
            READER.read("shop.yaml", text);
            return "";
        } catch (Failure e) {
            return e.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
        }
    }
}
