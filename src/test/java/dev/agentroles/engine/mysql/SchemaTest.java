package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.engine.Engine;
import dev.agentroles.engine.SchemaSession;
import dev.agentroles.engine.SchemaSession.Bounds;
import dev.agentroles.engine.SchemaSession.Trial;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import dev.agentroles.problem.Failure;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Statements that the owner of a schema tries and runs.
@OnEachMySql
final class SchemaTest {
    private static final Bounds BOUNDS = new Bounds(Duration.ofSeconds(1), Duration.ofSeconds(3));

    private final Engine engine;

    @AutoClose
    private final MySqlDatabase database;

    private final String shop;
    private final Login owner;
    private final List<String> handles = new ArrayList<>();

    @AutoClose
    private final SchemaSession session;

    SchemaTest(MySql server) throws SQLException {
        database = server.createDatabase();
        shop = database.name();
        owner = database.login("owner");
        database.execute(
                "GRANT ALL ON %s.* TO '%s'@'%%'".formatted(shop, owner.username()),
                "GRANT ALL ON `agentroles\\_rehearsal\\_%%`.* TO '%s'@'%%'".formatted(owner.username()),
                "CREATE TABLE orders (id int PRIMARY KEY, total int, note varchar(20) DEFAULT 'a;,b', KEY by_total (total))",
                "CREATE TABLE order_lines (order_id int, n int, CONSTRAINT of_order FOREIGN KEY (order_id) REFERENCES orders (id))",
                "CREATE VIEW sums AS SELECT sum(total) AS total FROM orders",
                "INSERT INTO orders VALUES (1, 10, 'x'), (2, 20, 'y')",
                "INSERT INTO order_lines VALUES (1, 1)");
        engine = server.mariadb() ? MySqlEngine.mariadb() : MySqlEngine.mysql(new SecureRandom());
        session = engine.schema(database.target(owner));
    }

    private Trial rehearse(String statement) throws SQLException {
        var form = engine.form(statement);
        assertThat(form.unfit()).as(statement).isEmpty();
        var before = tables();
        var trial = session.rehearse(statement, form, BOUNDS);
        assertThat(tables()).isEqualTo(before);
        assertThat(scratches()).isEmpty();
        return trial;
    }

    private List<String> tables() throws SQLException {
        var all = new ArrayList<String>();
        for (var table :
                database.query("SELECT table_name FROM information_schema.tables WHERE table_schema = '%s' ORDER BY 1"
                        .formatted(shop))) {
            all.add(table);
            all.addAll(database.query("SELECT concat(column_name, ' ', column_type) FROM information_schema.columns"
                    + " WHERE table_schema = '%s' AND table_name = '%s' ORDER BY 1".formatted(shop, table)));
        }
        return all;
    }

    private List<String> scratches() throws SQLException {
        return database.query("SHOW DATABASES LIKE 'agentroles\\\\_rehearsal%'");
    }

    private List<String> effects(String statement) throws SQLException {
        var trial = rehearse(statement);
        assertThat(trial.refused()).isEmpty();
        return trial.effects();
    }

    private void run(String statement) throws SQLException {
        session.run(statement, engine.form(statement), BOUNDS, handles::add);
    }

    @Test
    void aColumnIsShownUnderTheNameOfItsDatabase() throws SQLException {
        assertThat(effects("ALTER TABLE orders ADD more int NOT NULL"))
                .containsExactly("+ column %s.orders.more %s NOT NULL".formatted(shop, integer()));
        assertThat(effects("ALTER TABLE `%s` . orders MODIFY total bigint".formatted(shop)))
                .singleElement()
                .asString()
                .startsWith("~ column " + shop + ".orders.total " + integer())
                .contains("-> bigint");
    }

    /// Later servers do not tell how wide a number is shown.
    private String integer() throws SQLException {
        return database.query(
                        "SELECT column_type FROM information_schema.columns WHERE table_schema = '%s'".formatted(shop)
                                + " AND table_name = 'orders' AND column_name = 'id'")
                .getFirst();
    }

