package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `import` writes of a MySQL or MariaDB server and of accounts that are there.
@OnEachMySql
final class ImportMySqlTest {
    @AutoClose
    private final MySqlDatabase database;

    private final MySql server;
    private final Operator operator;
    private final Path directory;
    private final Login administrator;

    ImportMySqlTest(MySql server, @TempDir Path directory) throws SQLException {
        this.server = server;
        this.directory = directory;
        database = server.createDatabase();
        database.execute(
                "CREATE TABLE customers (id int PRIMARY KEY, name varchar(40), card_number varchar(40),"
                        + " last4 varchar(4) AS (right(card_number, 4)))",
                "CREATE TABLE orders (id int PRIMARY KEY, status varchar(40))",
                "CREATE TABLE api_tokens (id int)",
                "CREATE SQL SECURITY INVOKER VIEW names AS SELECT id, name FROM customers");
        administrator = database.administrator();
        operator = new Operator(directory, database, administrator);
    }

    @Test
    void theSchemaIsAScopeWithoutWhatLooksSecret() throws IOException {
        var profile = imported();

        var customers = server.mariadb() ? """
                      - %1$s.customers    # column card_number, which this engine cannot hide alone; a view without it can be included by exact name
                """ : """
                      - %1$s.customers.card_number    # looks like a card number
                      - %1$s.customers.last4    # computed from card_number
                """;
        assertThat(profile).contains("""
                    include:
                      - "%1$s.*"
                    exclude:
                      - %1$s.api_tokens    # looks like a token
                """.formatted(database.name()) + customers.formatted(database.name()));
        assertThat(profile)
                .contains("    identity: \"")
                .contains("    # hosts: [\"10.1.%\"]\n")
                .doesNotContain("harden");
        mustPlan(profile);
    }

    @Test
    void rightsCountByWildcardsRolesAndHosts() throws IOException, SQLException {
        var app = database.named("app");
        var reader = database.named("reader");
        database.execute(
                "CREATE ROLE '%s'".formatted(reader),
                "CREATE USER '%s'@'10.1.%%' IDENTIFIED BY 'Some-pass-1'".formatted(app),
                "GRANT SELECT ON %s.orders TO '%s'".formatted(database.name(), reader),
                "GRANT '%s' TO '%s'@'10.1.%%'".formatted(reader, app),
                "CREATE DATABASE %s_other".formatted(database.name()),
                "CREATE TABLE %s_other.notes (id int)".formatted(database.name()),
                "CREATE TABLE orders_2 (id int)",
                "GRANT SELECT ON %s.orders_2 TO '%s'@'10.1.%%'".formatted(database.name(), app),
                "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP ON `%s\\_o%%`.* TO '%s'@'10.1.%%'"
                        .formatted(database.name(), app),
                "GRANT FILE ON *.* TO '%s'@'10.1.%%'".formatted(app));
        database.administers(administrator, database.named("other"));

        var profile = imported("--from", app);

        assertThat(profile)
                .contains("    hosts: [\"10.1.%\"]\n")
                .contains("      - %1$s.orders\n      - %1$s.orders_2\n".formatted(database.name()))
                .contains("      - %s_other.notes\n".formatted(database.name()))
                .contains("; it comes from 10.1.%.\n")
                .contains("# not taken over: FILE on *.*")
                .contains("# not taken over: SELECT, INSERT, UPDATE, DELETE, CREATE, DROP on schema %s\\_o%%\n"
                        .formatted(database.name()))
                .contains("tier: explore}\n")
                .contains("tier: ddl-denied}\n")
                .doesNotContain("customers")
                .doesNotContain("more than");
        mustPlan(profile);
    }

    @Test
    void columnsAreHiddenWhereTheServerCan() throws IOException, SQLException {
        var app = database.login("app").username();
        database.execute(
                "GRANT SELECT ON orders TO '%s'@'%%'".formatted(app),
                "GRANT SELECT (id, name, last4), UPDATE (name) ON customers TO '%s'@'%%'".formatted(app));

        var profile = imported("--from", app);

        if (server.mariadb()) {
            assertThat(profile)
                    .contains("# not taken over: SELECT on some columns of %s.customers: this engine shows whole rows"
                            .formatted(database.name()));
        } else {
            assertThat(profile)
                    .contains("      - %1$s.customers.card_number\n      - %1$s.customers.last4\n"
                            .formatted(database.name()))
                    .contains("# not taken over: UPDATE on %s.customers: this engine hides no column from whoever may"
                            .formatted(database.name()));
        }
        mustPlan(profile);
    }

    @Test
    void aGlobalRightIsOneOnEverySchema() throws IOException, SQLException {
        var app = database.login("app").username();
        database.execute("GRANT ALL PRIVILEGES ON *.* TO '%s'@'%%' WITH GRANT OPTION".formatted(app));

        var profile = imported("--from", app);

        assertThat(profile)
                .contains("""
                              - %1$s.api_tokens    # looks secret by its name
                              - %1$s.customers    # looks secret by its name: card_number
                              - %1$s.orders
                        """.formatted(database.name()))
                .contains("SUPER")
                .contains("WITH GRANT OPTION on ")
                .doesNotContain("      - mysql.");
        mustPlan(profile);
    }

