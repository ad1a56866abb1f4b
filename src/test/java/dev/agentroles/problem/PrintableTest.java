package dev.agentroles.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What a name in a database cannot do to a terminal.
final class PrintableTest {
    @Test
    void whatMovesTheCursorOrTurnsTheLineIsWrittenOut() {
        assertThat(Printable.line("a\u001b[2Kb\nc\u009bd\u007fe\u202ef\u2066g\u2028h"))
                .isEqualTo("a\\x1b[2Kb\\nc\\x9bd\\x7fe\\u202ef\\u2066g\\u2028h");
    }

    @Test
    void whatIsNotSeenIsWrittenOut() {
        assertThat(Printable.line("or\u200bders \u00adx\ufeff a\u00a0b \u3164 \ufe0f \udb40\udc41"))
                .isEqualTo("or\\u200bders \\xadx\\ufeff a\\xa0b \\u3164 \\ufe0f \\U000e0041");
    }

    /// A letter to a server, a space to the eye.
    @Test
    void aBlankThatIsNoSpaceIsWrittenOut() {
        assertThat(Printable.line("a\u2800b")).isEqualTo("a\\u2800b");
    }

    @Test
    void whatHasLinesKeepsThemAndNothingElse() {
        assertThat(Printable.lines("GRANT\n\u001b[1A")).isEqualTo("GRANT\n\\x1b[1A");
    }

    @Test
    void lettersOfAnyLanguageStayAsTheyAre() {
        assertThat(Printable.line("Größe 価格 \uD83D\uDE00")).isEqualTo("Größe 価格 \uD83D\uDE00");
    }

    @Test
    void aProblemStaysInItsLine() {
        assertThat(Problem.of("no right on \"a\nb\"")).hasToString("no right on \"a\\nb\"");
    }
}
