package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a plan costs in queries, whatever there is to look at.
@OnEachPostgreSql
final class PlanCostTest {
    @AutoClose
    private final Database database;

    private final Login administrator;
    private final Operator operator;

    PlanCostTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        database = server.createDatabase();
        database.execute("CREATE SCHEMA app");
        tables(1, 3);
        administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        operator = new Operator(directory, database, administrator);
        operator.write("few.yaml", profile(1));
        operator.write("many.yaml", profile(20));
    }

    private void tables(int from, int to) throws SQLException {
        database.execute(
                "DO $$ BEGIN FOR i IN %d..%d LOOP EXECUTE format('CREATE TABLE app.t%%s (id int)', i); END LOOP; END $$"
                        .formatted(from, to));
    }

    private String profile(int agents) {
        var text = new StringBuilder(operator.head("production"));
        text.append("scopes:\n  all: {database: %s, include: [\"app.*\"]}\nagents:\n".formatted(database.name()));
        for (int agent = 1; agent <= agents; agent++) {
            text.append("  agent-%d: {access: [{scope: all, tier: explore}]}\n".formatted(agent));
        }
        return text.toString();
    }

    private long queriesOfAPlan(String profile) {
        long before = queries();
        assertThat(operator.run("plan", profile).code()).isNotZero();
        return queries() - before;
    }

    /// That the administrator's sessions have sent, by the server's log: pg_stat_statements forgets the rare ones
    /// of a server on which many tests run.
    private long queries() {
        return Pattern.compile("(?m)^.{0,50} %s@\\S+ LOG: {2}(statement|execute )".formatted(administrator.username()))
                .matcher(database.server().log())
                .results()
                .count();
    }

    @Test
    void aPlanAsksTheSameNumberOfQueriesWhateverTheNumberOfTablesAndAgents() throws SQLException {
        long few = queriesOfAPlan("few.yaml");
        tables(4, 400);
        database.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO "
                + administrator.username() + " WITH GRANT OPTION");

        long many = queriesOfAPlan("many.yaml");

        assertThat(few).isBetween(5L, 25L);
        assertThat(many).isEqualTo(few);
    }
}
