package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import dev.agentroles.harness.RequestProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a plan costs in requests to a MySQL or MariaDB, whatever there is to look at.
@OnEachMySql
final class MySqlPlanCostTest {
    @AutoClose
    private final MySqlDatabase database;

    private final Operator operator;

    MySqlPlanCostTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        database = server.createDatabase();
        tables(1, 3);
        operator = new Operator(directory, database, database.administrator());
        operator.write("few.yaml", profile(1));
        operator.write("many.yaml", profile(20));
    }

    private void tables(int from, int to) throws SQLException {
        database.execute(IntStream.rangeClosed(from, to)
                .mapToObj("CREATE TABLE t%d (id int PRIMARY KEY)"::formatted)
                .toArray(String[]::new));
    }

    private String profile(int agents) {
        var text = new StringBuilder(operator.head("production"));
        text.append("scopes:\n  all: {database: %1$s, include: [\"%1$s.*\"]}\nagents:\n".formatted(database.name()));
        for (int agent = 1; agent <= agents; agent++) {
            text.append("  a-%d: {access: [{scope: all, tier: explore}]}\n".formatted(agent));
        }
        return text.toString();
    }

    private int requestsOfAPlan(String profile) throws IOException {
        var url = database.url();
        var address = URI.create(url.substring("jdbc:".length()));
        try (var proxy = new RequestProxy(address.getHost(), address.getPort(), _ -> {}, _ -> {})) {
            operator.set("DB_URL", url.replace(":" + address.getPort() + "/", ":" + proxy.port() + "/"));
            var said = operator.run("plan", profile);
            assertThat(said.code()).as(said.out() + said.err()).isEqualTo(2);
            return proxy.requests();
        }
    }

    @Test
    void aPlanSendsTheSameNumberOfRequestsWhateverTheNumberOfTablesAndAgents() throws SQLException, IOException {
        int few = requestsOfAPlan("few.yaml");
        tables(4, 200);

        int many = requestsOfAPlan("many.yaml");

        assertThat(few).isBetween(5, 40);
        assertThat(many).isEqualTo(few);
    }
}
