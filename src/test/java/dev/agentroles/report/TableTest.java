package dev.agentroles.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// A table is as wide as it has to be, and no wider than the terminal.
final class TableTest {
    private static final List<List<String>> ROWS = List.of(
            List.of("AGENT", "TIERS", "LEASE", "EXPIRES IN"),
            List.of("support-bot", "orders:explore", "4q9k7b2d", "58m"),
            List.of("desk", "orders:writer", "-", "-"));

    private static String text(OptionalInt terminal) {
        return new Table(Paint.NONE, ROWS, terminal).text();
    }

    @Test
    void aRowIsALine() {
        var wide = """
                AGENT        TIERS           LEASE     EXPIRES IN
                support-bot  orders:explore  4q9k7b2d  58m
                desk         orders:writer   -         -
                """;

        assertThat(text(OptionalInt.empty())).isEqualTo(wide);
        assertThat(text(OptionalInt.of(49))).isEqualTo(wide);
    }

    @Test
    void aRowThatIsTooLongGoesOnInTheNextLine() {
        assertThat(text(OptionalInt.of(40))).isEqualTo("""
                AGENT        TIERS           LEASE
                  EXPIRES IN
                support-bot  orders:explore  4q9k7b2d
                  58m
                desk         orders:writer   -
                  -
                """);
        assertThat(text(OptionalInt.of(30))).isEqualTo("""
                AGENT        TIERS
                  LEASE     EXPIRES IN
                support-bot  orders:explore
                  4q9k7b2d  58m
                desk         orders:writer
                  -         -
                """);
    }

    /// It is cut by the terminal, as what is left out here could be what somebody looks for.
    @Test
    void aCellIsNeverCut() {
        assertThat(text(OptionalInt.of(4)).lines()).hasSize(12).contains("support-bot", "  orders:explore");
    }
}
