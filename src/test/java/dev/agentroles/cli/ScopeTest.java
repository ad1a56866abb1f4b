package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Naming;
import dev.agentroles.access.Tier;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a scope hides stays hidden, whichever table or view it might be read through.
@OnEachPostgreSql
final class ScopeTest {
    @AutoClose
    private final Database database;

    private final Operator operator;

    ScopeTest(PostgreSql server, @TempDir Path directory) throws SQLException {
        database = server.createDatabase();
        database.execute(
                "CREATE SCHEMA app",
                "CREATE TABLE app.pay (id int, card text) PARTITION BY RANGE (id)",
                "CREATE TABLE app.pay_1 PARTITION OF app.pay FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id)",
                "CREATE TABLE app.pay_1_1 PARTITION OF app.pay_1 FOR VALUES FROM (0) TO (5)",
                "CREATE TABLE app.log (id int, line text)",
                "CREATE TABLE app.log_old (note text) INHERITS (app.log)",
                "CREATE SCHEMA hr",
                "CREATE TABLE hr.salaries (id int, amount int)");
        operator = new Operator(directory, database, database.login("admin", "SUPERUSER"));
    }

    private void profile(String include, String exclude) throws IOException {
        profile("include: [%s], exclude: [%s]".formatted(include, exclude));
    }

