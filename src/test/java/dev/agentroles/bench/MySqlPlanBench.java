package dev.agentroles.bench;

import dev.agentroles.harness.MySql;
import dev.agentroles.plan.Change;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// What a plan costs on MySQL and MariaDB beside the least that must be read for one: which tables there
/// are, which accounts and roles, and who holds what.
final class MySqlPlanBench {
    private static final int ROUNDS = 31;
    private static final int TABLES = 10_000;
    private static final int AGENTS = 20;

    /// Accounts that are nobody's business, each with a privilege on every table.
    private static final int CROWD = 20;

    private static final Duration LOCKS = Duration.ofSeconds(30);

    private MySqlPlanBench() {}

    public static void main(String[] arguments) throws Exception {
        var bench = new Bench("Plans, %,d tables, %d agents, %d rounds".formatted(TABLES, AGENTS, ROUNDS));
        for (var server : MySql.newest()) {
            // Not closed: dropping the tables takes longer than all the rest, and the server goes with the JVM.
            var fleet = Fleet.on(server, TABLES, AGENTS);
            try (var opened = fleet.open()) {
                apply(fleet, opened);
                crowd(fleet);
                var reads = reads(fleet);
                bench.compare(
                        server + ": plan that finds nothing to do",
                        "the catalogs, each read once",
                        1.5,
                        ROUNDS,
                        () -> readAll(opened, reads),
                        () -> plan(fleet, opened));
            }
        }
        bench.report();
    }

    private static void apply(Fleet fleet, OpenedDatabase opened) throws SQLException {
        fleet.makeLedger(opened);
        opened.server().execute(fleet.proposer().propose(opened).rendering().statements(), LOCKS, () -> {});
    }

    private static void plan(Fleet fleet, OpenedDatabase opened) throws SQLException {
        boolean changes = fleet.proposer().propose(opened).plan().steps().stream()
                .anyMatch(step -> step.change() instanceof Change.Give);
        if (changes) {
            throw new IllegalStateException("there should be nothing to give");
        }
    }

    private static void crowd(Fleet fleet) throws SQLException {
        var database = fleet.database();
        for (int number = 1; number <= CROWD; number++) {
            database.execute("""
                    INSERT INTO mysql.tables_priv (Host, Db, User, Table_name, Grantor, Table_priv)
                    SELECT '%%', TABLE_SCHEMA, '%s_%d', TABLE_NAME, 'root@localhost', 'Select'
                      FROM information_schema.TABLES WHERE TABLE_SCHEMA = '%1$s'
                    """.formatted(database.name(), number));
        }
    }

    private static List<String> reads(Fleet fleet) {
        var name = fleet.database().name();
        var ours = "LIKE 'ar\\_" + name + "\\_%'";
        return List.of(
                "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = '"
                        + name + "'",
                "SELECT User, Host, Db, Table_name, Table_priv FROM mysql.tables_priv WHERE User " + ours,
                "SELECT * FROM mysql.user WHERE User " + ours);
    }

    private static void readAll(OpenedDatabase opened, List<String> queries) throws SQLException {
        try (var statement = opened.server().connection().createStatement()) {
            for (var query : queries) {
                try (var row = statement.executeQuery(query)) {
                    int columns = row.getMetaData().getColumnCount();
                    while (row.next()) {
                        for (int column = 1; column <= columns; column++) {
                            row.getString(column);
                        }
                    }
                }
            }
        }
    }
}
