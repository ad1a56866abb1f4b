package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Names are data, whatever they hold.
@OnEachMySql
final class MySqlNamesTest {
    private static final List<String> NAMES = List.of(
            "select", "we`ird", "grüße", "a.b", "per%cent_age", "back\\slash", "it's", "two words", "n".repeat(64));

    @AutoClose
    private final OrdersGround ground;

    MySqlNamesTest(MySql server, @TempDir Path directory) throws SQLException {
        ground = new OrdersGround(server, directory);
    }

    @Test
    void namesAreDataWhateverTheyHold() throws SQLException, IOException {
        for (var name : NAMES) {
            ground.database.execute(
                    "CREATE TABLE `%s` (`%s` int)".formatted(name.replace("`", "``"), name.replace("`", "``")));
        }
        ground.profile("\"" + ground.database.name() + ".*\"", "", "");

        ground.ends(0, "apply", "shop.yaml", "--yes", "--no-verify");

        ground.ends(0, "plan", "shop.yaml");
        try (var session = ground.database.connect(ground.published());
                var statement = session.createStatement()) {
            statement.setEscapeProcessing(false);
            for (var name : NAMES) {
                statement.execute("SELECT `%1$s` FROM `%1$s`".formatted(name.replace("`", "``")));
            }
        }
        ground.profile(ground.orders(), "", "");
        ground.ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(ground.database.query("SELECT COUNT(*) FROM mysql.tables_priv WHERE User LIKE 'ar\\_%'"))
                .containsExactly("1");
    }

    /// A whole database is granted to the administrator by its name.
    @Test
    void aSchemaWhoseNameIsNotAsciiIsUsedInEveryTier() throws SQLException, IOException {
        var schema = ground.database.named("grüße");
        ground.database.execute(
                "CREATE DATABASE `%s`".formatted(schema),
                "CREATE TABLE `%s`.`maße` (id int PRIMARY KEY)".formatted(schema));
        ground.database.administers(ground.operator.administrator(), schema);
        for (var tier : List.of("explore", "ddl-denied", "writer")) {
            ground.profile(schema + ".*, " + ground.orders(), "", "");
            ground.operator.edit("shop.yaml", text -> text.replace("tier: explore", "tier: " + tier));

            ground.ends(0, "apply", "shop.yaml", "--yes");
        }
    }

    /// Each scheme writes it as its own driver reads it.
    @Test
    void aDatabaseWhoseNameIsNoWordIsServedByTheUrlsOfBothDrivers() throws SQLException, IOException {
        var name = ground.database.named("my shop+grüße");
        ground.database.execute(
                "CREATE DATABASE `%s`".formatted(name),
                "CREATE TABLE `%s`.orders (id int PRIMARY KEY)".formatted(name));
        ground.database.administers(ground.operator.administrator(), name);
        ground.profile("'\"" + name + "\".orders'", "", "");
        ground.writer("shop.yaml");
        var encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        served(ground.server.url(encoded), encoded);
        if (ground.server.mariadb()) {
            served(ground.server.url(name).replace("jdbc:mysql:", "jdbc:mariadb:"), name);
        }
    }

    private void served(String url, String database) {
        ground.operator.set("DB_URL", url);

        ground.ends(0, "apply", "shop.yaml", "--yes");

        assertThat(ground.operator.secret("bot").orElseThrow().url()).contains("/" + database + "_rw");
        ground.ends(0, "plan", "shop.yaml");
    }
}
