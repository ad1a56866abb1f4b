package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `apply` makes on MySQL and MariaDB, by an administrator with the rights that `init` lists and no other.
@OnEachMySql
final class MySqlApplyTest {
    private static final String SCOPES = """
            scopes:
              orders:
                database: %1$s
                include: [%1$s.orders, "%1$s.product_*"]
                exclude: [%1$s.product_cost, %1$s.orders.card_number]
              entry: {database: %1$s, include: [%1$s.orders, "%1$s.product_*"], exclude: [%1$s.product_cost]}
            """;
    private static final String HIDDEN = ", %1$s.orders.card_number";
    private static final String AGENTS = """
            agents:
              bot:
                access: [{scope: orders, tier: explore}]
                lease: {ttl: 1h, overlap: 10m, connections: 5}
              desk:
                access: [{scope: entry, tier: ddl-denied}]
            """;

    @AutoClose
    private final MySqlDatabase database;

    private final Operator operator;

    /// MariaDB cannot keep a column from who may read another.
    private final boolean hidesColumns;

    MySqlApplyTest(MySql server, @TempDir Path directory) throws SQLException {
        this.database = server.createDatabase();
        this.hidesColumns = !server.mariadb();
        database.execute(
                "CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, total int, card_number varchar(20))",
                "CREATE TABLE product_names (id int, name varchar(20))",
                "CREATE TABLE product_cost (id int, cost int)",
                "CREATE TABLE salaries (amount int)");
        this.operator = new Operator(directory, database, database.administrator());
    }

    @BeforeEach
    void aProfileIsThere() throws IOException {
        write(scopes(), AGENTS);
    }

    private String scopes() {
        return hidesColumns ? SCOPES : SCOPES.replace(HIDDEN, "");
    }

    private void write(String scopes, String agents) throws IOException {
        operator.write("shop.yaml", operator.head("production") + scopes.formatted(database.name()) + agents);
    }

    private void applied() {
        var said = operator.run("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(said.code()).as(said.out() + said.err()).isZero();
    }

    private List<String> journal() {
        return operator.run("log", "shop.yaml", "--last", "0")
                .out()
                .lines()
                .map(line -> line.replaceAll("plan [0-9a-f]+", "plan PRINT"))
                .toList();
    }

    /// There is no transaction around them: after a crash the journal must tell which had run.
    @Test
    void everyStatementStandsInTheJournalBeforeItRuns() throws SQLException {
        for (int number = 10; number < 60; number++) {
            database.execute("CREATE TABLE product_%d (id int)".formatted(number));
        }

        applied();

        var journal = journal();
        var all = journal.stream()
                .filter(line -> line.matches(".* apply (begun|done) .*"))
                .map(line -> line.replaceFirst(".* apply (begun|done) .*?: (.*)", "$1 $2"))
                .toList();
        int statements = Integer.parseInt(all.getFirst().replaceFirst("begun statements 1 to 50 of (\\d+) .*", "$1"));
        assertThat(all).first().asString().startsWith("begun statements 1 to 50 of ");
        assertThat(all)
                .last()
                .asString()
                .matches("done statements \\d+ to %1$d of %1$d statements, plan PRINT".formatted(statements));
        assertThat(all).hasSize(2 * ((statements + 49) / 50));
        assertThat(journal.stream().filter(line -> line.matches(" {4}\\d+: .*")))
                .hasSize(statements)
                .anySatisfy(line -> assertThat(line).matches(" +\\d+: CREATE (ROLE|USER) .*"))
                .anySatisfy(line -> assertThat(line).matches(" +\\d+: GRANT SELECT ON .*`product_59` TO .*"));
    }

    private void planIsEmpty() {
        var said = operator.run("plan", "shop.yaml");
        assertThat(said.code()).as(said.out() + said.err()).isZero();
    }

    private String asAgent(String agent, String sql) {
        try (var session = database.connect(operator.published(agent));
                var statement = session.createStatement()) {
            statement.execute(sql);
            return "done";
        } catch (SQLException refused) {
            return Integer.toString(refused.getErrorCode());
        }
    }

    @Test
    void whatIsPublishedWorksWithinItsTierAndNowhereElse() {
        applied();

        assertThat(asAgent("bot", "SELECT id, total FROM orders")).isEqualTo("done");
        assertThat(asAgent("bot", "SELECT card_number FROM orders")).isEqualTo(hidesColumns ? "1143" : "done");
        assertThat(asAgent("bot", "SELECT * FROM product_names")).isEqualTo("done");
        assertThat(asAgent("bot", "SELECT * FROM product_cost")).isEqualTo("1142");
        assertThat(asAgent("bot", "SELECT * FROM salaries")).isEqualTo("1142");
        assertThat(asAgent("bot", "UPDATE product_names SET id = 1")).isEqualTo("1142");
        assertThat(asAgent("bot", "DROP TABLE orders")).isEqualTo("1142");
        assertThat(asAgent("desk", "INSERT INTO orders (total) VALUES (1)")).isEqualTo("done");
        assertThat(asAgent("desk", "DELETE FROM product_names")).isEqualTo("done");
        assertThat(asAgent("desk", "TRUNCATE product_names")).isEqualTo("1142");
        assertThat(asAgent("desk", "CREATE TABLE mine (id int)")).isEqualTo("1142");
        assertThat(asAgent("desk", "CREATE TEMPORARY TABLE mine (id int)")).isEqualTo("1044");
    }

    @Test
    void aSecondApplyWritesNothing() throws SQLException {
        applied();
        var before = fingerprint();

        applied();

        assertThat(fingerprint()).isEqualTo(before);
        planIsEmpty();
    }

    /// All that an apply writes to.
    private List<String> fingerprint() throws SQLException {
        return List.of(
                String.join(
                        "\n", database.query("SELECT CONCAT(seq, ' ', action) FROM agentroles.journal ORDER BY seq")),
                String.join("\n", database.query("SELECT CONCAT(user, '@', host) FROM mysql.user ORDER BY 1")),
                String.join("\n", database.query("SELECT CONCAT(id, state) FROM agentroles.lease ORDER BY 1")));
    }

    @Test
    void narrowingTakesAwayAndWideningGives() throws IOException {
        applied();
        write("""
                scopes:
                  orders: {database: %1$s, include: [%1$s.orders]}
                  entry: {database: %1$s, include: [%1$s.orders]}
                """, AGENTS);
        applied();

        assertThat(asAgent("bot", "SELECT card_number FROM orders")).isEqualTo("done");
        assertThat(asAgent("bot", "SELECT * FROM product_names")).isEqualTo("1142");
        planIsEmpty();

        write(scopes(), AGENTS);
        applied();

        assertThat(asAgent("bot", "SELECT card_number FROM orders")).isEqualTo(hidesColumns ? "1143" : "done");
        assertThat(asAgent("bot", "SELECT id FROM orders")).isEqualTo("done");
        assertThat(asAgent("bot", "SELECT * FROM product_names")).isEqualTo("done");
        planIsEmpty();
    }

    /// A role without members is given to faster, and an agent has nothing before it has all.
    @Test
    void rolesAreCompleteBeforeTheyHaveMembers() {
        var grants = operator.run("plan", "shop.yaml", "--sql")
                .out()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("GRANT "))
                .map(line -> line.contains(" ON "))
                .toList();

        assertThat(grants).contains(true, false).isSortedAccordingTo(Comparator.reverseOrder());
    }

