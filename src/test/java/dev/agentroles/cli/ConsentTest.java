package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.OnOldestAndNewestPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What apply does not do: without a yes, against a plan that nobody has reviewed, or by a pattern that means nothing.
@OnOldestAndNewestPostgreSql
final class ConsentTest {
    @AutoClose
    private final ProductGround ground;

    ConsentTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = new ProductGround(server, directory);
    }

    @Test
    void withoutATerminalConsentMustBeGivenOnTheCommandLine() {
        var said = ground.operator.run("apply", "shop.yaml");

        assertThat(said.code()).isEqualTo(3);
        assertThat(said.err()).contains("--yes was not given");
    }

    @Test
    void onlyYesIsYes() throws SQLException {
        ground.operator.answer("y");

        var said = ground.operator.run("apply", "shop.yaml");

        assertThat(said.code()).isEqualTo(3);
        assertThat(ground.database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'agentroles'"))
                .isEmpty();
    }

    @Test
    void hardeningIsAskedAboutByItself() throws Exception {
        ground.database.execute(
                "ALTER DATABASE %s OWNER TO %s".formatted(ground.database.name(), ground.database.role("admin")));
        ground.operator.write(
                "shop.yaml",
                ground.operator.head("production") + "    harden: [public-temp]\n"
                        + ProductGround.SCOPES.formatted(ground.database.name()) + ProductGround.AGENTS);
        ground.operator.answer("yes", "no");

        assertThat(ground.operator.run("apply", "shop.yaml").code()).isEqualTo(3);

        ground.operator.answer("yes", "yes");
        assertThat(ground.operator.run("apply", "shop.yaml").code()).isZero();
    }

    @Test
    void aPlanThatWasNotReviewedIsRefused() {
        var said = ground.operator.run("apply", "shop.yaml", "--yes", "--expect", "0123456789abcdef");

        assertThat(said.code()).isEqualTo(3);
        assertThat(said.err()).contains("--expect says 0123456789abcdef");
    }

    @Test
    void aPatternThatMatchesNothingIsRefusedWithANearName() throws IOException {
        ground.write(
                ProductGround.SCOPES.replace("app.orders,", "app.ordrs,").replace(", app.orders.card_number", ""),
                ProductGround.AGENTS);

        var said = ground.operator.run("apply", "shop.yaml", "--yes");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("shop.yaml:12:15: pattern \"app.ordrs\" matches no table or view of database \""
                        + ground.database.name() + "\"; did you mean \"app.orders\"?");
    }
}
