package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an agent's power relies on stays remembered until somebody accepts something else.
final class RememberedDefinitionsTest {
    private static final String CHANGED = "view app.open_orders is not what it was when it was accepted";

    @AutoClose
    private final Ground ground;

    RememberedDefinitionsTest(@TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(directory);
        ground.operator.write("shop.yaml", ground.operator.head("production") + """
                scopes:
                  orders: {database: %s, include: ["app.*"]}
                agents:
                  support-bot:
                    access: [{scope: orders, tier: explore}]
                    lease: {ttl: 1h, overlap: 10m, connections: 20}
                """.formatted(ground.database.name()));
    }

    private void apply() {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    private String verify(String... options) {
        var arguments = Stream.concat(Stream.of("verify", "shop.yaml"), Stream.of(options));
        return ground.operator.run(arguments.toArray(String[]::new)).out();
    }

    private void createView(String condition) throws SQLException {
        ground.database.execute(
                "CREATE VIEW app.open_orders WITH (security_invoker = true) AS SELECT id FROM app.orders" + condition,
                "GRANT SELECT ON app.open_orders TO %s WITH GRANT OPTION"
                        .formatted(ground.operator.administrator().username()));
    }

    @Test
    void aViewThatWasAwayForARunIsHeldAgainstWhatWasAccepted() throws SQLException {
        createView("");
        apply();
        assertThat(verify()).doesNotContain(CHANGED);

        ground.database.execute("DROP VIEW app.open_orders");
        assertThat(verify()).doesNotContain(CHANGED);
        createView(" WHERE id > 7");
        apply();

        assertThat(verify()).contains("DEFINITION-CHANGED", CHANGED);
        assertThat(verify("--accept-definitions")).doesNotContain(CHANGED);
        assertThat(verify()).doesNotContain(CHANGED);
        assertThat(ground.clean("log", "shop.yaml").out()).contains("accept definitions", "view app.open_orders");
    }
}
