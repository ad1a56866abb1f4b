package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.RoleName;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.PostgreSql;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a role was given is taken from it, whatever it is called: a role with a mark of ours may have been made by
/// somebody else.
final class DisownTest {
    @AutoClose
    private final Database database;

    DisownTest() throws SQLException {
        database = PostgreSql.newest().createDatabase();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "it's",
                "a\"b\\c",
                "100%s %I",
                "{role}",
                "$disown$; DROP TABLE kept; --",
                "'; DROP TABLE kept; --",
                "\\' $",
                "größe\n\u202e"
            })
    void aRoleThatWasGivenSomethingCanBeDroppedWhateverItsName(String name) throws SQLException {
        var role = new RoleName("ar_" + database.name() + "_" + name);
        var quoted = Sql.identifier(role);
        database.execute(
                "CREATE TABLE kept (id int)",
                "CREATE ROLE " + quoted,
                "GRANT SELECT, UPDATE (id) ON kept TO " + quoted,
                "ALTER DEFAULT PRIVILEGES FOR ROLE " + quoted + " GRANT SELECT ON TABLES TO PUBLIC");

        database.execute(Sql.disown(role), "DROP ROLE " + quoted);

        assertThat(database.query(
                        "SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'ar_%s_')".formatted(database.name())))
                .isEmpty();
        assertThat(database.query("SELECT count(*) FROM kept")).containsExactly("0");
    }
}
