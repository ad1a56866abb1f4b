package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.OnOldestAndNewestPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `import` writes of a database and of accounts that are there.
@OnOldestAndNewestPostgreSql
final class ImportTest {
    @AutoClose
    private final Database database;

    private final Operator operator;
    private final Path directory;

    ImportTest(PostgreSql server, @TempDir Path directory) throws SQLException {
        this.directory = directory;
        database = server.createDatabase();
        database.execute(
                "CREATE ROLE %s".formatted(database.role("owner")),
                "CREATE SCHEMA app",
                "CREATE TABLE app.customers (id int PRIMARY KEY, name text, card_number text,"
                        + " last4 text GENERATED ALWAYS AS (right(card_number, 4)) STORED)",
                "CREATE TABLE app.orders (id serial PRIMARY KEY, customer int, status text)",
                "CREATE TABLE app.events (id int, at date) PARTITION BY RANGE (at)",
                "CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
                "CREATE TABLE app.api_tokens (id int, value text)",
                "CREATE VIEW app.names AS SELECT id, name FROM app.customers",
                "CREATE SCHEMA vault",
                "CREATE TABLE vault.secrets (id int)");
        for (var table : List.of("customers", "orders", "events", "events_2026", "api_tokens", "names")) {
            database.execute("ALTER TABLE app.%s OWNER TO %s".formatted(table, database.role("owner")));
        }
        database.execute("GRANT USAGE ON SCHEMA app TO %s".formatted(database.role("owner")));
        operator = new Operator(directory, database, database.administratorInheritingFrom(database.role("owner")));
        database.execute(
                "GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                        .formatted(database.name(), operator.administrator().username()),
                "GRANT USAGE ON SCHEMA app, vault TO %1$s WITH GRANT OPTION"
                        .formatted(operator.administrator().username()));
    }

    @Test
    void eachSchemaIsAScopeWithoutWhatLooksSecret() throws IOException {
        var profile = imported();

        assertThat(from(profile, "scopes:")).isEqualTo("""
                scopes:
                  # What an agent may reach. Patterns: schema.table, with * and ?; names are case-sensitive.
                  # Schema vault is left out: all that is in it looks secret.

                  # Schema app: 5 tables, 1 view. A view that reads beyond the scope must be included by its exact name.
                  # What is excluded looks secret by its name: look at each, and at what is not excluded.
                  app:
                    database: %1$s
                    include:
                      - "app.*"
                    exclude:
                      - app.api_tokens    # looks like a token
                      - app.customers.card_number    # looks like a card number
                      - app.customers.last4    # computed from card_number

                agents:
                  # explore reads; writer changes rows only with WHERE and only so many; ddl-denied changes rows. None touches the schema.

                  # Reads every schema: take out what it does not need.
                  explorer:
                    owner: you@example.com
                    purpose: "answers questions"
                    access:
                      - {scope: app, tier: explore}
                    lease: {ttl: 1h, overlap: 10m, connections: 5}
                """.formatted(database.name()));
        assertThat(profile).contains("    identity: \"%s\"\n".formatted(identity()));
        mustPlan(profile);
    }

    @Test
    void whatEverybodyMayDoIsThereToBeTakenAway() throws IOException, SQLException {
        database.execute("GRANT CREATE ON SCHEMA app TO PUBLIC");
        database.login("report");

        assertThat(imported())
                .contains("    # harden:\n")
                .contains(
                        "    #   - public-create    # CREATE on schema app; given back to %1$s_admin, %1$s_owner, %1$s_report\n"
                                .formatted(database.name()))
                .contains("    #   - public-temp    # TEMPORARY on database %s; given back to "
                        .formatted(database.name()));
    }

