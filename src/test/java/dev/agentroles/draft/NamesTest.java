package dev.agentroles.draft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Naming;
import dev.agentroles.access.Tier;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Names of a server as names of a profile.
final class NamesTest {
    /// Of MySQL, where there is the least room.
    private static final int BYTES = 32;

    @ParameterizedTest
    @CsvSource({"app, app", "My App, my-app", "größe, gr-e", "1st_app, st-app", "--, scope", "表, scope", "'', scope"})
    void aNameIsMadeFit(String from, String fit) {
        assertThat(new Names("shop", BYTES).scope(from)).isEqualTo(fit);
    }

    @Test
    void eachIsAnotherAndFitsTheRolesThatAreCalledByIt() {
        var names = new Names("shop", BYTES);
        var scopes = new HashSet<String>();
        var agents = new HashSet<String>();
        for (int i = 0; i < 120; i++) {
            assertThat(scopes.add(names.scope("a_schema_with_a_long_name_and_number_" + i)))
                    .isTrue();
            assertThat(agents.add(names.agent("an_account_with_a_long_name_and_number_" + i)))
                    .isTrue();
        }
        assertThat(scopes)
                .allMatch(name -> Naming.NAME.matcher(name).matches())
                .allMatch(name ->
                        Naming.tierRole("shop", name, Tier.DDL_DENIED).value().length() <= BYTES);
        assertThat(agents)
                .allMatch(name -> Naming.NAME.matcher(name).matches())
                .allMatch(name ->
                        Naming.leaseLogin("shop", name, "12345678").value().length() <= BYTES);
    }
}
