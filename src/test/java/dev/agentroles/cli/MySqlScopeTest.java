package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a scope hides stays hidden, whichever column it might be read through.
@OnEachMySql
final class MySqlScopeTest {
    @AutoClose
    private final MySqlDatabase database;

    private final Operator operator;
    private final boolean mariadb;

    MySqlScopeTest(MySql server, @TempDir Path directory) throws SQLException {
        mariadb = server.mariadb();
        database = server.createDatabase();
        operator = new Operator(directory, database, database.administrator());
    }

    private void profile(String exclude) throws IOException {
        profile(exclude, "explore");
    }

    private void profile(String exclude, String tier) throws IOException {
        operator.write(
                "shop.yaml",
                operator.head("production")
                        + """
                scopes:
                  all: {database: %1$s, include: [%1$s.cards], exclude: [%2$s]}
                agents:
                  bot: {access: [{scope: all, tier: %3$s}]}
                """.formatted(database.name(), exclude.replace("cards.", database.name() + ".cards."), tier));
    }

    private String refused() {
        return operator.ends(1, "plan", "shop.yaml").all().replace(database.name() + ".", "");
    }

    /// MariaDB hides no column of a table at all ([HiddenColumnsTest]).
    private boolean hidesNothing() {
        if (mariadb) {
            assertThat(refused()).contains("with HANDLER");
        }
        return mariadb;
    }

    private void applied() {
        operator.ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
    }

    private String asAgent(String sql) {
        try (var session = database.connect(operator.published("bot"));
                var statement = session.createStatement()) {
            statement.execute(sql);
            return "done";
        } catch (SQLException refused) {
            return refused.getErrorCode() + " " + refused.getMessage();
        }
    }

    /// With the option MySQL keeps names as they were typed, in another case and without backticks.
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aColumnThatIsReadThroughAGeneratedOneCannotBeExcluded(int quotes) throws Exception {
        database.execute(
                "SET sql_quote_show_create = " + quotes,
                "CREATE TABLE cards (id int, Number varchar(20), last varchar(4) AS (right(NUMBER, 4)) STORED,"
                        + " shown varchar(9) AS (concat('..', Last)))");
        profile("cards.Number");
        assertThat(refused())
                .contains("shop.yaml:10:")
                .contains("pattern \"cards.Number\" cannot hide cards.Number: cards.last is computed from it, as is 1"
                        + " more, and scope all includes it")
                .contains("exclude cards.last, cards.shown, too");

        profile("cards.Number, cards.last, cards.shown");
        if (hidesNothing()) {
            return;
        }
        applied();

        assertThat(asAgent("SELECT id FROM cards")).isEqualTo("done");
        assertThat(asAgent("SELECT last FROM cards")).startsWith("1143 ");
    }

    /// What is left out of an INSERT is filled from the columns of its row.
    @Test
    void aColumnThatIsReadThroughAComputedDefaultCannotBeExcluded() throws Exception {
        database.execute("CREATE TABLE cards (id int, number varchar(20), copy varchar(30) DEFAULT (concat(number)))");
        profile("cards.number");

        assertThat(refused()).contains("exclude cards.copy, too");
    }

    @Test
    void whatOnlyLooksLikeTheNameOfAnExcludedColumnHidesNothing() throws Exception {
        database.execute(
                "CREATE TABLE cards (id int, number varchar(20), date date, data json, note varchar(20) DEFAULT 'number',"
                        + " a varchar(40) AS (json_unquote(json_extract(data, '$.number'))),"
                        + " b date AS (cast(concat(note, 'it''s `number`', \"\\\\\") as date)), numbers int AS (id + 1))");
        profile("cards.number, cards.date");
        if (hidesNothing()) {
            return;
        }

        applied();

        assertThat(asAgent("SELECT id, data, note, a, b, numbers FROM cards")).isEqualTo("done");
    }

    @Test
    void verifyFindsAColumnThatWasGeneratedFromAnExcludedOneLater() throws Exception {
        database.execute("CREATE TABLE cards (id int, number varchar(20))");
        profile("cards.number");
        if (hidesNothing()) {
            return;
        }
        applied();
        database.execute("ALTER TABLE cards ADD last varchar(4) AS (right(number, 4))");

        var said = operator.run("verify", "shop.yaml", "--no-probes", "--fail-on", "high");

        assertThat(said.code()).as(said.out()).isEqualTo(2);
        assertThat(said.out())
                .contains("HIGH  COMPUTED-COLUMN  pattern \"%1$s.cards.number\" cannot hide %1$s.cards.number"
                        .formatted(database.name()));
    }

    private String planned() {
        return operator.ends(0, "plan", "shop.yaml").all().replace(database.name() + ".", "");
    }

    /// While a role acts, MySQL compares the name in a statement with that in the grant letter by letter.
    @Test
    void aColumnThatIsRenamedInCaseOnlyIsGivenByItsNewName() throws Exception {
        database.execute("CREATE TABLE cards (id int PRIMARY KEY, owner int, number varchar(20))");
        profile("cards.number");
        if (hidesNothing()) {
            return;
        }
        applied();
        database.execute("ALTER TABLE cards RENAME COLUMN owner TO Owner");
        assertThat(asAgent("SELECT Owner FROM cards")).startsWith("1143 ");

        applied();

        assertThat(asAgent("SELECT Owner FROM cards")).isEqualTo("done");
        assertThat(asAgent("SELECT owner FROM cards")).startsWith("1143 ");
        assertThat(planned()).contains("No changes.");
    }

    /// A wildcard hides the column in the other tables, so that nothing would say that it hides nothing here.
    @Test
    void anExcludedColumnThatIsRenamedInCaseOnlyStaysHidden() throws Exception {
        database.execute(
                "CREATE TABLE cards (id int PRIMARY KEY, number varchar(20))",
                "CREATE TABLE others (id int PRIMARY KEY, number varchar(20))");
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  all: {database: %1$s, include: ["%1$s.*"], exclude: ["%1$s.*.num*"]}
                agents:
                  bot: {access: [{scope: all, tier: explore}]}
                """.formatted(database.name()));
        if (hidesNothing()) {
            return;
        }
        applied();
        database.execute("ALTER TABLE cards RENAME COLUMN number TO Number");

        assertThat(planned()).contains("No changes.");
        applied();
        assertThat(asAgent("SELECT number FROM cards")).startsWith("1143 ");
    }

    /// As docs/limits.md says.
    @Test
    void aDuplicateKeyIsNamedWithTheExcludedColumnsInIt() throws Exception {
        database.execute(
                "CREATE TABLE cards (id int, number varchar(20), UNIQUE (id, number))",
                "INSERT INTO cards VALUES (1, '4111'), (2, '4111')");
        profile("cards.number", "writer");
        if (hidesNothing()) {
            return;
        }
        applied();

        assertThat(asAgent("UPDATE %s_rw.cards SET id = 1 WHERE id = 2".formatted(database.name())))
                .startsWith("1062 ")
                .contains("1-4111");
    }
}