    @Test
    void whatGoesIsShown() throws SQLException {
        assertThat(effects("DROP INDEX by_total ON orders")).containsExactly("- index " + shop + ".orders.by_total");
        assertThat(effects("DROP TABLE order_lines")).containsExactly("- table " + shop + ".order_lines");
        assertThat(effects("DROP VIEW sums")).containsExactly("- view " + shop + ".sums");
    }

    @Test
    void whatReferencesATableKeepsIt() throws SQLException {
        assertThat(rehearse("DROP TABLE orders").refused()).isPresent();
    }

    @Test
    void newThingsAreShown() throws SQLException {
        assertThat(
                        effects(
                                "CREATE TABLE `a b` (id int PRIMARY KEY, o int, CONSTRAINT to_orders FOREIGN KEY (o) REFERENCES orders (id))"))
                .contains(
                        "+ table " + shop + ".`a b`",
                        "+ index " + shop + ".`a b`.PRIMARY PRIMARY KEY (`id`)",
                        "+ constraint " + shop
                                + ".`a b`.to_orders CONSTRAINT `to_orders` FOREIGN KEY (`o`) REFERENCES `orders` (`id`)");
        assertThat(effects("CREATE VIEW more AS SELECT * FROM %s.sums".formatted(shop)))
                .containsExactly("+ view " + shop + ".more");
        assertThat(effects("RENAME TABLE order_lines TO parts"))
                .contains("- table " + shop + ".order_lines", "+ table " + shop + ".parts");
    }

    @Test
    void routinesAndTriggersAreShown() throws SQLException {
        trustWhoeverMakesRoutines();
        assertThat(effects("CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END"))
                .containsExactly("+ procedure " + shop + ".p");
        assertThat(effects("CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW BEGIN SET NEW.total = 1; END"))
                .containsExactly("+ trigger " + shop + ".t");
        database.execute("CREATE TRIGGER old BEFORE INSERT ON orders FOR EACH ROW SET NEW.total = 1");
        assertThat(effects("DROP TRIGGER old")).containsExactly("- trigger " + shop + ".old");
    }

    private void trustWhoeverMakesRoutines() throws SQLException {
        database.execute("SET GLOBAL log_bin_trust_function_creators = 1");
    }

    @Test
    void whatTheServerRefusesIsToldInItsOwnNames() throws SQLException {
        var trial = rehearse("ALTER TABLE orders DROP none");

        assertThat(trial.refused()).isPresent();
        assertThat(rehearse("CREATE INDEX a ON nowhere (b)").refused())
                .hasValueSatisfying(said -> assertThat(said.getMessage()).contains(shop + ".nowhere"));
    }

    @Test
    void whatAKilledTrialLeftIsDropped() throws SQLException {
        database.execute(
                "CREATE DATABASE agentroles_rehearsal_1", "CREATE TABLE agentroles_rehearsal_1.orders (id int)");

        assertThat(effects("ALTER TABLE orders ADD more int")).hasSize(1);
    }

    @Test
    void aMissingRightIsNamed() throws SQLException {
        database.execute("REVOKE ALL ON `agentroles\\_rehearsal\\_%%`.* FROM '%s'@'%%'".formatted(owner.username()));
        try (var other = engine.schema(database.target(owner))) {
            var statement = "ALTER TABLE orders ADD more int";

            assertThatThrownBy(() -> other.rehearse(statement, engine.form(statement), BOUNDS))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining(
                            "GRANT ALL ON `agentroles\\_rehearsal\\_%%`.* TO '%s'@'%%'".formatted(owner.username()));
        }
    }

    @Test
    void anotherDatabaseIsCopiedToo() throws SQLException {
        var other = database.named("other");
        database.execute(
                "CREATE DATABASE " + other,
                "GRANT ALL ON `%s`.* TO '%s'@'%%'".formatted(other, owner.username()),
                "CREATE TABLE %s.days (day int PRIMARY KEY)".formatted(other),
                "CREATE VIEW both_of_them AS SELECT * FROM orders JOIN %s.days ON day = id".formatted(other));

        assertThat(effects("ALTER TABLE %s.days RENAME TO %s.dates".formatted(other, shop)))
                .contains("- table " + other + ".days", "+ table " + shop + ".dates");
        assertThat(effects("CREATE OR REPLACE VIEW both_of_them AS SELECT 1 AS a FROM sums, %s.days".formatted(other)))
                .containsExactly("~ view " + shop + ".both_of_them is another");
        assertThat(database.query("SELECT count(*) FROM %s.days".formatted(other)))
                .containsExactly("0");
    }

