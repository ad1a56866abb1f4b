package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.profile.ProfileSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands that answer a question.
final class SmallCommandsTest {
    private final Path directory;

    @AutoClose
    private final Database database;

    private final Operator operator;

    SmallCommandsTest(@TempDir Path directory) throws SQLException, IOException {
        this.directory = directory;
        database = PostgreSql.newest().createDatabase();
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.orders (id int)", "CREATE TABLE app.other (id int)");
        var administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        operator = new Operator(directory, database, administrator);
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  orders: {database: %s, include: [app.orders]}
                agents:
                  support-bot: {owner: team@example.com, access: [{scope: orders, tier: explore}]}
                """.formatted(database.name()));
    }

    @Test
    void initWritesAProfileThatIsValidAsItStands() throws IOException {
        var said = operator.run("init", "jdbc:postgresql://localhost:5432/My_Shop", "--output", "first.yaml");

        assertThat(said.code()).as(said.err()).isZero();
        assertThat(operator.run("validate", "first.yaml").out())
                .isEqualTo("first.yaml is valid: environment staging, 1 database, 1 scope, 1 agent.\n");
        assertThat(Files.readString(directory.resolve("first.yaml")))
                .contains("# agentroles schema > profile.schema.json makes the file above")
                .contains("my-shop:")
                .contains("#   CREATE ROLE \"agentroles\" LOGIN CREATEROLE PASSWORD '...';");
    }

    @Test
    void initRefusesWhatIsNoUrlOfAnEngine() {
        var said = operator.run("init", "mysql://localhost/shop?password=secret");

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err())
                .isEqualTo("agentroles: this is no JDBC URL of mariadb, mysql or postgresql; write it as"
                        + " jdbc:postgresql://db.example.com:5432/shop\n");
    }

    @Test
    void schemaPrintsTheSchema() {
        assertThat(operator.run("schema").out()).isEqualTo(ProfileSchema.text());
    }

    @Test
    void tiersSaysForEachTierWhatItGives() throws Exception {
        var human = operator.run("tiers");
        var json = JsonParser.object()
                .from(operator.run("tiers", "--format", "json").out());

        assertThat(human.out()).containsPattern("insert rows in scope +no +\\S.* +yes");
        assertThat(json.getInt("schema_version")).isEqualTo(1);
        assertThat(json.getArray("engines").stream().map(engine -> ((JsonObject) engine).getString("engine")))
                .containsExactly("mariadb", "mysql", "postgresql");
    }

    @Test
    void completionTakesTheNameOfAShell() {
        assertThat(operator.run("completion", "bash").out())
                .isEqualTo(operator.run("completion").out())
                .isEqualTo(operator.run("completion", "zsh").out());
        assertThat(operator.run("completion", "fish").code()).isEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource({"audit", "verify"})
    void aMistypedSeverityIsAskedAbout(String command) {
        var near = operator.run(command, "shop.yaml", "--fail-on", "hihg");
        var far = operator.run(command, "shop.yaml", "--fail-on", "everything");

        assertThat(near.code()).isEqualTo(64);
        assertThat(near.err()).contains("there is no severity \"hihg\"; did you mean \"high\"?");
        assertThat(far.err()).contains("it can be critical, high, medium, low");
    }

    @Test
    void completionKnowsTheCommands() {
        assertThat(operator.run("completion").out()).contains("validate").contains("--expect");
    }

    @Test
    void explainNamesThePathThatGivesAPrivilegeOrSaysThatNothingDoes() {
        assertThat(operator.run("apply", "shop.yaml", "--yes").code()).isZero();

        var given = operator.run("explain", "shop.yaml", "support-bot", "select", "app.orders");
        var notGiven = operator.run("explain", "shop.yaml", "support-bot", "delete", "app.orders");

        assertThat(given.out()).isEqualTo("""
                        support-bot has SELECT on app.orders:
                          ar_%1$s_support-bot > ar_%1$s_orders_explore by grant
                        """.formatted(database.name()));
        assertThat(notGiven.out()).isEqualTo("Nothing gives support-bot DELETE on app.orders.\n");
    }

    @Test
    void explainSaysWhatAFindingMeans() {
        assertThat(operator.run("explain", "public-temp").out()).startsWith("PUBLIC-TEMP, usually ");
        assertThat(operator.run("explain", "PUBLIC-TMP").err()).contains("did you mean \"PUBLIC-TEMP\"?");
    }

    @Test
    void aWordThatIsNoCommandIsToldWithTheNearest() {
        var group = operator.run("change", "lst", "shop.yaml");
        assertThat(group.code()).isEqualTo(64);
        assertThat(group.err())
                .isEqualTo("agentroles: there is no command \"lst\" of change; did you mean \"list\"?\n");

        var near = operator.run("plann", "shop.yaml");
        assertThat(near.code()).isEqualTo(64);
        assertThat(near.err()).isEqualTo("agentroles: there is no command \"plann\"; did you mean \"plan\"?\n");
        assertThat(operator.run("deploy").err())
                .isEqualTo("agentroles: there is no command \"deploy\"; agentroles --help lists those there are\n");
    }

    @Test
    void anOptionThatIsNoneIsToldAloneWithTheNearest() {
        var near = operator.run("apply", "shop.yaml", "--expct", "0123456789abcdef");
        var inOne = operator.run("plan", "--ouput=plan.txt", "shop.yaml");
        var far = operator.run("plan", "shop.yaml", "--everything");

        assertThat(near.code()).isEqualTo(64);
        assertThat(near.err()).isEqualTo("agentroles: there is no option \"--expct\"; did you mean \"--expect\"?\n");
        assertThat(inOne.err()).contains("there is no option \"--ouput\"; did you mean \"--output\"?");
        assertThat(far.err())
                .isEqualTo(
                        "agentroles: there is no option \"--everything\"; agentroles plan --help says how it is used\n");
        assertThat(operator.run("validate", "shop.yaml", "other.yaml").err())
                .isEqualTo("agentroles: \"other.yaml\" is one word too many; agentroles validate --help says how it is"
                        + " used\n");
    }

    /// A reason may come from elsewhere, and gives no options.
    @Test
    void aWordThatBeginsWithAnAtIsNoFileOfOptions() throws IOException {
        var file = Files.writeString(directory.resolve("ticket"), "reason --no-such-option");

        assertThat(operator.run("freeze", "missing.yaml", "--reason", "@" + file)
                        .err())
                .contains("missing.yaml")
                .doesNotContain("--no-such-option");
    }

    @Test
    void aPrivilegeThatIsNoneIsToldWithTheNearest() {
        for (var word : List.of("delet", "DELET")) {
            var said = operator.run("explain", "shop.yaml", "support-bot", word, "app.orders");

            assertThat(said.code()).isEqualTo(64);
            assertThat(said.err())
                    .isEqualTo("agentroles: there is no privilege \"" + word + "\"; did you mean \"delete\"?\n");
        }
    }

    @Test
    void aDatabaseThatAnAgentDoesNotHaveIsToldWithTheNearest() {
        var said = operator.run("card", "shop.yaml", "--agent", "support-bot", "--database", database.name() + "x");

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err())
                .isEqualTo(
                        "agentroles: agent support-bot has access to %1$s, and not to \"%1$sx\"; did you mean \"%1$s\"?\n"
                                .formatted(database.name()));
    }

    @Test
    void anAgentThatIsNoneIsToldWithThoseThereAre() {
        assertThat(operator.run("rotate", "shop.yaml", "--agent", "nobody").err())
                .contains("shop.yaml has no agent \"nobody\"; it has support-bot");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "support-bot", "support-bot select"})
    void explainSaysWithAnExampleWhatIsStillToBeNamed(String named) {
        var said = operator.run(("explain shop.yaml " + named).strip().split(" "));

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err())
                .contains("explain takes FILE AGENT PRIVILEGE OBJECT, or a finding's CODE;"
                        + " for example: agentroles explain shop.yaml support-bot select app.orders");
    }

    @Test
    void statusShowsWhoHasALeaseAndUntilWhen() throws Exception {
        assertThat(operator.run("status", "shop.yaml").out()).contains("nothing was applied yet");
        assertThat(operator.run("apply", "shop.yaml", "--yes").code()).isZero();

        var human = operator.run("status", "shop.yaml");
        var json = JsonParser.object()
                .from(operator.run("status", "shop.yaml", "--format", "json").out());

        assertThat(human.out()).containsPattern("support-bot +\\S+ +orders:explore .*59m");
        var agent = json.getArray("databases").getObject(0).getArray("agents").getObject(0);
        assertThat(agent.getString("agent")).isEqualTo("support-bot");
        assertThat(agent.getArray("leases")).hasSize(1);
    }

    @Test
    void planForMachinesHasAVersionAndEveryStep() throws Exception {
        var json = JsonParser.object()
                .from(operator.run("plan", "shop.yaml", "--format", "json").out());

        assertThat(json.getInt("schema_version")).isEqualTo(1);
        assertThat(json.getString("command")).isEqualTo("plan");
        assertThat(json.getBoolean("pending")).isTrue();
        var steps = json.getArray("databases").getObject(0).getArray("steps");
        assertThat(steps.stream().map(step -> ((com.grack.nanojson.JsonObject) step).getString("action")))
                .contains("migrate-ledger", "stamp", "create-role", "add-membership", "grant", "issue-lease");
    }

    @Test
    void verifyFindsAMisgrantAndTellsHowToMendIt() throws Exception {
        assertThat(operator.run("apply", "shop.yaml", "--yes").code()).isZero();
        database.execute("GRANT DELETE ON app.other TO \"ar_%s_support-bot\"".formatted(database.name()));

        var human = operator.run("verify", "shop.yaml", "--fail-on", "high");
        var json = JsonParser.object()
                .from(operator.run("verify", "shop.yaml", "--fail-on", "high", "--format", "json")
                        .out());

        assertThat(human.code()).isEqualTo(2);
        assertThat(human.out()).contains("GRANT-EXCESS").contains("REVOKE DELETE ON TABLE \"app\".\"other\"");
        assertThat(json.getBoolean("failed")).isTrue();
    }

    @Test
    void aWaiverTakesAFindingAside() throws IOException {
        assertThat(operator.run("apply", "shop.yaml", "--yes").code()).isZero();
        var before = operator.run("verify", "shop.yaml");
        operator.write("waived.yaml", Files.readString(directory.resolve("shop.yaml")) + """
                waivers:
                  - {finding: PUBLIC-TEMP, reason: reports need it, by: dba@example.com, until: 2099-01-31}
                """);

        var after = operator.run("verify", "waived.yaml");

        assertThat(before.out()).contains("PUBLIC-TEMP");
        assertThat(after.out()).contains("waived  PUBLIC-TEMP").contains("dba@example.com");
    }

    @Test
    void explainAsksTheLoginsToo() throws Exception {
        assertThat(operator.run("apply", "shop.yaml", "--yes").code()).isZero();
        var json = JsonParser.object()
                .from(operator.run("status", "shop.yaml", "--format", "json").out());
        var login = json.getArray("databases")
                .getObject(0)
                .getArray("agents")
                .getObject(0)
                .getArray("leases")
                .getObject(0)
                .getString("login");
        database.execute("GRANT TRUNCATE ON app.orders TO \"" + login + "\"");

        var said = operator.run("explain", "shop.yaml", "support-bot", "truncate", "app.orders");

        assertThat(said.out()).isEqualTo("""
                        support-bot has TRUNCATE on app.orders:
                          %s by grant
                        """.formatted(login));
    }

    @Test
    void planListsThatLoginsCanBeIssuedNoMoreWhereNothingElseIsDue() throws SQLException {
        assertThat(operator.run("apply", "shop.yaml", "--yes").code()).isZero();
        var administrator = database.role("admin");
        database.execute("ALTER ROLE \"%s\" NOCREATEROLE".formatted(administrator));

        var said = operator.run("plan", "shop.yaml");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("ALTER ROLE \"" + administrator + "\" CREATEROLE");
    }

    @Test
    void aNearNameIsPrintedInOneLine() throws IOException, SQLException {
        database.execute("CREATE TABLE app.\"line\nitems\" (id int)");
        operator.write(
                "near.yaml",
                Files.readString(directory.resolve("shop.yaml")).replace("[app.orders]", "[app.line_items]"));

        assertThat(operator.run("plan", "near.yaml").out()
                        + operator.run("plan", "near.yaml").err())
                .contains("did you mean \"app.line\\nitems\"?");
    }

    @Test
    void aStoreInAFolderThatIsNotThereIsFoundBeforeAnythingIsChanged() throws IOException, SQLException {
        operator.write(
                "nowhere.yaml",
                Files.readString(directory.resolve("shop.yaml")).replace("leases.age", "nowhere/leases.age"));

        var planned = operator.run("plan", "nowhere.yaml");
        var applied = operator.run("apply", "nowhere.yaml", "--yes");

        assertThat(planned.err()).contains("mkdir -m 700 " + directory.resolve("nowhere"));
        assertThat(applied.code()).isEqualTo(1);
        assertThat(database.query("SELECT to_regnamespace('agentroles') IS NULL"))
                .containsExactly("t");
    }

    @Test
    void explainSaysWhenThereIsNoSuchObject() {
        assertThat(operator.run("apply", "shop.yaml", "--yes").code()).isZero();

        var absent = operator.run("explain", "shop.yaml", "support-bot", "select", "app.nope");
        var unqualified = operator.run("explain", "shop.yaml", "support-bot", "select", "orders");

        assertThat(absent.code()).isEqualTo(1);
        assertThat(absent.err()).contains("there is no app.nope");
        assertThat(unqualified.code()).isEqualTo(1);
        assertThat(unqualified.err()).contains("name it with its schema, for example app.orders");
        assertThat(operator.run("explain", "shop.yaml", "support-bot", "select", "app.other")
                        .code())
                .isZero();
    }

    @Test
    void aNameInTheDatabaseCannotForgeTheText() throws SQLException {
        database.execute("CREATE TABLE app.\"x\n  + role \u001b[2K\" (id int)");
        assertThat(operator.run("apply", "shop.yaml", "--yes").code()).isZero();
        database.execute(
                "GRANT DELETE ON app.\"x\n  + role \u001b[2K\" TO \"ar_%s_support-bot\"".formatted(database.name()));

        var said = operator.run("plan", "shop.yaml");

        assertThat(said.out()).contains("DELETE on app.x\\n  + role \\x1b[2K").doesNotContain("\u001b");
    }

    @Test
    void anAgentThatNobodyKnowsIsWrongUsageEverywhere() {
        assertThat(operator.run("apply", "shop.yaml", "--yes").code()).isZero();

        var explained = operator.run("explain", "shop.yaml", "suport-bot", "select", "app.orders");
        var logged = operator.run("log", "shop.yaml", "--agent", "suport-bot");

        assertThat(explained.code()).isEqualTo(64);
        assertThat(explained.err()).contains("did you mean \"support-bot\"?");
        assertThat(logged.code()).isEqualTo(64);
        assertThat(logged.err()).contains("did you mean \"support-bot\"?");
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThat(operator.run("status", "--watch", "shop.yaml", "--interval", "0")
                        .code())
                .isEqualTo(64);
        assertThat(operator.run("apply", "shop.yaml", "--lock-timeout", "-1").code())
                .isEqualTo(64);
        assertThat(operator.run("rotate", "shop.yaml", "--parallel", "0").code())
                .isEqualTo(64);
        assertThat(operator.run("log", "shop.yaml", "--last", "-1").err())
                .contains("--last is -1; it can be from 0 to");
        // Of the journal 0 is all.
        assertThat(operator.run("change", "list", "shop.yaml", "--last", "0").err())
                .contains("--last is 0, which is all of them, and at most 10000 are listed; say how many");
    }

    @Test
    void allAgentsAndOneOfThemAreNotRotatedTogether() {
        var said = operator.run("rotate", "shop.yaml", "--all", "--agent", "support-bot");

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err()).contains("--all and --agent exclude each other; give one of them");
    }

    @Test
    void applyChangesNothingIfItsResultCannotBeWritten() {
        var said = operator.run("apply", "shop.yaml", "--yes", "--output", "none/result.txt");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("there is no directory");
        assertThat(operator.run("status", "shop.yaml").out()).contains("nothing was applied yet");
    }

    @Test
    void aFreezeNeedsAReasonAndSaysWhoWasFirst() {
        assertThat(operator.run("apply", "shop.yaml", "--yes").code()).isZero();
        assertThat(operator.run("freeze", "shop.yaml", "--reason", " ").code()).isEqualTo(64);
        assertThat(operator.run("freeze", "shop.yaml", "--reason", "odd queries")
                        .code())
                .isZero();

        var again = operator.run("freeze", "shop.yaml", "--reason", "more of them");
        var plan = operator.run("plan", "shop.yaml");
        var reap = operator.run("rotate", "shop.yaml");

        assertThat(again.err()).contains("was frozen already by tester@test").contains("because: odd queries");
        assertThat(plan.err()).contains("is frozen by tester@test").contains("apply will refuse");
        assertThat(reap.out()).isEmpty();
    }
}
