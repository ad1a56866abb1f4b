package dev.agentroles.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Naming;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class MintTest {
    private final Mint mint = new Mint(new SecureRandom());

    @Test
    void aPasswordHasAtLeast160BitsAndNeedsNoQuoting() {
        String password = mint.password().reveal(text -> text);

        assertThat(password).matches("[A-Za-z0-9]+");
        assertThat(password.length() * Math.log(62) / Math.log(2)).isGreaterThanOrEqualTo(160);
    }

    @Test
    void everyCharacterIsUsedAndNoPasswordComesTwice() {
        var passwords = new HashSet<String>();
        for (int i = 0; i < 1_000; i++) {
            passwords.add(mint.password().reveal(text -> text));
        }

        assertThat(passwords).hasSize(1_000);
        assertThat(passwords.stream().flatMapToInt(String::chars).boxed().collect(Collectors.toSet()))
                .hasSize(62);
    }

    @Test
    void aLeaseBeginsWithADigitSoThatItIsNoTier() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(mint.lease()).matches("[0-9][0-9a-hjkmnp-tv-z]{" + (Naming.LEASE_LENGTH - 1) + "}");
        }
    }
}