    /// Its number begins with that of the first.
    @Test
    void theTenthDatabaseIsToldByItsOwnName() throws SQLException {
        var others = IntStream.rangeClosed(2, 10)
                .mapToObj(n -> database.named("n" + n))
                .toList();
        for (var other : others) {
            database.execute(
                    "CREATE DATABASE " + other,
                    "GRANT ALL ON `%s`.* TO '%s'@'%%'".formatted(other, owner.username()),
                    "CREATE TABLE %s.days (day int)".formatted(other));
        }

        var trial = rehearse("CREATE VIEW wide AS SELECT 1 AS a FROM %s.days, %s.nowhere"
                .formatted(String.join(".days, ", others.subList(0, 8)), others.getLast()));

        assertThat(trial.refused())
                .hasValueSatisfying(said -> assertThat(said.getMessage()).contains(others.getLast() + ".nowhere"));
    }

    @Test
    void triggersOfEachTableThatGoesAreShown() throws SQLException {
        trustWhoeverMakesRoutines();
        database.execute(
                "CREATE TABLE days (day int PRIMARY KEY)",
                "CREATE TABLE visits (day int, CONSTRAINT on_a_day FOREIGN KEY (day) REFERENCES days (day))",
                "CREATE TRIGGER counted BEFORE INSERT ON visits FOR EACH ROW SET NEW.day = 1");

        assertThat(effects("DROP TABLE visits, days"))
                .containsExactlyInAnyOrder(
                        "- table " + shop + ".days", "- table " + shop + ".visits", "- trigger " + shop + ".counted");
    }

    @Test
    void aTableInAFileOfTheServersIsCopied() throws SQLException {
        database.execute("CREATE TABLE visits (day int NOT NULL) ENGINE=CSV");

        assertThat(effects("ALTER TABLE visits ADD hour int NOT NULL")).hasSize(1);
        assertThat(effects("ALTER TABLE visits MODIFY day int NOT NULL COMMENT 'UTC'"))
                .hasSize(1);
    }

    @Test
    void whatReferencesATableOfAnotherDatabaseKeepsIt() throws SQLException {
        var other = database.named("other");
        database.execute(
                "CREATE DATABASE " + other,
                "GRANT ALL ON `%s`.* TO '%s'@'%%'".formatted(other, owner.username()),
                "CREATE TABLE %s.days (id int PRIMARY KEY)".formatted(other),
                "CREATE TABLE %1$s.hours (id int, CONSTRAINT of_a_day FOREIGN KEY (id) REFERENCES %1$s.days (id))"
                        .formatted(other));

        assertThat(rehearse("DROP TABLE %s.days".formatted(other)).refused()).isPresent();
        assertThat(effects("DROP TABLE %1$s.hours, %1$s.days".formatted(other)))
                .containsExactlyInAnyOrder("- table " + other + ".days", "- table " + other + ".hours");
    }

    /// The real run is refused for them.
    @Test
    void aForeignKeyOfADatabaseThatTheStatementDoesNotNameIsTold() throws SQLException {
        var other = database.named("elsewhere");
        database.execute(
                "CREATE DATABASE " + other,
                "GRANT ALL ON `%s`.* TO '%s'@'%%'".formatted(other, owner.username()),
                "CREATE TABLE %s.parts (id int, CONSTRAINT of_an_order FOREIGN KEY (id) REFERENCES %s.orders (id))"
                        .formatted(other, shop));

        var told =
                "it was tried without table %s.parts, which has a foreign key to orders: the statement does not name that database"
                        .formatted(other);
        assertThat(rehearse("ALTER TABLE orders MODIFY id bigint").notes()).contains(told);
        assertThat(rehearse("ALTER TABLE order_lines ADD more int").notes()).contains(told);
        assertThat(rehearse("CREATE VIEW %s.all_orders AS SELECT id FROM %s.orders".formatted(other, shop))
                        .notes())
                .doesNotContain(told);
        // A database that is referred to is not dropped.
        database.execute("DROP TABLE %s.parts".formatted(other));
    }

