package dev.agentroles.engine.mysql;

import dev.agentroles.access.Tier;
import dev.agentroles.engine.Rule;
import dev.agentroles.profile.EngineTerms;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What a profile may ask of MySQL and of MariaDB.
public final class MySqlTerms {
    /// Manual, 6.2.5: an account's name has at most 32 characters.
    private static final int MYSQL_NAME = 32;

    /// Column `User` of `mysql.global_priv`.
    private static final int MARIADB_NAME = 128;

    private static final Set<Tier> TIERS = EnumSet.allOf(Tier.class);

    public static final EngineTerms MYSQL = terms(MYSQL_NAME, List.of("mysql"), "sslMode=VERIFY_IDENTITY");

    public static final EngineTerms MARIADB = terms(MARIADB_NAME, List.of("mariadb", "mysql"), "sslMode=verify-full");

    private MySqlTerms() {}

    private static EngineTerms terms(int longestName, List<String> schemes, String verifying) {
        return new EngineTerms(
                longestName,
                TIERS,
                Set.of(),
                true,
                false,
                false,
                new MySqlUrl(schemes, verifying),
                verifying,
                Rule.codes());
    }
}
