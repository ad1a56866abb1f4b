package dev.agentroles.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.RanTable.Tally;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RanTableTest {
    private static final RanTable ONE = new RanTable(
            Map.of("PostgreSQL 15.19 (scripts/servers)", new Tally(12, 0), "OpenBao 2.7.2", new Tally(3, 1)),
            Map.of("psql", "it is not on the PATH"));

    @Test
    void aServerThatRanNothingIsMissing() {
        assertThat(ONE.missing("PostgreSQL 15, PostgreSQL 18, OpenBao")).containsExactly("PostgreSQL 18");
        assertThat(ONE.missing("PostgreSQL 1")).containsExactly("PostgreSQL 1");
        assertThat(ONE.missing("")).isEmpty();
    }

    @Test
    void theTableHasALineForEachServerAndSaysWhatIsMissing() {
        assertThat(ONE.text(List.of("PostgreSQL 18"))).isEqualTo("""

                        server                              passed  failed
                        OpenBao 2.7.2                            3       1
                        PostgreSQL 15.19 (scripts/servers)      12       0
                        not run: psql: it is not on the PATH
                        missing: no test ran on PostgreSQL 18
                        """);
    }

    @Test
    void whatTheProcessesOfARunHaveWrittenIsSummedUp() {
        var other = new RanTable(Map.of("OpenBao 2.7.2", new Tally(4, 0)), Map.of("pip", "no network"));

        var sum = RanTable.read(ONE.lines()).plus(RanTable.read(other.lines()));

        assertThat(sum.tallies())
                .containsEntry("OpenBao 2.7.2", new Tally(7, 1))
                .containsEntry("PostgreSQL 15.19 (scripts/servers)", new Tally(12, 0));
        assertThat(sum.leftOut()).containsOnlyKeys("pip", "psql");
    }
}