    @Test
    void aTrialAsksForReferencesOnceHoweverManyTablesItCopies() throws SQLException {
        database.execute("CREATE TABLE visits (day int)");

        var few = queriesForReferences("DROP TABLE visits");
        var many = queriesForReferences("DROP TABLE order_lines, orders, visits");

        assertThat(few).isPositive();
        assertThat(many).isEqualTo(few);
    }

    private long queriesForReferences(String statement) throws SQLException {
        var query = Pattern.compile("information_schema\\.REFERENTIAL_CONSTRAINTS");
        long before = query.matcher(database.server().log()).results().count();
        rehearse(statement);
        return query.matcher(database.server().log()).results().count() - before;
    }

    @Test
    void whatCannotBeCopiedIsToldOnce() throws SQLException {
        database.execute(
                "CREATE TABLE both_orders (id int PRIMARY KEY, total int, note varchar(20)) ENGINE=MERGE",
                "CREATE VIEW one AS SELECT id FROM both_orders",
                "CREATE VIEW other AS SELECT id FROM both_orders");

        assertThat(rehearse("CREATE VIEW third AS SELECT one.id FROM one JOIN other ON one.id = other.id")
                        .notes())
                .filteredOn(note -> note.startsWith("it was tried without table both_orders"))
                .hasSize(1);
    }

    @Test
    void aTrialDoesNotWaitForAnotherOne() throws SQLException {
        try (var other = database.superuser();
                var statement = other.createStatement()) {
            statement.execute("SELECT GET_LOCK('agentroles_rehearsal', 0)");

            assertThatThrownBy(() -> rehearse("ALTER TABLE orders ADD more int"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            said -> assertThat(session.mayWorkLater(said)).isTrue());
        }
    }

    @Test
    void anEventIsNotTried() throws SQLException {
        var trial = rehearse("CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP DO DELETE FROM orders");

        assertThat(trial.effects()).isEmpty();
        assertThat(trial.notes()).containsExactly("an event may run as soon as it is there, so it is not tried");
    }

    @Test
    void whatIsRunIsThere() throws SQLException {
        run("ALTER TABLE orders ADD more varchar(9) DEFAULT '{?}' COMMENT '?; {d 1}'");

        assertThat(database.query("SELECT max(more) FROM orders")).containsExactly("{?}");
        assertThat(handles).hasSize(1);
    }

    @Test
    void severalStatementsAreRefusedByTheServer() throws SQLException {
        var form = engine.form("DROP TABLE order_lines");

        assertThatThrownBy(() -> session.run("DROP TABLE order_lines; DROP TABLE orders", form, BOUNDS, handle -> {}))
                .isInstanceOf(SQLException.class);

        assertThat(tables()).contains("orders", "order_lines");
    }

    @Test
    void aRunDoesNotWaitLong() throws SQLException {
        try (var other = database.superuser();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT * FROM orders");

            assertThatThrownBy(() -> run("ALTER TABLE orders ADD more int"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            said -> assertThat(session.mayWorkLater(said)).isTrue());
            other.rollback();
        }
        run("ALTER TABLE orders ADD more int");
    }

    @Test
    void aRunEndsInTime() throws SQLException {
        var bounds = new Bounds(Duration.ofSeconds(30), Duration.ofSeconds(1));
        try (var other = database.superuser();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT * FROM orders");
            var sql = "ALTER TABLE orders ADD more int";

            assertThatThrownBy(() -> session.run(sql, engine.form(sql), bounds, handle -> {}))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            said -> assertThat(said.getErrorCode()).isEqualTo(1317));
            other.rollback();
        }
        assertThat(tables()).doesNotContain("more int");
    }
}