    /// There is no transaction around it: wherever it ends, the agent has what it had, or more of what it is to
    /// have.
    @Test
    void whatIsWidenedIsGivenBeforeItIsTaken() throws IOException {
        applied();
        write(
                SCOPES.replace(HIDDEN, ""),
                AGENTS.replace("[{scope: orders, tier: explore}]", "[{scope: orders, tier: ddl-denied}]"));

        var statements = sql();

        var member = statements.stream()
                .filter(one -> one.matches("GRANT .*_ddl-denied\\S* TO \\S*_bot\\W.*"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(String.join("\n", statements)));
        assertThat(statements).anyMatch(one -> one.startsWith("REVOKE "));
        assertThat(statements.stream().filter(one -> !one.startsWith("GRANT ")))
                .allSatisfy(one -> assertThat(statements.indexOf(one)).isGreaterThan(statements.indexOf(member)));
        applied();
        planIsEmpty();
    }

    @Test
    void whatIsNarrowedIsTakenBeforeItIsGiven() throws IOException {
        applied();
        write(scopes(), AGENTS.replace("[{scope: entry, tier: ddl-denied}]", "[{scope: entry, tier: explore}]"));

        var statements = sql();

        var kinds = statements.stream()
                .map(one -> one.substring(0, one.indexOf(' ')))
                .toList();
        assertThat(kinds.lastIndexOf("REVOKE")).isNotNegative().isLessThan(kinds.indexOf("GRANT"));
    }

    private List<String> sql() {
        return operator.run("plan", "shop.yaml", "--sql")
                .out()
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("(GRANT|REVOKE|DROP ROLE) .*"))
                .toList();
    }

    @Test
    void aStrayGrantIsRevoked() throws SQLException {
        applied();
        var role = database.server().mariadb() ? "`ar_%s_bot`" : "'ar_%s_bot'@'%%'";
        database.execute(
                ("GRANT SELECT, UPDATE (amount) ON salaries TO " + role).formatted(database.name()),
                ("GRANT INSERT ON orders TO " + role + " WITH GRANT OPTION").formatted(database.name()));
        assertThat(asAgent("bot", "SELECT * FROM salaries")).isEqualTo("done");

        applied();

        assertThat(asAgent("bot", "SELECT * FROM salaries")).isEqualTo("1142");
        assertThat(asAgent("bot", "INSERT INTO orders (total) VALUES (1)")).isEqualTo("1142");
        planIsEmpty();
    }

    @Test
    void anAccountThatIsNotOursIsRefusedAndStaysAsItIs() throws SQLException {
        database.execute("CREATE USER 'ar_%s_bot'@'localhost'".formatted(database.name()));

        var said = operator.run("apply", "shop.yaml", "--yes");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("account \"ar_%s_bot\" is taken: agentroles did not make it".formatted(database.name()))
                .contains("shop.yaml:");
        assertThat(database.query("SELECT user FROM mysql.user WHERE user LIKE 'ar\\_%'"))
                .containsExactly("ar_%s_bot".formatted(database.name()));
    }
}