    private void profile(String patterns) throws IOException {
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  all: {database: %s, %s}
                agents:
                  bot: {access: [{scope: all, tier: explore}]}
                """.formatted(database.name(), patterns));
    }

    private void applied() {
        operator.ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
    }

    private String asAgent(String sql) {
        return database.answer(operator.published("bot"), sql);
    }

    private String refused() {
        return operator.ends(1, "plan", "shop.yaml").all();
    }

    @Test
    void aColumnThatIsExcludedIsExcludedInPartitionsAndInTablesThatInherit() throws IOException {
        profile("\"app.*\"", "app.pay.card, app.log.line");

        applied();

        for (var table : new String[] {"pay", "pay_1", "pay_1_1"}) {
            assertThat(asAgent("SELECT id FROM app." + table)).as(table).isEqualTo("done");
            assertThat(asAgent("SELECT card FROM app." + table)).as(table).isEqualTo("42501");
        }
        assertThat(asAgent("SELECT id, note FROM app.log_old")).isEqualTo("done");
        assertThat(asAgent("SELECT line FROM app.log_old")).isEqualTo("42501");
        assertThat(operator.run("plan", "shop.yaml").code()).isZero();
    }

    @Test
    void aColumnIsExcludedInAPartitionWhoseTableIsNotInTheScope() throws IOException {
        profile("app.pay_1", "app.pay.card");

        applied();

        assertThat(asAgent("SELECT id FROM app.pay_1")).isEqualTo("done");
        assertThat(asAgent("SELECT card FROM app.pay_1")).isEqualTo("42501");
    }

    @Test
    void anExcludedTableTakesWhatHoldsItsRowsWithItUnlessThatIsNamed() throws IOException {
        profile("\"app.*\", app.pay_1_1", "app.pay, app.log");

        applied();

        assertThat(operator.run("plan", "shop.yaml").out())
                .contains(":10:")
                .contains("pattern \"app.pay\" leaves app.pay_1 out of scope all, too: rows of what it excludes")
                .contains("\"app.log\" leaves app.log_old out of scope all, too");
        assertThat(asAgent("SELECT FROM app.pay_1_1")).isEqualTo("done");
        for (var table : new String[] {"pay", "pay_1", "log", "log_old"}) {
            assertThat(asAgent("SELECT FROM app." + table)).as(table).isEqualTo("42501");
        }
    }

    @Test
    void aPartOfATableInTheScopeCannotBeExcluded() throws IOException {
        profile("\"app.*\"", "\"app.pay_1*\"");
        assertThat(refused())
                .contains("shop.yaml:10:")
                .contains(
                        "pattern \"app.pay_1*\" cannot hide app.pay_1 and 1 more: what it holds is read through app.pay,"
                                + " which scope all includes")
                .contains("exclude app.pay, too");

        profile("\"app.*\"", "app.log_old");
        assertThat(refused())
                .contains("pattern \"app.log_old\" cannot hide app.log_old: what it holds is read through app.log");
    }

    @Test
    void aColumnThatIsReadThroughAnotherTableCannotBeExcluded() throws IOException {
        profile("\"app.*\"", "app.log_old.line");
        assertThat(refused())
                .contains("pattern \"app.log_old.line\" cannot hide app.log_old.line: what it holds is read through"
                        + " app.log");

        profile("\"app.*\"", "app.log_old.note");
        applied();

        assertThat(asAgent("SELECT id, line FROM app.log_old")).isEqualTo("done");
        assertThat(asAgent("SELECT note FROM app.log_old")).isEqualTo("42501");
    }

    private int release() throws SQLException {
        return Integer.parseInt(database.query("SELECT current_setting('server_version_num')")
                        .getFirst())
                / 10_000;
    }

    @Test
    void aColumnThatIsReadThroughAGeneratedOneCannotBeExcluded() throws Exception {
        for (var kind : release() < 18 ? List.of("STORED") : List.of("STORED", "VIRTUAL")) {
            database.execute(
                    "DROP TABLE IF EXISTS app.cards",
                    "CREATE TABLE app.cards (id int, number text, last text GENERATED ALWAYS AS (right(number, 4)) "
                            + kind + ", twice int GENERATED ALWAYS AS (2 * id) " + kind + ")");
            profile("app.cards", "app.cards.number");
            assertThat(refused())
                    .as(kind)
                    .contains("shop.yaml:10:")
                    .contains(
                            "pattern \"app.cards.number\" cannot hide app.cards.number: app.cards.last is computed from"
                                    + " it, and scope all includes it")
                    .contains("exclude app.cards.last, too");

            profile("app.cards", "app.cards.number, app.cards.last");
            applied();

            assertThat(asAgent("SELECT id, twice FROM app.cards")).as(kind).isEqualTo("done");
            assertThat(asAgent("SELECT last FROM app.cards")).as(kind).isEqualTo("42501");
        }
    }

    /// The tables that are read as one may compute a column each in its own way.
    @Test
    void aColumnThatIsReadThroughAGeneratedOneOfAPartCannotBeExcluded() throws Exception {
        database.execute(
                "CREATE TABLE app.cards (id int, number text, last text "
                        + (release() < 16 ? "" : "GENERATED ALWAYS AS ('none') STORED") + ")",
                "CREATE TABLE app.cards_old (last text GENERATED ALWAYS AS (right(number, 4)) STORED) INHERITS (app.cards)");
        profile("app.cards", "app.cards.number");
        assertThat(refused())
                .contains("cannot hide app.cards_old.number: app.cards_old.last is computed from it and read through"
                        + " app.cards, and scope all includes it")
                .contains("exclude app.cards.last, too");

        profile("app.cards", "app.cards.number, app.cards.last");
        applied();
    }

    @Test
    void verifyFindsAColumnThatWasGeneratedFromAnExcludedOneLater() throws Exception {
        profile("\"app.*\"", "app.pay.card");
        applied();
        database.execute("ALTER TABLE app.pay ADD last text GENERATED ALWAYS AS (right(card, 4)) STORED, ADD at date");

        var said = operator.run("verify", "shop.yaml", "--no-probes", "--fail-on", "high");

        assertThat(said.code()).as(said.out()).isEqualTo(2);
        assertThat(said.out())
                .contains("HIGH  COMPUTED-COLUMN  pattern \"app.pay.card\" cannot hide app.pay.card: app.pay.last is"
                        + " computed from it, and scope all includes it; exclude app.pay.last, too");
    }

    @Test
    void verifyFindsAnExcludedTableThatBecameAPartOfOneInTheScope() throws Exception {
        database.execute("CREATE TABLE app.pay_2 (id int, card text)");
        profile("\"app.*\"", "app.pay_2");
        applied();
        database.execute("ALTER TABLE app.pay ATTACH PARTITION app.pay_2 FOR VALUES FROM (10) TO (20)");

        var said = operator.run("verify", "shop.yaml", "--no-probes", "--fail-on", "high");

        assertThat(said.code()).as(said.out()).isEqualTo(2);
        assertThat(said.out())
                .contains("HIGH  INHERITANCE-CHILD  pattern \"app.pay_2\" cannot hide app.pay_2: what it holds is read"
                        + " through app.pay")
                .contains("evidence  shop.yaml:10:");
    }

    @Test
    void aChildElsewhereIsFoundWithTheChoiceInWordsAndNoStatementThatChangesTheApplicationsTables() throws Exception {
        database.execute(
                "CREATE TABLE hr.log_secret () INHERITS (app.log)",
                "CREATE TABLE hr.pay_2 PARTITION OF app.pay FOR VALUES FROM (10) TO (20)");
        profile("\"app.*\"", "app.log.line");
        applied();

        var said = operator.run("verify", "shop.yaml", "--no-probes", "--fail-on", "high");

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out())
                .contains("HIGH  INHERITANCE-CHILD  hr.log_secret can be read through app.log")
                .contains("bring hr.log_secret into the scope, or take app.log out of it")
                .contains("HIGH  INHERITANCE-CHILD  hr.pay_2 can be read through app.pay")
                .doesNotContain("INHERITANCE-CHILD  app.")
                .doesNotContain("ALTER TABLE");
    }

    @Test
    void aWildcardTakesNoViewThatReadsBeyondTheScopeWithTheReadersRights() throws Exception {
        database.execute(
                "CREATE VIEW app.inside WITH (security_invoker) AS SELECT id FROM app.log",
                "CREATE VIEW app.server WITH (security_invoker) AS SELECT relname FROM pg_class",
                "CREATE VIEW app.beyond WITH (security_invoker) AS SELECT amount FROM hr.salaries",
                "CREATE VIEW app.behind WITH (security_invoker) AS SELECT * FROM app.beyond",
                "CREATE VIEW app.named WITH (security_invoker) AS SELECT amount FROM hr.salaries",
                "CREATE VIEW app.over WITH (security_invoker) AS SELECT * FROM app.named",
                "CREATE VIEW app.counted WITH (security_invoker) AS SELECT count(*) FROM hr.salaries",
                "CREATE VIEW app.whole WITH (security_invoker) AS SELECT s AS everything FROM hr.salaries s");
        profile("include: [\"app.*\", app.named, app.over, app.counted, app.whole]");

        applied();

        assertThat(asAgent("SELECT * FROM app.inside")).isEqualTo("done");
        assertThat(asAgent("SELECT * FROM app.server")).isEqualTo("done");
        assertThat(operator.run("plan", "shop.yaml").out())
                .contains("app.beyond is left out of scope all: it reads hr.salaries beyond the scope with the reader's"
                        + " rights")
                .contains("app.behind is left out of scope all: it reads app.beyond beyond the scope")
                .doesNotContain("app.named is left out");
        assertThat(operator.run("verify", "shop.yaml", "-v").out())
                .as("what gives nothing is no finding")
                .doesNotContain("WITNESS-DISAGREE")
                .doesNotContain("PROBE-");
    }

    @Test
    void aViewWithTheReadersRightsIsTriedWhereAnotherScopeGivesWhatItReads() throws Exception {
        database.execute(
                "CREATE VIEW app.named WITH (security_invoker) AS SELECT amount FROM hr.salaries",
                "CREATE VIEW app.whole WITH (security_invoker) AS SELECT s AS everything FROM hr.salaries s");
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  views: {database: %1$s, include: [app.named, app.whole]}
                  pay: {database: %1$s, include: [hr.salaries]}
                agents:
                  bot: {access: [{scope: views, tier: explore}, {scope: pay, tier: explore}]}
                """.formatted(database.name()));
        applied();
        assertThat(operator.run("verify", "shop.yaml", "-v").out())
                .doesNotContain("WITNESS-DISAGREE")
                .doesNotContain("PROBE-");

