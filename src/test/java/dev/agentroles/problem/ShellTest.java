package dev.agentroles.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a person pastes into a shell from a message.
final class ShellTest {
    @ParameterizedTest
    @ValueSource(strings = {"shop.yaml", "/etc/agentroles/prod-2.yaml", "../a_b/c@d.yml", "a=b:c,d+e%f"})
    void anOrdinaryNameStaysAsItIs(String name) {
        assertThat(Shell.word(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            shop; rm -rf x.yaml | 'shop; rm -rf x.yaml'
            $(id).yaml          | '$(id).yaml'
            `id`                | '`id`'
            ~root               | '~root'
            a"b                 | 'a"b'
            it's                | 'it'\\''s'
            ä.yaml              | 'ä.yaml'
            -q.yaml             | ./-q.yaml
            --sql; id           | './--sql; id'
            """)
    void whatAShellReadsAsMoreIsQuoted(String name, String word) {
        assertThat(Shell.word(name)).isEqualTo(word);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "!x", "*"})
    void whatIsQuotedIsOneWord(String name) {
        assertThat(Shell.word(name)).isEqualTo("'" + name + "'");
    }
}
