package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody makes an agent a member of the database's owner, by night and by hand.
final class OwnerMembershipTest {
    @Test
    void whatTheProbesCanDoByItIsToldByTheCatalogsFinding(@TempDir Path folder) throws Exception {
        try (var shop = Ground.onFile(folder)) {
            shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
            var owner = shop.database.role("owner");
            shop.database.execute(
                    "CREATE ROLE " + owner,
                    "ALTER DATABASE %s OWNER TO %s".formatted(shop.database.name(), owner),
                    "GRANT %s TO \"ar_%s_%s\"".formatted(owner, shop.database.name(), Ground.AGENT));

            var said = shop.ends(2, "verify", "shop.yaml").out();

            assertThat(said)
                    .contains("PREDEFINED-ROLE  support-bot has all that pg_database_owner may do")
                    .doesNotContain("PROBE-ALLOWED");
        }
    }
}