    @Test
    void anAccountBecomesAnAgentThatCanDoTheSameInTables() throws IOException, SQLException {
        var app = database.login("app").username();
        database.execute(
                "GRANT USAGE ON SCHEMA app TO " + app,
                "GRANT SELECT, INSERT, TRUNCATE ON app.orders TO " + app,
                "GRANT SELECT (id, name, last4), UPDATE (card_number) ON app.customers TO " + app,
                "GRANT INSERT ON app.events TO " + app,
                "GRANT SELECT, UPDATE ON app.names TO " + app,
                "CREATE SEQUENCE app.numbers",
                "GRANT USAGE ON SEQUENCE app.numbers, app.orders_id_seq TO " + app);

        var profile = imported("--from", app);

        assertThat(from(profile, "scopes:")).isEqualTo("""
                scopes:
                  # What an agent may reach. Patterns: schema.table, with * and ?; names are case-sensitive.

                  app:
                    database: %1$s
                    include:
                      - app.names

                  # A column that is added later comes with the next apply, unless it is excluded.
                  app-writes:
                    database: %1$s
                    include:
                      - app.customers
                      - app.orders
                    exclude:
                      - app.customers.card_number
                      - app.customers.last4

                agents:
                  # explore reads; writer changes rows only with WHERE and only so many; ddl-denied changes rows. None touches the schema.

                  # What account %1$s_app can do in tables.
                  # not taken over: TRUNCATE on app.orders
                  # not taken over: USAGE on sequence app.numbers
                  # not taken over: INSERT on app.events, which it does not read: every tier reads what it changes
                  # not taken over: SELECT on app.customers.last4: computed from columns that it does not read
                  # not taken over: UPDATE on app.names: no tier changes rows through a view or foreign table
                  %1$s-app:
                    owner: you@example.com
                    purpose: "takes the place of account %1$s_app"
                    access:
                      - {scope: app, tier: explore}
                      # tier: writer, rows: 1000 is the bounded choice: UPDATE and DELETE only with WHERE, and only of so many rows.
                      # more than %1$s_app has: INSERT, UPDATE, DELETE on app.customers
                      # more than %1$s_app has: UPDATE, DELETE on app.orders
                      - {scope: app-writes, tier: ddl-denied}
                    lease: {ttl: 1h, overlap: 10m, connections: 5}
                """.formatted(database.name()));
        mustPlan(profile);
    }

    @Test
    void rightsCountByWhateverWay() throws IOException, SQLException {
        var app = database.login("app", "NOINHERIT").username();
        var readers = database.role("readers");
        database.execute(
                "CREATE ROLE " + readers,
                "GRANT %s TO %s".formatted(readers, app),
                "GRANT USAGE ON SCHEMA app TO PUBLIC",
                "GRANT SELECT ON app.orders TO " + readers,
                "GRANT SELECT ON app.events TO PUBLIC",
                "CREATE SCHEMA own AUTHORIZATION " + app,
                "CREATE TABLE own.notes (id int)",
                "ALTER TABLE own.notes OWNER TO " + app,
                "CREATE TABLE vault.reports (id int)",
                "GRANT SELECT ON vault.reports TO " + app);

        var profile = imported("--from", app);

        assertThat(profile)
                .contains("      - app.events\n      - app.orders\n")
                .contains("      - own.notes\n")
                .contains("- {scope: own, tier: ddl-denied}")
                .contains(
                        "# not taken over: owner of own.notes; schema own: alters, drops and gives away what it owns\n")
                .as("no USAGE on its schema")
                .doesNotContain("vault.");
    }

