package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was done can be read, and cannot be edited unseen.
final class LogTest {
    @AutoClose
    private final Database database;

    private final Operator operator;

    LogTest(@TempDir Path directory) throws SQLException {
        this.database = PostgreSql.newest().createDatabase();
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.orders AS SELECT 42 AS id");
        var administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        this.operator = new Operator(directory, database, administrator);
    }

    @BeforeEach
    void somethingWasDone() throws IOException {
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  orders: {database: %s, include: [app.orders]}
                agents:
                  support-bot:
                    access: [{scope: orders, tier: explore}]
                """.formatted(database.name()));
        operator.run("apply", "shop.yaml", "--yes");
        operator.run("rotate", "shop.yaml", "--all");
        operator.run("revoke", "shop.yaml", "--agent", "support-bot", "--reason", "odd queries");
    }

    @Test
    void everyActIsThereWithItsIntentAndItsOutcome() {
        var said = operator.run("log", "shop.yaml");

        assertThat(said.code()).isZero();
        assertThat(said.out()
                        .lines()
                        .map(line -> line.replaceFirst("^\\S+ \\S+ (#\\d+) ", "$1 ")
                                .replaceFirst(" lease \\S+", "")
                                .replaceFirst(" as [^ :]+", "")
                                .replaceAll("\\d{4}-\\S+Z", "TIME")
                                .replaceAll("lease \\S+ took", "lease ID took")
                                .replaceAll("plan [0-9a-f]+", "plan PRINT")))
                .containsExactly(
                        "#1 apply done by tester@test: 8 statements, plan PRINT",
                        "#2 issue done support-bot by tester@test: expires at TIME",
                        "#3 publish done support-bot by tester@test: version 1",
                        "#4 rotate begun support-bot by tester@test: it was asked for",
                        "#5 issue done support-bot by tester@test: expires at TIME",
                        "#6 publish done support-bot by tester@test: version 2",
                        "#7 retire done support-bot by tester@test: ends at TIME, as lease ID took its place",
                        "#8 rotate done support-bot by tester@test: it was asked for",
                        "#9 revoke begun support-bot by tester@test: odd queries",
                        "#10 close done support-bot by tester@test: 2 logins",
                        "#11 settle done support-bot by tester@test: ERASE_SECRET agents/production/" + database.name()
                                + "/support-bot",
                        "#12 revoke done support-bot by tester@test: 2 logins closed, 0 sessions ended, 0 secrets"
                                + " owed");
    }

    @Test
    void machinesReadALineAtATime() {
        var said = operator.run("log", "shop.yaml", "--format", "json", "--last", "2", "--agent", "support-bot");

        assertThat(said.out().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("{\"schema_version\":1,\"database\":\"" + database.name() + "\",\"number\":1"));
    }

    @Test
    void anEntryThatWasEditedIsFoundByVerify() throws SQLException {
        operator.run("thaw", "shop.yaml", "--agent", "support-bot", "--yes", "--environment", "production");
        operator.run("apply", "shop.yaml", "--yes");
        assertThat(operator.run("verify", "shop.yaml").out()).doesNotContain("JOURNAL-BROKEN");
        database.execute("UPDATE agentroles.journal SET operator = 'mallory@elsewhere' WHERE seq = 4");

        var said = operator.run("verify", "shop.yaml", "--fail-on", "high");

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).contains("JOURNAL-BROKEN").contains("entry 4 of the journal was edited");
    }
}
