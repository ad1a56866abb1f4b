package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was done can be read, and cannot be edited unseen.
final class LogTest {
    @AutoClose
    private final Ground ground;

    private final Operator operator;
    private final Path directory;

    LogTest(@TempDir Path directory) throws SQLException, IOException {
        this.directory = directory;
        this.ground = Ground.onFile(directory);
        this.operator = ground.operator;
    }

    @BeforeEach
    void somethingWasDone() {
        operator.run("apply", "shop.yaml", "--yes", "--no-verify");
        operator.run("rotate", "shop.yaml", "--agent", Ground.AGENT);
        operator.run("revoke", "shop.yaml", "--agent", Ground.AGENT, "--reason", "odd queries");
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
                                .replaceAll("login ar_\\S+", "login NAME")
                                .replaceAll("\\d+ statements, plan [0-9a-f]+", "N statements, plan PRINT")))
                .containsExactly(
                        "#1 apply begun by tester@test: N statements, plan PRINT",
                        "#2 apply done by tester@test: N statements, plan PRINT",
                        "#3 issue done order-desk by tester@test: expires at TIME",
                        "#4 publish begun order-desk by tester@test: at " + ground.path("order-desk"),
                        "#5 publish done order-desk by tester@test: version 1",
                        "#6 issue done support-bot by tester@test: expires at TIME",
                        "#7 publish begun support-bot by tester@test: at " + ground.path("support-bot"),
                        "#8 publish done support-bot by tester@test: version 1",
                        "#9 rotate begun support-bot by tester@test: it was asked for",
                        "#10 issue done support-bot by tester@test: expires at TIME",
                        "#11 publish begun support-bot by tester@test: at " + ground.path("support-bot"),
                        "#12 publish done support-bot by tester@test: version 2",
                        "#13 retire done support-bot by tester@test: ends at TIME, as lease ID took its place",
                        "#14 rotate done support-bot by tester@test: it was asked for",
                        "#15 revoke begun support-bot by tester@test: odd queries",
                        "#16 close done support-bot by tester@test: login NAME",
                        "#17 close done support-bot by tester@test: login NAME",
                        "#18 settle begun support-bot by tester@test: erasing secret " + ground.path("support-bot"),
                        "#19 settle done support-bot by tester@test: erasing secret " + ground.path("support-bot"),
                        "#20 revoke done support-bot by tester@test: 2 logins closed, 0 sessions ended, 0 secrets"
                                + " owed");
    }

    @Test
    void machinesReadALineAtATime() {
        var said = operator.run("log", "shop.yaml", "--format", "json", "--last", "2", "--agent", "support-bot");

        assertThat(said.out().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith(
                                "{\"schema_version\":1,\"database\":\"" + ground.database.name() + "\",\"number\":"));
    }

    @Test
    void aJournalThatIsLargerThanMemoryIsWrittenWhileItIsRead() throws Exception {
        ground.database.execute("""
                INSERT INTO agentroles.journal
                       (seq, at, database_user, operator, action, agent, outcome, detail, previous_hash, hash)
                SELECT seq, now(), 'admin', 'tester@test', 'issue', 'support-bot', 'done', repeat('x', 1000),
                       decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex')
                  FROM generate_series(21, 100000) AS seq
                """);
        var program = PackedProgram.shared()
                .process(directory, operator, "dev.agentroles.Main", List.of("log", "shop.yaml", "--last", "0"));
        program.environment().put("JAVA_TOOL_OPTIONS", "-Xmx48m");

        var process =
                program.redirectError(directory.resolve("said.txt").toFile()).start();

        try (var said = process.inputReader()) {
            assertThat(said.lines().count()).as(PackedProgram.said(directory)).isEqualTo(100_000);
        }
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void onlyTheNewestAreShownWhereThatIsAskedFor() {
        assertThat(operator.run("log", "shop.yaml", "--last", "1").out())
                .hasLineCount(1)
                .contains("#20 revoke done");
        assertThat(operator.run("log", "shop.yaml", "--last", "1", "--agent", "order-desk")
                        .out())
                .hasLineCount(1)
                .contains("#5 publish done");
        assertThat(operator.run("log", "shop.yaml", "--last", "0", "--agent", "order-desk")
                        .out())
                .hasLineCount(3);
        assertThat(operator.run("log", "shop.yaml", "--last", "0", "--output", "log.txt")
                        .code())
                .isZero();
        assertThat(directory.resolve("log.txt")).content().hasLineCount(20);
    }

    @Test
    void aFreezeAndAThawAreToldOfEachLoginAndEachSecret() throws SQLException {
        operator.run("freeze", "shop.yaml", "--reason", "incident 42");
        operator.run("thaw", "shop.yaml", "--yes", "--environment", "production");

        assertThat(ground.database.query("SELECT concat_ws(' ', action, outcome, agent, lease IS NOT NULL)"
                        + " FROM agentroles.journal WHERE seq > 20 ORDER BY seq"))
                .containsExactly(
                        "freeze begun f",
                        "close done order-desk t",
                        "settle begun order-desk f",
                        "settle begun support-bot f",
                        "settle done order-desk f",
                        "settle done support-bot f",
                        "freeze done f",
                        "thaw begun f",
                        "thaw done f");
    }

    @Test
    void anEntryThatWasEditedIsFoundByVerify() throws SQLException {
        operator.run("thaw", "shop.yaml", "--agent", "support-bot", "--yes", "--environment", "production");
        operator.run("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(operator.run("verify", "shop.yaml").out()).doesNotContain("JOURNAL-BROKEN");
        ground.database.execute("UPDATE agentroles.journal SET operator = 'mallory@elsewhere' WHERE seq = 4");

        var said = operator.run("verify", "shop.yaml", "--fail-on", "high");

        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(2);
        assertThat(said.out()).contains("JOURNAL-BROKEN").contains("entry 4 of the journal was edited");
    }
}
