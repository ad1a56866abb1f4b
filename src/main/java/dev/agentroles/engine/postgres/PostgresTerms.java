package dev.agentroles.engine.postgres;

import dev.agentroles.access.Tier;
import dev.agentroles.engine.Rule;
import dev.agentroles.profile.EngineTerms;
import java.util.EnumSet;
import java.util.Set;

/// What a profile may ask of PostgreSQL.
public final class PostgresTerms {
    /// `NAMEDATALEN - 1`: longer names are cut off, and then two of them can become one.
    private static final int ROLE_NAME_BYTES = 63;

    public static final EngineTerms TERMS = new EngineTerms(
            ROLE_NAME_BYTES,
            EnumSet.allOf(Tier.class),
            Set.of(
                    "public-temp",
                    "public-create",
                    "public-connect",
                    "public-execute",
                    "public-large-objects",
                    "public-languages"),
            false,
            true,
            true,
            new PostgresUrl(),
            "sslmode=verify-full",
            Rule.codes());

    private PostgresTerms() {}
}
