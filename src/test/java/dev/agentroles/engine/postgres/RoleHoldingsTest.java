package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Holding;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is read once for several subjects is for each what would have been read for it alone.
@OnEachPostgreSql
final class RoleHoldingsTest {
    @AutoClose
    private final Database database;

    private final Shop shop;
    private final AtomicInteger readings = new AtomicInteger();

    RoleHoldingsTest(PostgreSql server) throws SQLException {
        database = server.createDatabase();
        shop = Shop.open(database);
        database.execute(shop.text("""
                CREATE ROLE %1$s;
                GRANT pg_read_all_data TO %1$s;
                GRANT USAGE ON SCHEMA app TO {other};
                GRANT {other} TO {agent};
                GRANT DELETE ON app.orders TO {other} WITH GRANT OPTION;
                SET ROLE {other};
                GRANT DELETE ON app.orders TO {tier};
                RESET ROLE;
                GRANT UPDATE (email) ON app.customers TO PUBLIC;
                """).formatted(database.role("reader")));
    }

    @AfterEach
    void dropRoles() throws SQLException {
        shop.close();
        database.execute("DROP ROLE " + database.role("reader"));
    }

    @Test
    void whatManyHoldIsReadOnceAndIsTheSameForEach() throws SQLException {
        try (var session = counting(database.superuser())) {
            var subjects = closures(session);
            var alone = new RoleHoldings(session, false);
            var shared = new RoleHoldings(session, false);
            shared.share(subjects.stream()
                    .flatMap(closure -> Stream.of(closure.usableOids()))
                    .toList());
            for (var closure : subjects) {
                var powers = powers(alone, closure);
                readings.set(0);
                assertThat(powers).isNotEmpty().isEqualTo(powers(shared, closure));
            }
            assertThat(readings).as("readings since the last that was alone").hasValue(0);
        }
    }

    @Test
    void whatIsTooMuchToKeepIsReadForEach() throws SQLException {
        try (var session = counting(database.superuser())) {
            var subjects = closures(session);
            var alone = new RoleHoldings(session, false);
            var shared = new RoleHoldings(session, false, 3);
            shared.share(subjects.stream()
                    .flatMap(closure -> Stream.of(closure.usableOids()))
                    .toList());
            for (var closure : subjects) {
                assertThat(powers(shared, closure)).isEqualTo(powers(alone, closure));
            }
            assertThat(readings).hasValue(2 * subjects.size() + 1);
        }
    }

    @Test
    void whatIsForgottenIsReadAgain() throws SQLException {
        try (var session = database.superuser()) {
            var agent = closure(session, shop.agent.value());
            var shared = new RoleHoldings(session, false);
            shared.share(List.of(agent.usableOids()));
            var before = powers(shared, agent);
            database.execute(shop.text("GRANT SELECT ON hr.salaries TO {tier}"));

            assertThat(powers(shared, agent)).isEqualTo(before);
            shared.forget();
            assertThat(powers(shared, agent)).hasSize(before.size() + 1);
        }
    }

    private static List<Holding> powers(RoleHoldings holdings, Closure closure) throws SQLException {
        return EffectivePrivileges.of(holdings, closure).holdings().all();
    }

    private List<Closure> closures(Connection session) throws SQLException {
        var closures = new ArrayList<Closure>();
        for (var name : Set.of(
                shop.agent.value(),
                shop.login.username(),
                shop.tier.value(),
                database.role("other"),
                database.role("owner"),
                database.role("reader"))) {
            closures.add(closure(session, name));
        }
        return closures;
    }

    private static Closure closure(Connection session, String role) throws SQLException {
        return Closure.of(session, new RoleName(role)).orElseThrow();
    }

    private Connection counting(Connection session) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")
                            && List.of(arguments).contains(Sql.resource("holdings.sql"))) {
                        readings.incrementAndGet();
                    }
                    return method.invoke(session, arguments);
                });
    }
}
