package dev.agentroles.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class Sha256Test {
    /// FIPS 180-2, appendix B.1.
    @Test
    void theStandardsExampleComesOut() {
        assertThat(Sha256.of("abc").hex())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void aShortNameAndANumberAreItsFirstBytes() {
        assertThat(Sha256.of("abc").hex(4)).isEqualTo("ba7816bf");
        assertThat(Sha256.of("abc").number()).isEqualTo(0xba7816bf8f01cfeaL);
    }

    @Test
    void partsAreReadAsOneText() {
        assertThat(Sha256.ofBytes(new byte[] {'a'}, new byte[] {'b', 'c'}).hex())
                .isEqualTo(Sha256.of("abc").hex());
    }

    @Test
    void listsThatJoinToTheSameTextDiffer() {
        assertThat(Sha256.ofAll(List.of("ab", "c")).hex())
                .isNotEqualTo(Sha256.ofAll(List.of("a", "bc")).hex());
        assertThat(Sha256.ofAll(List.of("é")).hex()).isEqualTo(Sha256.of("2:é").hex());
    }
}
