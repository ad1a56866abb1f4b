package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Columns that a profile excludes, and what MySQL and MariaDB show of them whatever is granted.
@OnEachMySql
final class HiddenColumnsTest {
    private static final String CARD = "4000 0000 0000 1001";

    /// On a table, on a column: which of them depends on the release.
    private static final List<String> DENIED = List.of("1142", "1143");

    @AutoClose
    private final MySqlDatabase database;

    private final Operator operator;
    private final boolean mariadb;
    private final String card;

    HiddenColumnsTest(MySql server, @TempDir Path directory) throws SQLException {
        this.database = server.createDatabase();
        this.mariadb = server.mariadb();
        this.card = database.name() + ".people.card";
        database.execute(
                "CREATE TABLE people (id int PRIMARY KEY, name varchar(20), card varchar(20))",
                "INSERT INTO people VALUES (1, 'Ada', '%s')".formatted(CARD),
                "CREATE SQL SECURITY DEFINER VIEW names AS SELECT id, name FROM people");
        this.operator = new Operator(directory, database, database.administrator());
    }

    @BeforeEach
    void aProfileHidesTheCard() throws IOException {
        profile("include: [%1$s.people], exclude: [%1$s.people.card]");
    }

    private void profile(String tables) throws IOException {
        profile(tables, "explore");
    }

    private void profile(String tables, String tier) throws IOException {
        operator.write(
                "shop.yaml",
                operator.head("production") + """
                scopes:
                  people: {database: %s, %s}
                agents:
                  bot: {access: [{scope: people, tier: %s}]}
                """.formatted(database.name(), tables.formatted(database.name()), tier));
    }

    private String ends(int code, String... arguments) {
        return operator.ends(code, arguments).all();
    }

    /// The first column of the first row, or the number of the error.
    private String asAgent(String... statements) {
        try (var session = database.connect(operator.published("bot"));
                var statement = session.createStatement()) {
            var last = "";
            for (var sql : statements) {
                if (statement.execute(sql)) {
                    try (var row = statement.getResultSet()) {
                        last = row.next() ? row.getString(row.getMetaData().getColumnCount()) : "nothing";
                    }
                }
            }
            return last;
        } catch (SQLException refused) {
            return Integer.toString(refused.getErrorCode());
        }
    }

    /// HANDLER reads whole rows there for whoever may read one column, so nothing is given.
    @Test
    void aColumnThatCannotBeHiddenIsRefused() throws SQLException {
        if (!mariadb) {
            ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
            assertThat(asAgent("HANDLER people OPEN", "HANDLER people READ FIRST"))
                    .isIn(DENIED);
            return;
        }
        assertThat(ends(1, "apply", "shop.yaml", "--yes"))
                .contains("cannot hide " + card)
                .contains("HANDLER")
                .contains("nothing was changed");
        assertThat(database.query("SELECT COUNT(*) FROM mysql.columns_priv WHERE Db = '%s'".formatted(database.name())))
                .containsExactly("0");
    }

    /// Why the one above is refused.
    @Test
    void handlerReadsWhatIsHiddenOnMariaDb() throws SQLException, IOException {
        profile("include: [%1$s.names]");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        var role = "ar_" + database.name() + "_people_explore";
        database.execute("GRANT SELECT (id) ON people TO " + (mariadb ? "`" + role + "`" : "'" + role + "'@'%'"));

        assertThat(asAgent("HANDLER people OPEN", "HANDLER people READ FIRST")).isIn(mariadb ? List.of(CARD) : DENIED);
        assertThat(asAgent("SELECT card FROM people")).isEqualTo("1143");
        assertThat(asAgent("HANDLER names OPEN")).isEqualTo("1347");
        assertThat(asAgent("SELECT name FROM names")).isEqualTo("Ada");
    }

    /// A statement that compares with all values that there may be, and has those that there are.
    @Test
    void thatValuesCanBeGuessedIsSaid() {
        if (mariadb) {
            return;
        }
        assertThat(ends(0, "apply", "shop.yaml", "--yes", "--no-verify")).contains("values of " + card);

        assertThat(asAgent("SELECT d.card FROM people JOIN (SELECT '%s' AS card) AS d USING (card)".formatted(CARD)))
                .isEqualTo(CARD);
        assertThat(ends(0, "plan", "shop.yaml")).contains("values of " + card + " can be guessed");
    }

    /// ANALYZE TABLE asks for SELECT and INSERT, on whichever columns.
    @Test
    void whoeverMayInsertMakesAHistogramOfWhatIsHidden() throws SQLException, IOException {
        if (mariadb) {
            return;
        }
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        var analysis = "ANALYZE TABLE people UPDATE HISTOGRAM ON card WITH 10 BUCKETS";
        var shown = "SELECT FROM_BASE64(REGEXP_SUBSTR(HISTOGRAM, '(?<=:type254:)[^\"]+')) FROM"
                + " information_schema.COLUMN_STATISTICS WHERE COLUMN_NAME = 'card'";
        assertThat(asAgent(analysis)).isEqualTo("1142");
        database.execute("GRANT INSERT (id) ON people TO 'ar_%s_people_explore'@'%%'".formatted(database.name()));
        assertThat(asAgent(analysis, shown)).isEqualTo(CARD);
        database.execute("ANALYZE TABLE people DROP HISTOGRAM ON card");

        profile("include: [%1$s.people], exclude: [%1$s.people.card]", "ddl-denied");
        assertThat(ends(1, "plan", "shop.yaml"))
                .contains("cannot hide " + card)
                .contains("ANALYZE TABLE")
                .contains("use tier writer");
        assertThat(ends(2, "verify", "shop.yaml", "--no-probes")).contains("HIGH  COLUMN-SHOWN");

        profile("include: [%1$s.people], exclude: [%1$s.people.card]", "writer");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(asAgent("INSERT INTO %s_rw.people (id, name) VALUES (2, 'Bob')".formatted(database.name())))
                .isEqualTo("");
        assertThat(asAgent("ANALYZE TABLE %s.people UPDATE HISTOGRAM ON card".formatted(database.name())))
                .isEqualTo("1142");
        assertThat(asAgent(shown)).isEqualTo("nothing");
    }

    @Test
    void aHistogramOfAHiddenColumnIsRefusedAndFound() throws SQLException {
        if (mariadb) {
            return;
        }
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        database.execute("ANALYZE TABLE people UPDATE HISTOGRAM ON card, name WITH 10 BUCKETS");
        assertThat(asAgent("SELECT COUNT(*) FROM information_schema.COLUMN_STATISTICS WHERE COLUMN_NAME = 'card'"))
                .isEqualTo("1");

        assertThat(ends(1, "plan", "shop.yaml"))
                .contains("cannot hide " + card)
                .contains("ANALYZE TABLE `%s`.`people` DROP HISTOGRAM ON `card`".formatted(database.name()));
        assertThat(ends(2, "verify", "shop.yaml", "--no-probes")).contains("HIGH  COLUMN-SHOWN");

        database.execute("ANALYZE TABLE people DROP HISTOGRAM ON card");
        assertThat(ends(0, "verify", "shop.yaml", "--no-probes")).doesNotContain("COLUMN-SHOWN");
    }
}