    @Test
    void whatASuperuserCanDoBesideTablesIsTold() throws IOException, SQLException {
        var root = database.login("root", "SUPERUSER", "CREATEROLE").username();
        var files = database.login("files").username();
        database.execute(
                "GRANT pg_read_server_files, pg_read_all_data TO " + files, "GRANT CREATE ON SCHEMA app TO " + files);

        assertThat(imported("--from", root, "--from", files))
                .contains("# not taken over: SUPERUSER\n")
                .contains("# not taken over: role pg_read_all_data (by %1$s > pg_read_all_data)\n".formatted(files))
                .contains("# not taken over: role pg_read_server_files (by %1$s > pg_read_server_files)\n"
                        .formatted(files))
                .contains("# not taken over: CREATE on schema app\n")
                .contains("- {scope: vault, tier: ddl-denied}")
                .contains("- {scope: vault, tier: explore}");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theAgentReadsExactlyWhatTheAccountReadsAndChangesWhatItChanges(long seed) throws IOException, SQLException {
        var random = new Random(seed);
        var app = database.login("app").username();
        var group = database.role("group");
        database.execute(
                "CREATE ROLE " + group,
                "GRANT %s TO %s".formatted(group, app),
                "GRANT USAGE ON SCHEMA app TO " + group);
        var tables = List.of("customers", "orders", "events", "api_tokens");
        for (int i = 0; i < 8; i++) {
            var table = tables.get(random.nextInt(tables.size()));
            var privilege =
                    List.of("SELECT", "SELECT", "INSERT", "UPDATE", "DELETE").get(random.nextInt(5));
            var column = random.nextBoolean() && !privilege.equals("DELETE") ? " (id)" : "";
            var to = List.of(app, group, "PUBLIC").get(random.nextInt(3));
            database.execute("GRANT %s%s ON app.%s TO %s".formatted(privilege, column, table, to));
        }
        database.execute("GRANT SELECT ON app.events_2026 TO " + app);

        apply(imported("--from", app));

        var agent = "ar_" + database.name() + "_" + database.name() + "-app";
        // Of a table that it does not read the account's changes are told and not taken over.
        assertThat(database.query("""
                SELECT format('%%s.%%s %%s', a.attrelid::regclass, a.attname, p)
                  FROM pg_attribute a, unnest(array['SELECT', 'INSERT', 'UPDATE']) p
                 WHERE a.attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'p'))
                   AND a.attnum > 0 AND a.attname <> 'last4'
                   AND (p = 'SELECT' OR has_column_privilege('%1$s', a.attrelid, a.attnum, 'SELECT'))
                   AND has_column_privilege('%1$s', a.attrelid, a.attnum, p)
                   AND NOT has_column_privilege('%2$s', a.attrelid, a.attnum, p)
                """.formatted(app, agent)))
                .as("seed " + seed + ": what the agent lacks")
                .isEmpty();
        assertThat(database.query("""
                SELECT format('%%s.%%s', a.attrelid::regclass, a.attname) FROM pg_attribute a
                 WHERE a.attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'p'))
                   AND a.attnum > 0
                   AND has_column_privilege('%2$s', a.attrelid, a.attnum, 'SELECT')
                   AND NOT has_column_privilege('%1$s', a.attrelid, a.attnum, 'SELECT')
                """.formatted(app, agent)))
                .as("seed " + seed + ": what the agent reads beyond that")
                .isEmpty();
    }

    @Test
    void namesAreData() throws IOException, SQLException {
        var names = List.of(
                "a*b?",
                "1.5",
                "true",
                "null",
                "no: x",
                "# c",
                "it's \"so\"",
                "back\\slash",
                "größe 表",
                "- x",
                "{y}",
                "\u202eabc",
                "a.b",
                "%_",
                "not\uffffyaml",
                "two\nlines");
        var app = database.login("app").username();
        database.execute(
                "CREATE TABLE app.\"api\nkeys\" (id int)",
                "ALTER TABLE app.\"api\nkeys\" OWNER TO " + database.role("owner"));
        for (var name : names) {
            var quoted = '"' + name.replace("\"", "\"\"") + '"';
            database.execute(
                    "CREATE SCHEMA " + quoted,
                    "CREATE TABLE %1$s.%1$s (%1$s int, plain int)".formatted(quoted),
                    "ALTER TABLE %1$s.%1$s OWNER TO %2$s".formatted(quoted, database.role("owner")),
                    "GRANT USAGE ON SCHEMA %s TO %s WITH GRANT OPTION"
                            .formatted(quoted, operator.administrator().username()),
                    "GRANT USAGE ON SCHEMA %s TO %s, %s".formatted(quoted, app, database.role("owner")),
                    "GRANT SELECT (plain) ON %1$s.%1$s TO %2$s".formatted(quoted, app));
        }

        var all = imported();
        mustPlan(all);
        assertThat(all)
                .contains("# Schema two\\nlines is left out: a profile cannot write its name.")
                .contains("- \"app.api?keys\"    # looks like an api key\n");
        var one = imported("--from", app, "--force");
        assertThat(one)
                .contains("not taken over: what it holds on two\\nlines.two\\nlines: a profile cannot write the name");
        apply(one);

        assertThat(database.query("""
                SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                  JOIN pg_attribute a ON attrelid = c.oid AND attname = 'plain'
                 WHERE relname = nspname AND has_column_privilege('%1$s', c.oid, attnum, 'SELECT')
                   AND NOT has_table_privilege('%1$s', c.oid, 'SELECT')
                """.formatted("ar_" + database.name() + "_" + database.name() + "-app")))
                .containsExactlyInAnyOrderElementsOf(names.subList(0, names.size() - 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\nb: - {x}", "it's \"so\" # c", "%_*?", "1.5", "größe 表", "\u202eabc", "n\uffffy", "- [\\]"})
    void anAccountMayHaveAnyName(String name) throws IOException, SQLException {
        var account = name + " " + database.name();
        var quoted = '"' + account.replace("\"", "\"\"") + '"';
        database.execute(
                "CREATE ROLE " + quoted,
                "GRANT USAGE ON SCHEMA app TO " + quoted,
                "GRANT SELECT ON app.orders TO " + quoted);
        try {
            var profile = imported("--from", account);

            assertThat(profile)
                    .contains("      - app.orders\n", "tier: explore")
                    .doesNotContain("customers");
            mustPlan(profile);
        } finally {
            database.execute("DROP OWNED BY " + quoted, "DROP ROLE " + quoted);
        }
    }

    @Test
    void allOfALargeSchemaIsOnePattern() throws IOException, SQLException {
        var app = database.login("app").username();
        database.execute(
                "CREATE SCHEMA large", "GRANT USAGE ON SCHEMA large TO %s, %s".formatted(app, database.role("owner")));
        for (int i = 0; i < 40; i++) {
            database.execute(
                    "CREATE TABLE large.t%d (id int)".formatted(i),
                    "ALTER TABLE large.t%d OWNER TO %s".formatted(i, database.role("owner")));
        }
        database.execute(
                "CREATE VIEW large.window AS SELECT * FROM vault.secrets",
                "ALTER VIEW large.window OWNER TO " + database.role("owner"),
                "GRANT USAGE ON SCHEMA large TO %s WITH GRANT OPTION"
                        .formatted(operator.administrator().username()),
                "GRANT SELECT ON ALL TABLES IN SCHEMA large TO " + app);

        var all = imported("--from", app);
        database.execute("REVOKE SELECT ON large.t39 FROM " + app);
        var most = imported("--from", app);

        assertThat(all).contains("""
                  # All of schema large; a table that is made later comes with the next apply.
                  large:
                    database: %s
                    include:
                      - "large.*"
                      - large.window

                """.formatted(database.name()));
        assertThat(most)
                .contains("      - large.t38\n")
                .doesNotContain("large.*")
                .doesNotContain("large.t39");
        mustPlan(all);
        mustPlan(most);
    }

    @Test
    void aPartOfATableIsNotHiddenByItself() throws IOException, SQLException {
        var app = database.login("app").username();
        database.execute(
                "GRANT USAGE ON SCHEMA app TO " + app,
                "GRANT SELECT ON app.events TO " + app,
                "GRANT SELECT (id) ON app.events_2026 TO " + app);

        var profile = imported("--from", app);

        assertThat(profile)
                .contains(
                        "# not taken over: SELECT on app.events_2026 by itself: its rows are read through the table it is a"
                                + " part of\n")
                .contains("      - app.events\n")
                .doesNotContain("- app.events_2026");
        mustPlan(profile);
    }

    @Test
    void theSameIsWrittenTheSame() throws IOException, SQLException {
        var app = database.login("app").username();
        database.execute("GRANT USAGE ON SCHEMA app TO " + app, "GRANT ALL ON ALL TABLES IN SCHEMA app TO " + app);

        assertThat(imported("--from", app)).isEqualTo(imported("--from", app, "--from", app, "--force"));
    }

    @Test
    void nothingIsWrittenToTheServer() throws IOException, SQLException {
        var before = database.query("SELECT pg_current_xact_id()").getFirst();

        imported();

        assertThat(database.query("""
                SELECT count(*) FROM pg_class WHERE xmin::text::int8 > %s AND relnamespace <> 'pg_toast'::regnamespace
                """.formatted(before))).containsExactly("0");
        assertThat(database.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'agentroles%'"))
                .isEmpty();
    }

    @Test
    void aMistypedAccountIsAskedAbout() throws SQLException {
        var app = database.login("reporting").username();

        var near = run("--from", app.replace("reporting", "reportign"));
        var withHost = run("--from", app + "@%");

        assertThat(near.code()).isEqualTo(64);
        assertThat(near.err())
                .isEqualTo("agentroles: there is no account or role \"%s\" on this server; did you mean \"%s\"?%n"
                        .formatted(app.replace("reporting", "reportign"), app));
        assertThat(withHost.code()).isEqualTo(64);
        assertThat(withHost.err()).contains("leave the host out: " + app);
    }

    @Test
    void anAccountWithoutAnythingIsNothingToImport() throws SQLException {
        var app = database.login("app").username();

        var said = run("--from", app);

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("nothing to import: database %s has no table or view that account %s reads"
                        .formatted(database.name(), app));
    }

    @Test
    void anEmptyDatabaseIsNothingToImport() throws SQLException {
        database.execute("DROP SCHEMA app CASCADE", "DROP SCHEMA vault CASCADE");

        var said = run();

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("nothing to import: database " + database.name() + " has no table or view");
    }

    @Test
    void aFileThatIsThereIsReplacedOnlyByForce() throws IOException {
        var file = Files.writeString(directory.resolve("shop.yaml"), "mine");

        var said = run("--output", "shop.yaml");

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err())
                .contains("shop.yaml is there already, and a profile is not overwritten; give --output another name, or"
                        + " --force");
        assertThat(file).hasContent("mine");
        assertThat(run("--output", "shop.yaml", "--force").code()).isZero();
        assertThat(file).content().contains("environment: staging");
    }

    @Test
    void whoCannotLogInIsToldWhy() throws IOException {
        operator.set("WRONG", "wrong");

        var wrong = run("--password-env", "WRONG", "--output", "shop.yaml");
        var unset = run("--password-env", "NOBODY_SET_THIS");
        var down = operator.run(
                "import", "jdbc:postgresql://127.0.0.1:1/shop", "--admin", "x", "--password-env", "DB_PASSWORD");

        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).contains("password").doesNotContain("\tat ");
        assertThat(directory.resolve("shop.yaml")).doesNotExist();
        assertThat(unset.code()).isEqualTo(1);
        assertThat(unset.err()).contains("the environment variable NOBODY_SET_THIS is not set or is empty");
        assertThat(down.code()).isEqualTo(1);
        assertThat(down.err()).contains("cannot be reached");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-name-that-leaves-nothing-for-the-scopes-and-their-tiers", "No Name"})
    void aDatabaseMustHaveANameThatLeavesRoom(String name) {
        assertThat(run("--database", name).code()).isEqualTo(64);
    }

    private String imported(String... arguments) throws IOException {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--database", database.name(), "--output", "shop.yaml"));
        if (!all.contains("--force")) {
            Files.deleteIfExists(directory.resolve("shop.yaml"));
        }
        var said = run(all.toArray(String[]::new));
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.err()).as("what a plan refuses").doesNotContain("refuses");
        assertThat(operator.run("validate", "shop.yaml").code()).isZero();
        return Files.readString(directory.resolve("shop.yaml"));
    }

    private Operator.Said run(String... arguments) {
        var all = new ArrayList<>(List.of(
                "import", database.url(), "--admin", operator.administrator().username()));
        if (!List.of(arguments).contains("--password-env")) {
            all.addAll(List.of("--password-env", "DB_PASSWORD"));
        }
        all.addAll(List.of(arguments));
        return operator.run(all.toArray(String[]::new));
    }

    private void mustPlan(String profile) throws IOException {
        stored(profile);
        var said = operator.run("plan", "stored.yaml");
        assertThat(said.code()).as(said.err() + said.out()).isEqualTo(2);
    }

    private void apply(String profile) throws IOException {
        stored(profile);
        var said = operator.run("apply", "stored.yaml", "--yes", "--no-verify");
        assertThat(said.code()).as(said.err() + said.out()).isZero();
    }

    /// Into a file, as there is no Vault.
    private void stored(String profile) throws IOException {
        operator.write("stored.yaml", Stored.inFile(profile));
    }

    private static String from(String profile, String line) {
        return profile.substring(profile.indexOf("\n" + line) + 1);
    }

    private String identity() throws IOException {
        try {
            return database.query("SELECT system_identifier FROM pg_control_system()")
                    .getFirst();
        } catch (SQLException failed) {
            throw new IOException(failed);
        }
    }
}
