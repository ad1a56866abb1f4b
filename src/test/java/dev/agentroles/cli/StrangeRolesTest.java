package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Roles of a profile on the server of a database that knows nothing of them: the message says which case it is,
/// and its statements work.
final class StrangeRolesTest {
    @AutoClose
    private final Ground ground;

    StrangeRolesTest(@TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(directory);
    }

    @Test
    void whatADroppedDatabaseLeftBehindIsNamedWithTheStatementThatDropsIt() throws SQLException {
        try (var dropped = applied()) {
            ground.database.execute("DROP DATABASE %s WITH (FORCE)".formatted(dropped.name()));
            ground.operator.set("DB_URL", ground.database.url());

            for (var command : new String[] {"plan", "status", "rotate"}) {
                assertThat(ground.ends(3, command, "shop.yaml").err())
                        .contains("the server has 6 roles of production")
                        .contains("they hold nothing in any database, as when one was dropped and created again");
            }
            cure("shop.yaml", "drop those roles and run this again: ");

            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            ground.connect(Ground.AGENT).close();
        }
    }

    @Test
    void rolesOfADatabaseThatIsThereAreNobodysToDrop() throws SQLException {
        try (var other = applied()) {
            ground.operator.set("DB_URL", ground.database.url());

            var said = ground.ends(3, "plan", "shop.yaml").err();

            assertThat(said)
                    .contains("they belong to another database of this server, as they hold something in "
                            + other.name() + "; correct the URL")
                    .doesNotContain("DROP ROLE");
        }
    }

    @Test
    void aLostLedgerIsToldAndCanBeBegunAnew() throws SQLException {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground.database.execute("DROP SCHEMA agentroles CASCADE");

        assertThat(ground.ends(3, "plan", "shop.yaml").err())
                .contains(
                        "they hold something here, so the ledger of this database was lost; restore schema agentroles");
        cure("shop.yaml", "have a superuser run in one session in this database: ");

        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground.connect(Ground.AGENT).close();
    }

    @Test
    void ofManyRolesTheRestIsNamedWhenTheFirstAreGone() throws SQLException, IOException {
        ground.manyAgents(30);
        ground.clean("apply", "many.yaml", "--yes", "--no-verify");
        ground.database.execute("DROP SCHEMA agentroles CASCADE");

        assertThat(ground.ends(3, "plan", "many.yaml").err())
                .contains("the server has 61 roles of production")
                .contains(" and 21 more): ");
        cure("many.yaml", "have a superuser run in one session in this database: ");
        cure("many.yaml", "have a superuser run in one session in this database: ");

        ground.clean("apply", "many.yaml", "--yes", "--no-verify");
    }

    /// Another database of the server, with the profile applied to it.
    private Database applied() throws SQLException {
        var other = PostgreSql.newest().createDatabase();
        var administrator = ground.operator.administrator().username();
        other.execute(
                "CREATE SCHEMA app",
                "CREATE TABLE app.orders AS SELECT 1 AS id",
                "GRANT USAGE ON SCHEMA app TO %s WITH GRANT OPTION".formatted(administrator),
                "GRANT ALL ON app.orders TO %s WITH GRANT OPTION".formatted(administrator),
                "GRANT CREATE, CONNECT ON DATABASE %s TO %s WITH GRANT OPTION".formatted(other.name(), administrator));
        ground.operator.set("DB_URL", other.url());
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        return other;
    }

    /// Runs the statements that the message ends with.
    private void cure(String profile, String after) throws SQLException {
        var said = ground.ends(3, "plan", profile).err();
        assertThat(said).contains(after);
        var statements = said.substring(said.indexOf(after) + after.length()).replaceFirst(" \\(the next run.*", "");
        ground.database.execute(statements.strip().split("; "));
    }
}
