package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// From where somebody may come: only what certainly cannot be the same client is told apart.
final class HostsTest {
    @ParameterizedTest
    @CsvSource({
        "%, 192.0.2.1, true",
        "'', 192.0.2.1, true",
        "10.1.%, 10.1.2.3, true",
        "10.1.%, 10.2.2.3, false",
        "10.1.%, 10.%.7, true",
        "10.1.%, 10.2.%, false",
        "10.1.2._, 10.1.2.34, false",
        "localhost, 127.0.0.1, true",
        "localhost, ::1, true",
        "localhost, 127.%, true",
        "localhost, 10.1.%, false",
        "localhost, %.example.com, false",
        "%.example.com, db1.example.com, true",
        "%.example.com, DB1.EXAMPLE.COM, true",
        "%.example.com, db1.example.org, false",
        "%.example.com, 10.1.2.3, true",
        "192.0.2.0/255.255.255.128, 192.0.2.100, true",
        "192.0.2.0/255.255.255.128, 192.0.2.200, false",
        "192.0.2.0/25, 192.0.2.200, false",
        "192.0.2.0/24, 192.0.2.200, true",
        "192.0.2.0/24, localhost, false",
        "192.0.2.0/24, db1.example.com, true",
        "192.0.2.0/24, 192.0.%, true",
        "192.0.2.0/24, ::1, false",
    })
    void twoHostsOverlapOrCannot(String one, String other, boolean overlap) {
        assertThat(Hosts.overlap(one, other)).isEqualTo(overlap);
        assertThat(Hosts.overlap(other, one)).isEqualTo(overlap);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, %, true",
        "192.0.2.7, 192.0.%, true",
        "192.0.2.7, 10.%, false",
        "192.0.2.%, 192.0.%, true",
        "192.0.%, 192.0.2.%, false",
        "192.0.2.%, 10.%, false",
        "%, %, false",
        "%, 192.0.2.7, false",
        "localhost, %, true",
    })
    void theMoreSpecificHostTakesLoginsOver(String other, String host, boolean takesOver) {
        assertThat(Hosts.takesOver(other, host)).isEqualTo(takesOver);
    }
}
