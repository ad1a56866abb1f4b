package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Severity;
import dev.agentroles.harness.PostgreSql;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The cost of looking does not grow with the number of tables, but for reading what they give the agent.
final class ExaminationScaleTest {
    @Test
    void tenThousandTablesAreExaminedWithAsManyQueriesAsThree() throws SQLException {
        try (var database = PostgreSql.newest().createDatabase()) {
            var shop = Shop.open(database);
            try {
                var few = queries(database.connect(shop.administrator), shop);
                database.execute("""
                        DO $$ BEGIN
                            FOR i IN 1..10000 LOOP
                                EXECUTE format('CREATE TABLE app.many_%s (id int)', i);
                                IF i % 500 = 0 THEN COMMIT; END IF;
                            END LOOP;
                        END $$""", shop.text("GRANT SELECT ON ALL TABLES IN SCHEMA app TO {other}"));
                var many = queries(database.connect(shop.administrator), shop);
                assertThat(many).isEqualTo(few).isLessThan(25);
            } finally {
                shop.close();
            }
        }
    }

    private static int queries(Connection session, Shop shop) throws SQLException {
        var count = new AtomicInteger();
        try (session) {
            var counting = (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                        if (method.getName().equals("prepareStatement")
                                || method.getName().equals("createStatement")) {
                            count.incrementAndGet();
                        }
                        return method.invoke(session, arguments);
                    });
            assertThat(new Examination(counting)
                            .examine(shop.subject(), shop.intended())
                            .findings())
                    .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Severity.INFO));
        }
        return count.get();
    }
}
