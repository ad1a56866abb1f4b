package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A foreign key with ON UPDATE CASCADE would carry a change of what it refers to into its own table, uncounted: a
/// writer changes every other column.
@OnEachMySql
final class MySqlCarriedKeyTest {
    @AutoClose
    private final MySqlGround shop;

    MySqlCarriedKeyTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        shop = new MySqlGround(server, directory);
        carry();
    }

    private void carry() throws SQLException {
        shop.database.execute("""
                CREATE TABLE `lines` (id int PRIMARY KEY, order_id int,
                  CONSTRAINT of_order FOREIGN KEY (order_id) REFERENCES orders (id) ON UPDATE CASCADE) ENGINE = InnoDB
                """);
    }

    private void update(String set) throws SQLException {
        try (var session = shop.database.connect(shop.operator.published(MySqlGround.OTHER));
                var statement = session.createStatement()) {
            statement.execute("UPDATE %s_rw.orders SET %s WHERE id = 1".formatted(shop.database.name(), set));
        }
    }

    private String guarded() throws SQLException {
        return shop.database
                .query("SELECT Table_priv FROM mysql.tables_priv WHERE User = 'agentroles_guard' AND Db = '%s'"
                        .formatted(shop.database.name()))
                .getFirst();
    }

    @Test
    void itsKeyStaysAndTheRestIsChanged() throws SQLException {
        shop.clean("apply", "shop.yaml", "--yes");

        update("total = 43");
        assertThatThrownBy(() -> update("id = 2")).hasMessageContaining("UPDATE command denied");
        shop.clean("plan", "shop.yaml");
    }

    @Test
    void aKeyThatComesLaterIsTakenAwayAndComesBack() throws SQLException {
        shop.database.execute("DROP TABLE `lines`");
        shop.clean("apply", "shop.yaml", "--yes");
        var before = guarded();
        update("id = 1");

        carry();
        shop.clean("apply", "shop.yaml", "--yes");
        assertThatThrownBy(() -> update("id = 2")).hasMessageContaining("UPDATE command denied");

        shop.database.execute("DROP TABLE `lines`");
        shop.clean("apply", "shop.yaml", "--yes");
        update("id = 1");
        assertThat(guarded()).isEqualTo(before);
    }
}