    @Test
    void namesAreData() throws IOException, SQLException {
        var app = database.login("app").username();
        for (var name : List.of(
                "a*b?",
                "1.5",
                "true",
                "no: x",
                "# c",
                "it's \"so\"",
                "back\\slash",
                "größe",
                "%_",
                "`",
                "n\uffffy",
                "x".repeat(64))) {
            var quoted = '`' + name.replace("`", "``") + '`';
            database.execute(
                    "CREATE TABLE %1$s (%1$s int, plain int)".formatted(quoted),
                    "GRANT SELECT%s ON %s TO '%s'@'%%'".formatted(server.mariadb() ? "" : " (plain)", quoted, app));
        }

        mustPlan(imported());
        mustPlan(imported("--from", app, "--force"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\nb: - {x}", "it's \"so\" # c", "%_*?", "1.5", "größe 表", "\u202eabc", "n\uffffy", "- [\\]"})
    void anAccountMayHaveAnyName(String name) throws IOException, SQLException {
        var account = name + " " + database.name();
        var quoted = "'" + account.replace("\\", "\\\\").replace("'", "''") + "'@'%'";
        database.execute(
                "CREATE USER %s IDENTIFIED BY 'Some-pass-1'".formatted(quoted), "GRANT SELECT ON orders TO " + quoted);
        try {
            var profile = imported("--from", account, "--force");

            assertThat(profile)
                    .contains("      - %s.orders\n".formatted(database.name()), "tier: explore")
                    .doesNotContain("customers");
            mustPlan(profile);
        } finally {
            database.execute("DROP USER " + quoted);
        }
    }

    @Test
    void aReplicaIsRefused() throws SQLException {
        database.execute("SET GLOBAL read_only = ON");
        try {
            var said = run();

            assertThat(said.code()).isEqualTo(3);
            assertThat(said.err())
                    .contains("takes no writes: it is a replica or read-only")
                    .contains("give the URL of that server");
        } finally {
            database.execute("SET GLOBAL read_only = OFF");
        }
    }

    @Test
    void anAccountIsNamedWithoutItsHost() throws SQLException {
        var app = database.login("app").username();

        var said = run("--from", "'" + app + "'@'%'");

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err()).contains("leave the host out: " + app + " stands for its accounts at every host");
        assertThat(run("--from", app + "x").err()).contains("did you mean \"" + app + "\"?");
    }

    @Test
    void whatTheAdministratorIsNotShownIsTold() throws IOException, SQLException {
        var app = database.login("app").username();
        database.execute(
                "CREATE DATABASE %s_other".formatted(database.name()),
                "CREATE TABLE %s_other.notes (id int)".formatted(database.name()),
                "GRANT SELECT ON %s.orders TO '%s'@'%%'".formatted(database.name(), app),
                "GRANT SELECT ON %s_other.notes TO '%s'@'%%'".formatted(database.name(), app));

        var draft = imported("--from", app);

        var lost = "# not taken over: SELECT on %s_other.notes\n".formatted(database.name());
        assertThat(draft.contains(lost)).as(draft).isEqualTo(!shown(database.name() + "_other"));
        assertThat(draft).contains(database.name() + "_other.notes");
    }

    /// Older servers want rights on everything of the administrator.
    private boolean shown(String schema) throws SQLException {
        try (var session = database.connect(operator.administrator());
                var statement = session.createStatement();
                var row = statement.executeQuery(
                        "SELECT 1 FROM information_schema.tables WHERE table_schema = '" + schema + "'")) {
            return row.next();
        }
    }

    @Test
    void theEngineMayBeSaidApartFromTheUrl() {
        var said = operator.run(
                "import", database.url(), "--engine", "oracle", "--admin", "x", "--password-env", "DB_PASSWORD");

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err())
                .isEqualTo("agentroles: there is no engine \"oracle\"; it can be mariadb, mysql or postgresql\n");
    }

    @Test
    void whoCannotLogInIsToldWhy() {
        operator.set("WRONG", "wrong");

        var said =
                operator.run("import", database.url(), "--admin", administrator.username(), "--password-env", "WRONG");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("password").doesNotContain("\tat ");
    }

    /// A plan, which lists what is missing, begins with the same tables.
    @Test
    void whoMayNotReadTheGrantsIsToldTheRight() throws SQLException {
        var weak = database.login("weak");
        operator.set("WEAK", weak.clear());
        for (var schema : List.of(database.name(), "agentroles")) {
            database.execute("GRANT SELECT ON %s.* TO '%s'@'%%'".formatted(schema, weak.username()));
        }
        var arguments = new String[] {
            "import",
            database.url(),
            "--engine",
            database.engine(),
            "--admin",
            weak.username(),
            "--password-env",
            "WEAK"
        };
        var right = "GRANT SELECT ON mysql.* TO '%s'@'%%'".formatted(weak.username());

        assertThat(operator.run(arguments).err())
                .contains("; a database administrator must run: " + right + "; with the account's host");

        database.execute(right);
        assertThat(operator.run(arguments).err()).doesNotContain("command denied");
    }

    private String imported(String... arguments) throws IOException {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--output", "shop.yaml"));
        var said = run(all.toArray(String[]::new));
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.err()).as("what a plan refuses").doesNotContain("refuses");
        var valid = operator.run("validate", "shop.yaml");
        assertThat(valid.code()).as(valid.err()).isZero();
        return Files.readString(directory.resolve("shop.yaml"));
    }

    private Operator.Said run(String... arguments) {
        var all = new ArrayList<>(List.of(
                "import",
                database.url(),
                "--engine",
                database.engine(),
                "--admin",
                administrator.username(),
                "--password-env",
                "DB_PASSWORD"));
        all.addAll(List.of(arguments));
        return operator.run(all.toArray(String[]::new));
    }

    /// What the administrator may not grant is no matter here.
    private void mustPlan(String profile) throws IOException {
        operator.write("stored.yaml", Stored.inFile(profile));
        var said = operator.run("plan", "stored.yaml");
        assertThat(said.out()).as(said.err()).contains("Plan: ");
        assertThat(said.out() + said.err()).doesNotContain("cannot");
    }
}
