package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnOldestAndNewestPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A migration of the application drops tables and makes them again: what agents and the guard had on them is
/// gone. That is one cause, whatever the number of agents and privileges.
@OnOldestAndNewestPostgreSql
final class RemadeTableTest {
    @AutoClose
    private final Database database;

    private final Operator operator;
    private final String name;
    private final String owner;

    RemadeTableTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        database = server.createDatabase();
        name = database.name();
        owner = database.role("owner");
        database.execute("CREATE ROLE " + owner, "CREATE SCHEMA app AUTHORIZATION " + owner);
        make("orders");
        make("customers");
        Login administrator = database.administratorInheritingFrom(owner);
        database.execute(
                "GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION".formatted(name, administrator.username()));
        operator = new Operator(directory, database, administrator);
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  all: {database: %1$s, include: ["app.*"]}
                agents:
                  asker:
                    access: [{scope: all, tier: explore}]
                  asker-too:
                    access: [{scope: all, tier: explore}]
                  janitor:
                    access: [{scope: all, tier: writer, rows: 10}]
                  sweeper:
                    access: [{scope: all, tier: writer, rows: 10}]
                """.formatted(name));
        var applied = operator.run("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(applied.code()).as(applied.out() + applied.err()).isZero();
    }

    private void make(String table) throws SQLException {
        database.execute("SET ROLE " + owner, "CREATE TABLE app.%s (id int PRIMARY KEY, total int)".formatted(table));
    }

    private void remake(String table) throws SQLException {
        database.execute("DROP TABLE app." + table);
        make(table);
    }

    /// Paragraphs about what a migration can take away.
    private List<String> findings() {
        var said = operator.run("verify", "shop.yaml", "--no-color");
        assertThat(said.code()).isEqualTo(2);
        return said
                .out()
                .lines()
                .collect(Collectors.joining("\n"))
                .transform(text -> List.of(text.split("\n\n")))
                .stream()
                .filter(paragraph -> paragraph.matches("(?s)[A-Z]+  (GRANT|GUARD|PROBE|WITNESS)-.*"))
                .toList();
    }

    @Test
    void isOneFindingATableAndTierRole() throws SQLException {
        remake("orders");

        assertThat(findings()).containsExactly("""
                MEDIUM  GRANT-MISSING  ar_%1$s_all_explore lacks SELECT on app.orders
                    where     agents asker and asker-too, database %1$s
                    path      ar_%1$s_all_explore
                    evidence  no access list on the agent's way to it gives it
                    cure      Run agentroles apply shop.yaml.""".formatted(name), """
                MEDIUM  GRANT-MISSING  ar_%1$s_all_writer lacks SELECT, INSERT, UPDATE, DELETE on app.orders
                    where     agents janitor and sweeper, database %1$s
                    path      ar_%1$s_all_writer
                    evidence  no access list on the agent's way to it gives it, and the guard is gone, too: was the table made again?
                    cure      Run agentroles apply shop.yaml.""".formatted(name));
    }

    @Test
    void theDocumentStillHasAFindingForEachAgent() throws SQLException {
        remake("orders");

        var said = operator.run("verify", "shop.yaml", "--no-probes", "--format", "json");

        assertThat(said.out().lines().map(String::strip))
                .contains("\"agent\":\"asker\",", "\"agent\":\"asker-too\",", "\"agent\":\"janitor\",")
                .filteredOn(line -> line.contains("GRANT-MISSING"))
                .hasSize(4);
    }

    @Test
    void manyTablesAreOneFinding() throws SQLException {
        for (int i = 0; i < 21; i++) {
            make("t%02d".formatted(i));
        }

        assertThat(findings())
                .hasSize(2)
                .first()
                .asString()
                .startsWith(
                        "MEDIUM  GRANT-MISSING  ar_%s_all_explore lacks SELECT on 21 objects of schema app: app.t00, app.t01, app.t02, ..."
                                .formatted(name));
    }

    /// Then every one of them can change as many rows as there are.
    @Test
    void withoutGuardStaysCriticalForWhoeverCanChangeIt() throws SQLException {
        remake("orders");
        database.execute("GRANT DELETE ON app.orders TO \"ar_%s_all_writer\"".formatted(name));

        assertThat(findings()).anySatisfy(finding -> assertThat(finding).startsWith("""
                        CRITICAL  GUARD-MISSING  app.orders has no guard
                            where     agents janitor and sweeper, database %s
                        """.formatted(name)));
    }

    @Test
    void applyMendsIt() throws SQLException {
        remake("orders");

        operator.run("apply", "shop.yaml", "--yes", "--no-verify");

        assertThat(operator.run("verify", "shop.yaml", "--no-color").out())
                .doesNotContain("GRANT-MISSING", "GUARD-MISSING", "PROBE-");
    }
}
