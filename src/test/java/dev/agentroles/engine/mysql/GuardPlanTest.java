package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What a plan says of the guard: what cannot be guarded, with the profile's line; a changed limit;
/// its end.
@OnEachMySql
final class GuardPlanTest {
    @AutoClose
    private final GuardGround ground;

    private final boolean mariadb;

    GuardPlanTest(MySql server) throws SQLException, IOException {
        mariadb = server.mariadb();
        ground = new GuardGround(server);
    }

    /// What the plan says once a table is in the writer's scope, too.
    private String planWith(String table) throws IOException {
        var tables = new ArrayList<>(GuardGround.TABLES);
        tables.add(table);
        ground.profile(tables, ", rows: 100, rows_per_transaction: 500");
        return ground.plan();
    }

    @Test
    void aTableThatDoesNotUndoIsRefused() throws SQLException, IOException {
        ground.run(List.of("CREATE TABLE odd (id INT PRIMARY KEY) ENGINE=MyISAM"));

        assertThat(planWith("odd"))
                .containsPattern(
                        "shop.yaml:12:\\d+: " + ground.database.name()
                                + ".odd cannot be guarded: its engine is MyISAM, which does not undo a statement that is refused");
    }

    @Test
    void aTableWithoutAKeyIsRefusedWhereTheGuardNeedsOne() throws SQLException, IOException {
        ground.run(List.of("CREATE TABLE odd (id INT, v INT NOT NULL)"));

        var plan = planWith("odd");
        if (mariadb) {
            assertThat(plan)
                    .contains("odd cannot be guarded: it has no key, and the guard of MariaDB needs a key column");
        } else {
            assertThat(plan).contains("+ guard on " + ground.database.name() + ".odd: nobody waits");
        }
    }

    @Test
    void aTableWhoseRowsGoWithEachOtherIsRefused() throws SQLException, IOException {
        ground.run(List.of("CREATE TABLE odd (id INT PRIMARY KEY, up INT, KEY (up),"
                + " CONSTRAINT fk_odd FOREIGN KEY (up) REFERENCES odd (id) ON DELETE CASCADE)"));

        assertThat(planWith("odd"))
                .contains("odd cannot be guarded: a foreign key leads back to it and deletes its rows");
    }

    @Test
    void whatStandsInTheViewsPlaceIsRefused() throws SQLException, IOException {
        ground.run(List.of(
                "CREATE TABLE odd (id INT PRIMARY KEY)",
                "CREATE TABLE " + ground.views() + ".odd (id INT PRIMARY KEY)"));

        assertThat(planWith("odd"))
                .contains("odd cannot be guarded: " + ground.views()
                        + ".odd, where its guarded view belongs, is not the guard's");
    }

    @Test
    void namesOfEveryKindAreGuarded() throws SQLException, IOException {
        var longest = "l" + "o".repeat(62) + "g";
        var columns = new ArrayList<>(List.of(
                "select",
                "where",
                "a b",
                "it's",
                "back\\slash",
                "a.b",
                "per%cent",
                "-- x",
                "#x",
                "/*x",
                "x*/",
                "a?b",
                "@x",
                "{x",
                "(x",
                "end",
                longest.substring(1)));
        if (mariadb) {
            columns.add("say \"x\"");
        } else {
            columns.addAll(List.of("ü", "?"));
        }
        ground.run(List.of(
                "CREATE TABLE `order` (id INT PRIMARY KEY, "
                        + columns.stream()
                                .map(column -> Sql.identifier(column) + " INT")
                                .collect(Collectors.joining(", "))
                        + ")",
                "CREATE TABLE `" + longest + "` (id INT PRIMARY KEY, v INT)",
                "INSERT INTO `order` (id) VALUES (1), (2)"));
        var tables = new ArrayList<>(GuardGround.TABLES);
        tables.addAll(List.of("order", longest));
        ground.profile(tables, ", rows: 100, rows_per_transaction: 5000");
        ground.apply();

        assertThat(ground.plan()).contains("nothing to do");
        try (var connection = ground.database.server().connect(ground.views(), ground.writer);
                var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (var column : columns) {
                var name = Sql.identifier(column);
                assertThat(statement.executeUpdate(
                                "UPDATE `order` SET %1$s = 5 WHERE `order`.%1$s IS NULL AND id = 1".formatted(name)))
                        .as(column)
                        .isOne();
            }
            assertThat(statement.executeUpdate("INSERT INTO `" + longest + "` VALUES (1, 1)"))
                    .isOne();
        }
    }

