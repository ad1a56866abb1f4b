package dev.agentroles.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

final class SaidTest {
    @Test
    void theNumberThatADriverGivesOurSessionIsNoPartOfWhatTheServerSaid() {
        var said = new SQLException("(conn=39) Duplicate column name 'n' (conn=40)", "42S21", 1060);

        assertThat(Said.text(said)).isEqualTo("Duplicate column name 'n' (conn=40)");
        assertThat(Said.firstLine(said)).isEqualTo("Duplicate column name 'n' (conn=40)");
        assertThat(Said.code(said)).isEqualTo("42S21 (1060)");
    }

    @Test
    void theFirstLineHasNoFullStop() {
        var said = new SQLException("ERROR: no such table.\n  Detail: it was dropped.");

        assertThat(Said.firstLine(said)).isEqualTo("ERROR: no such table");
        assertThat(Said.text(said)).isEqualTo("ERROR: no such table.\n  Detail: it was dropped.");
    }

    @Test
    void aDriverMaySayNothing() {
        assertThat(Said.firstLine(new SQLException())).isEqualTo("null");
    }
}
