package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Guard;
import dev.agentroles.access.Securable;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is read back is what was made, and nothing else that could work differently.
@OnEachMySql
final class GuardDriftTest {
    @AutoClose
    private final GuardGround ground;

    GuardDriftTest(MySql server) throws SQLException {
        ground = new GuardGround(server);
    }

    private GuardCatalog look() throws SQLException {
        try (var connection = ground.database.superuser()) {
            return new GuardReader(connection, ground.sql.form()).read(true);
        }
    }

    private Set<Guard.Table> wanted(GuardCatalog catalog) {
        return GuardGround.TABLES.stream()
                .map(name -> new Securable.Relation(ground.database.name(), name))
                .map(name -> new Guard.Table(
                        name,
                        GuardDefinition.wanted(
                                        catalog.form(),
                                        catalog.tables()
                                                .guarded(
                                                        catalog.tables().find(name).orElseThrow(),
                                                        List.of(GuardGround.TIER)))
                                .text()))
                .collect(Collectors.toSet());
    }

    @Test
    void whatIsReadBackIsWhatWasMade() throws SQLException {
        var catalog = look();

        assertThat(catalog.core()).containsExactlyInAnyOrderElementsOf(catalog.expected());
        assertThat(catalog.guard().tables()).containsExactlyInAnyOrderElementsOf(wanted(catalog));
        assertThat(catalog.guard().limits()).containsExactly(GuardGround.limits(100, 500));
        assertThat(catalog.guard().core()).isEqualTo(Optional.of(GuardDefinition.fingerprint(catalog.expected())));
    }
}
