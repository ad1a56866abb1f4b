package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnNewestMySqlAndMariaDb;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a plan costs in queries of a MySQL or MariaDB, whatever there is to look at.
@OnNewestMySqlAndMariaDb
final class MySqlPlanCostTest {
    private static final Pattern QUERY = Pattern.compile("(?m)^.{0,50}\\d Query\t");

    @AutoClose
    private final MySqlDatabase database;

    private final Operator operator;

    MySqlPlanCostTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        database = server.createDatabase();
        tables(1, 3);
        database.execute("CREATE SQL SECURITY INVOKER VIEW v AS SELECT * FROM t1");
        operator = new Operator(directory, database, database.administrator());
        for (var tier : List.of("explore", "writer")) {
            operator.write("few-" + tier + ".yaml", profile(1, tier));
            operator.write("many-" + tier + ".yaml", profile(20, tier));
        }
    }

    private void tables(int from, int to) throws SQLException {
        database.execute(IntStream.rangeClosed(from, to)
                .mapToObj("CREATE TABLE t%d (id int PRIMARY KEY)"::formatted)
                .toArray(String[]::new));
    }

    private String profile(int agents, String tier) {
        var text = new StringBuilder(operator.head("production"));
        text.append("scopes:\n  all: {database: %1$s, include: [\"%1$s.*\"]}\nagents:\n".formatted(database.name()));
        for (int agent = 1; agent <= agents; agent++) {
            text.append("  a-%d: {access: [{scope: all, tier: %s}]}\n".formatted(agent, tier));
        }
        return text.toString();
    }

    private long queriesOfAPlan(String profile) {
        long before = queries();
        var said = operator.run("plan", profile);
        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(2);
        return queries() - before;
    }

    /// That the server has been sent, by whomever; nobody else is here. By its log: MySQL's counter of them has
    /// those of a session twice while that session ends.
    private long queries() {
        return QUERY.matcher(database.server().log()).results().count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"explore", "writer"})
    void aPlanAsksTheSameNumberOfQueriesWhateverTheNumberOfTablesAndAgents(String tier) throws SQLException {
        long few = queriesOfAPlan("few-" + tier + ".yaml");
        tables(4, 200);

        long many = queriesOfAPlan("many-" + tier + ".yaml");

        assertThat(few).isBetween(5L, 40L);
        assertThat(many).isEqualTo(few);
    }
}