        database.execute("REVOKE SELECT ON hr.salaries FROM \"" + tierRole("pay") + "\"");

        assertThat(operator.run("verify", "shop.yaml").out())
                .contains("MEDIUM  GRANT-MISSING  " + tierRole("pay") + " lacks SELECT on hr.salaries")
                .doesNotContain("WITNESS-DISAGREE", "PROBE-");
    }

    private String tierRole(String scope) {
        return Naming.tierRole(database.name(), scope, Tier.EXPLORE).value();
    }

    @Test
    void aLaterViewThatAFutureOpensIsFoundAndTakenByTheNextApply() throws Exception {
        var owner = database.role("owner");
        database.execute(
                "CREATE ROLE " + owner,
                "ALTER SCHEMA app OWNER TO " + owner,
                "GRANT USAGE ON SCHEMA hr TO " + owner,
                "GRANT SELECT ON hr.salaries TO " + owner);
        profile("include: [\"app.*\"], future: true");

        assertThat(operator.run("plan", "shop.yaml").out())
                .contains("shop.yaml:10:")
                .contains("future: true covers later views, too");
        applied();
        database.execute("SET ROLE " + owner, "CREATE VIEW app.later AS SELECT amount FROM hr.salaries");

        assertThat(asAgent("SELECT * FROM app.later")).isEqualTo("done");
        assertThat(operator.run("verify", "shop.yaml", "--no-probes").out())
                .contains("HIGH  DEFINER-VIEW  app.later reads hr.salaries.amount with its owner's rights");
        applied();
        assertThat(asAgent("SELECT * FROM app.later")).isEqualTo("42501");
    }
}
