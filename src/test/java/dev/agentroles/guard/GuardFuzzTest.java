package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.guard.RandomStatements.Written;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two laws over random statements on a table so small that nothing but their text tells: what the guard accepts and
/// changes
/// rows has a WHERE, and what has one and works without a guard is accepted. Judged by who wrote the statement, by
/// a scanner of our own, and by the server itself.
@OnEachPostgreSql
final class GuardFuzzTest {
    /// `-Dagentroles.fuzz=100000` for a longer look.
    private static final int STATEMENTS = Integer.getInteger("agentroles.fuzz", 500);

    @AutoClose
    private final Ground ground;

    GuardFuzzTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(server, directory);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {20261126, 7})
    void whatIsAcceptedHasAWhere(long seed) throws SQLException {
        var statements = new RandomStatements(new Random(seed));
        var wrong = new ArrayList<String>();
        try (var agent = session(true);
                var free = session(false);
                var asAgent = agent.createStatement();
                var asSuperuser = free.createStatement()) {
            asAgent.setEscapeProcessing(false);
            asSuperuser.setEscapeProcessing(false);
            for (int i = 0; i < STATEMENTS; i++) {
                var written = statements.next();
                assertThat(Scanner.hasWhere(written.sql(), written.backslashes()))
                        .as("the scanner on " + written)
                        .isEqualTo(written.where());
                var works = run(free, asSuperuser, written);
                var accepted = run(agent, asAgent, written);
                if (accepted.rows() > 0 && !written.where()) {
                    wrong.add("let through: " + written);
                }
                if (works.error().isEmpty()
                        && certain(written)
                        && !accepted.error().isEmpty()) {
                    wrong.add("refused: " + written + ": " + accepted.error());
                }
            }
        }
        assertThat(String.join("\n", wrong)).isEmpty();
    }

    /// The guard cannot know the setting of when a text was read: what has no WHERE in one of the readings is refused.
    private static boolean certain(Written written) {
        return Scanner.hasWhere(written.sql(), true) && Scanner.hasWhere(written.sql(), false);
    }

    private record Ran(int rows, String error) {}

    /// Once, and back.
    private static Ran run(Connection connection, Statement statement, Written written) throws SQLException {
        try {
            statement.execute("SET LOCAL standard_conforming_strings = " + (written.backslashes() ? "off" : "on"));
            statement.execute(written.sql());
            int rows = 0;
            try (var left = connection.createStatement();
                    var row = left.executeQuery(
                            "SELECT count(*) FROM (TABLE before EXCEPT SELECT key, value FROM public.settings) x")) {
                row.next();
                rows = row.getInt(1);
            }
            return new Ran(rows, "");
        } catch (SQLException refused) {
            return new Ran(0, String.valueOf(refused.getMessage()));
        } finally {
            connection.rollback();
        }
    }

    private Connection session(boolean agent) throws SQLException {
        var login = agent ? ground.agent() : ground.database.server().superuserLogin();
        var connection = java.sql.DriverManager.getConnection(
                ground.database.url() + (ground.database.url().contains("?") ? "&" : "?") + "preferQueryMode=simple",
                login.username(),
                login.clear());
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE before AS SELECT key, value FROM public.settings");
        }
        connection.setAutoCommit(false);
        return connection;
    }
}
