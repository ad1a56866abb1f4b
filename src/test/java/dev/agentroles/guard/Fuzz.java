package dev.agentroles.guard;

import dev.agentroles.harness.Login;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Two laws over random statements on a table so small that nothing but their text tells: what the guard
/// accepts and changes rows has a WHERE, and what has one and works without a guard is accepted. Judged by
/// who wrote the statement, by a scanner of our own, and by the server itself.
final class Fuzz implements AutoCloseable {
    private final RandomStatements statements;
    private final Connection agent;
    private final Connection free;
    private final Statement asAgent;
    private final Statement asSuperuser;

    Fuzz(Ground ground, long seed, Client.Protocol protocol) throws SQLException {
        this.statements = new RandomStatements(new Random(seed));
        this.agent = session(ground, ground.agent(), protocol);
        this.free = session(ground, ground.database.server().superuserLogin(), protocol);
        this.asAgent = agent.createStatement();
        this.asSuperuser = free.createStatement();
        asAgent.setEscapeProcessing(false);
        asSuperuser.setEscapeProcessing(false);
    }

    /// Sends one statement.
    ///
    /// @return which laws it broke
    List<String> next() throws SQLException {
        var written = statements.next();
        var broken = new ArrayList<String>();
        if (Scanner.hasWhere(text(written), written.backslashes()) != written.where()) {
            broken.add("the scanner and who wrote it do not agree: " + written);
        }
        var works = run(free, asSuperuser, written);
        var accepted = run(agent, asAgent, written);
        if (accepted.rows() > 0 && !written.where()) {
            broken.add("let through: " + written);
        }
        if (works.error().isEmpty() && certain(written) && !accepted.error().isEmpty()) {
            broken.add("refused: " + written + ": " + accepted.error());
        }
        return broken;
    }

    /// The guard cannot know the setting of when a text was read: what has no WHERE in one of the readings
    /// is refused.
    private static boolean certain(RandomStatements.Written written) {
        return Scanner.hasWhere(text(written), true) && Scanner.hasWhere(text(written), false);
    }

    private static String text(RandomStatements.Written written) {
        return String.join("\n;", written.messages());
    }

    private record Ran(int rows, String error) {}

    /// Once, and back.
    private static Ran run(Connection connection, Statement statement, RandomStatements.Written written)
            throws SQLException {
        try {
            statement.execute("SET LOCAL standard_conforming_strings = " + (written.backslashes() ? "off" : "on"));
            for (var message : written.messages()) {
                statement.execute(message);
            }
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
            statement.execute("DEALLOCATE ALL");
            connection.commit();
        }
    }

    private static Connection session(Ground ground, Login login, Client.Protocol protocol) throws SQLException {
        var connection = Client.connect(ground.database.url(), login, protocol, "");
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE before AS SELECT key, value FROM public.settings");
        }
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public void close() throws SQLException {
        agent.close();
        free.close();
    }
}
