package dev.agentroles.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.engine.ObjectName.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of objects as people write them.
final class ObjectNameTest {
    @Test
    void aBareNameHasItsPartsAsTheyStand() {
        assertThat(ObjectName.parse("app.Orders.total"))
                .contains(new ObjectName(Optional.empty(), "", List.of("app", "Orders", "total"), Optional.empty()));
        assertThat(ObjectName.parse("app.Order Items").orElseThrow().parts()).containsExactly("app", "Order Items");
    }

    @Test
    void quotesKeepWhatIsInThemTogether() {
        assertThat(ObjectName.parse("\"we\"\"ird\".\"level.current\".id")
                        .orElseThrow()
                        .parts())
                .containsExactly("we\"ird", "level.current", "id");
    }

    @Test
    void aWordBeforeTheNameSaysWhatItIs() {
        assertThat(ObjectName.parse("TABLE app.orders").orElseThrow().is(Kind.RELATION))
                .isTrue();
        assertThat(ObjectName.parse("foreign  data wrapper files"))
                .contains(new ObjectName(
                        Optional.of(Kind.FOREIGN_DATA_WRAPPER),
                        "foreign data wrapper",
                        List.of("files"),
                        Optional.empty()));
        assertThat(ObjectName.parse("schema").orElseThrow().kind()).isEmpty();
    }

    @Test
    void parenthesesAreARoutines() {
        assertThat(ObjectName.parse("app.\"Odd Fn\"(numeric(8, 2), text)"))
                .contains(new ObjectName(
                        Optional.of(Kind.ROUTINE), "", List.of("app", "Odd Fn"), Optional.of("numeric(8, 2), text")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "app.", ".orders", "app..orders", "app.\"orders", "\"app\"orders", "app.total(int"})
    void whatIsNoNameIsRefused(String text) {
        assertThat(ObjectName.parse(text)).isEmpty();
    }
}
