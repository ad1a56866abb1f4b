package dev.agentroles.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentroles.access.Privilege;
import dev.agentroles.problem.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Servers come with new privileges.
final class GrantedWordsTest {
    @ParameterizedTest
    @EnumSource
    void aPrivilegeIsKnownByItsKeyword(Privilege privilege) {
        assertThat(GrantedWords.privilege(privilege.sql(), "app.orders")).isEqualTo(privilege);
    }

    @Test
    void oneThatIsNotKnownIsNoErrorOfOurs() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> GrantedWords.privilege("TELEPORT", "app.orders"))
                .withMessageStartingWith(
                        "somebody holds TELEPORT on app.orders, a privilege that this agentroles does not know");
    }
}
