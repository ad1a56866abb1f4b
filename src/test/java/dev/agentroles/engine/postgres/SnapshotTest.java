package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Finding;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What others change while the catalogs are read is not seen by half.
@OnEachPostgreSql
final class SnapshotTest {
    @AutoClose
    private final Database database;

    private final Shop shop;

    SnapshotTest(PostgreSql server) throws SQLException {
        database = server.createDatabase();
        shop = Shop.open(database);
    }

    @AfterEach
    void givePublicItsDefaultsBack() throws SQLException {
        shop.close();
    }

    @Test
    void aMembershipThatComesWhileMembershipsAreReadIsOfTheNextLook() throws SQLException {
        var late = database.role("late");
        try (var session = database.superuser()) {
            var examination = new Examination(before(
                    session,
                    Sql.resource("reachable-memberships.sql"),
                    "CREATE ROLE " + late,
                    shop.text("GRANT " + late + " TO {tier}")));

            assertThat(examination.examine(shop.agentSubject(), shop.intended()).findings())
                    .extracting(Finding::code)
                    .doesNotContain("MEMBERSHIP");
            assertThat(examination.examine(shop.agentSubject(), shop.intended()).findings())
                    .extracting(Finding::code)
                    .contains("MEMBERSHIP");
        }
    }

    /// Those of all who are told of are read at once.
    @Test
    void aMembershipThatComesWhileTheSubjectsAreToldOfIsOfTheNextTime() throws SQLException {
        var late = database.role("late");
        try (var session = database.superuser()) {
            var examination = new Examination(before(
                    session,
                    Sql.resource("reachable-memberships.sql"),
                    "CREATE ROLE " + late,
                    shop.text("GRANT " + late + " TO {tier}")));
            for (boolean there : List.of(false, true)) {
                examination.expect(List.of(shop.agent));
                assertThat(examination.examine(shop.agentSubject(), shop.intended()).findings().stream()
                                .anyMatch(finding -> finding.code().equals("MEMBERSHIP")))
                        .isEqualTo(there);
            }
        }
    }

    /// Somebody executes statements right before this session prepares a query for the first time.
    private Connection before(Connection session, String query, String... statements) {
        var open = new AtomicBoolean(true);
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")
                            && List.of(arguments).contains(query)
                            && open.getAndSet(false)) {
                        database.execute(statements);
                    }
                    return method.invoke(session, arguments);
                });
    }
}
