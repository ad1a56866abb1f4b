package dev.agentroles.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Ran.Tally;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RanTest {
    @Test
    void aServerThatRanNothingIsMissing() {
        var ran = Set.of("PostgreSQL 15.19 (scripts/servers)", "OpenBao 2.7.2 (bao on the PATH)");

        assertThat(Ran.missing("PostgreSQL 15, PostgreSQL 18, OpenBao", ran)).containsExactly("PostgreSQL 18");
        assertThat(Ran.missing("PostgreSQL 1", ran)).containsExactly("PostgreSQL 1");
        assertThat(Ran.missing("", ran)).isEmpty();
    }

    @Test
    void theTableHasALineForEachServerAndSaysWhatIsMissing() {
        var tallies = Map.of("PostgreSQL 15.19 (scripts/servers)", new Tally(12, 0), "OpenBao 2.7.2", new Tally(3, 1));

        assertThat(Ran.table(tallies, List.of("PostgreSQL 18"), Map.of("psql", "it is not on the PATH")))
                .isEqualTo("""

                        server                              passed  failed
                        OpenBao 2.7.2                            3       1
                        PostgreSQL 15.19 (scripts/servers)      12       0
                        not run: psql: it is not on the PATH
                        missing: no test ran on PostgreSQL 18
                        """);
    }
}