    @Test
    void aNameThatIsAmbiguousInBackTicksIsSaid() throws SQLException, IOException {
        ground.run(List.of("CREATE TABLE odd (id INT PRIMARY KEY, `ü` INT)", "INSERT INTO odd VALUES (1, 1)"));

        var plan = planWith("odd");
        if (mariadb) {
            assertThat(plan).contains(ground.database.name() + ".odd.ü ends in ? or a letter that is not ASCII");
        } else {
            assertThat(plan).doesNotContain("ends in");
        }
        ground.apply();
        try (var connection = ground.database.server().connect(ground.views(), ground.writer);
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE odd SET ü = 2 WHERE ü = 1"))
                    .isOne();
        }
    }

    @Test
    void namesThatTheGuardCannotFollowAreRefused() throws SQLException, IOException {
        ground.run(List.of(
                "CREATE TABLE `we``ird` (id INT PRIMARY KEY)", "CREATE TABLE odd (id INT PRIMARY KEY, `o``dd` INT)"));

        assertThat(planWith("odd"))
                .containsPattern("shop.yaml:12:\\d+: " + ground.database.name()
                        + "\\.odd\\.o`dd cannot be guarded: a statement with `\"? inside a name cannot be judged");
        assertThat(planWith("*")).contains(ground.database.name() + ".we`ird cannot be guarded: a statement with `");
    }

    /// What the plan refuses for would otherwise be an agent whose every other statement is refused.
    @Test
    void aNameWithDoubleQuotesIsRefusedWhereItIsConfusing() throws SQLException, IOException {
        ground.run(List.of("CREATE TABLE odd (id INT PRIMARY KEY, `o\"dd` INT)"));

        var plan = planWith("odd");
        if (mariadb) {
            assertThat(plan).contains("+ guard on " + ground.database.name() + ".odd");
        } else {
            assertThat(plan).contains(".odd.o\"dd cannot be guarded");
        }
    }

    @Test
    void whatIsLessThanTheProfileMayMeanIsSaidWithItsLine() throws IOException {
        var product = mariadb ? "MariaDB" : "MySQL";
        ground.profile(GuardGround.TABLES, ", rows: 100");

        assertThat(ground.plan())
                .containsPattern("shop.yaml:15:\\d+: rows_per_transaction: " + product
                        + " does not count by transaction: 10000 rows are what a session may change in a minute")
                .containsPattern(
                        "shop.yaml:\\d+:\\d+: a lease that is over goes on until reap, rotate or apply ends it: "
                                + product + " has no expiry of its own");
    }

    @Test
    void aChangedLimitIsOneLineAndHoldsAtOnce() throws SQLException, IOException {
        ground.fill();
        ground.profile(GuardGround.TABLES, ", rows: 2, rows_per_window: 50, window: 1h");

        assertThat(ground.plan())
                .contains(
                        "~ limits of %s by %s: 100 rows of a table in a statement, 500 rows in 60 s becomes 2 rows of a table in a statement, 50 rows in 3600 s"
                                .formatted(ground.agent(), ground.tier()));
        ground.apply();
        try (var connection = ground.database.server().connect(ground.views(), ground.writer);
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE tiny SET v = 8 WHERE id < 3"))
                    .isEqualTo(2);
            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                    SQLException.class, () -> statement.execute("UPDATE tiny SET v = 9 WHERE id < 4"))
                            .getSQLState())
                    .isEqualTo("AR002");
        }
    }

    @Test
    void nothingOfTheGuardStaysWhenNobodyWritesUnderIt() throws SQLException, IOException {
        ground.operator.write("shop.yaml", ground.operator.head("production") + """
                scopes:
                  shop:
                    database: %1$s
                    include: [%1$s.tiny]
                agents:
                  janitor:
                    access: [{scope: shop, tier: explore}]
                """.formatted(ground.database.name()));
        ground.apply();

        assertThat(ground.plan()).contains("nothing to do");
        assertThat(ground.database.query("""
                        SELECT schema_name FROM information_schema.schemata
                         WHERE schema_name LIKE '%s\\_%%' OR schema_name = 'agentroles_guard'
                        UNION ALL SELECT user FROM mysql.user WHERE user = 'agentroles_guard'
                        """.formatted(ground.database.name()))).isEmpty();
    }
}
