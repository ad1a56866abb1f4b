package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What Terraform asks and is answered.
final class TerraformTest {
    @AutoClose
    private final Database database;

    private final Operator operator;
    private final Path directory;

    TerraformTest(@TempDir Path directory) throws SQLException, IOException {
        this.directory = directory;
        database = PostgreSql.newest().createDatabase();
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.orders AS SELECT 1 AS id");
        operator = new Operator(directory, database, database.login("admin", "SUPERUSER"));
        operator.write("shop.yaml", operator.head("production") + """
                  gone:
                    engine: postgresql
                    url: {env: GONE_URL}
                    admin: {username: {env: DB_ADMIN}, password: {env: GONE_PASSWORD}}
                scopes:
                  orders: {database: %1$s, include: [app.orders]}
                agents:
                  support-bot: {access: [{scope: orders, tier: explore}]}
                  desk: {access: [{scope: orders, tier: ddl-denied}]}
                """.formatted(database.name()));
    }

    @Test
    void thePageUsesWhatThereIs() throws Exception {
        oneDatabase();
        var answer = answered("{\"profile\": \"shop.yaml\"}");

        var used = Pattern.compile("\\.result\\.(\\w+)")
                .matcher(Files.readString(Path.of("docs/json.md")))
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();

        assertThat(used).isNotEmpty();
        assertThat(answer).containsKeys(used.toArray(String[]::new));
    }

    /// A profile of the one database, whose fingerprint `apply` takes.
    private void oneDatabase() throws IOException {
        operator.edit("shop.yaml", text -> text.replaceFirst("  gone:\n(    .*\n)+", ""));
    }

    private Operator.Said asked(String query) {
        operator.pipe(query.getBytes(StandardCharsets.UTF_8));
        return operator.run("terraform");
    }

    private JsonObject answered(String query) throws Exception {
        var said = asked(query);
        assertThat(said.code()).as(said.err()).isZero();
        return JsonParser.object().from(said.out());
    }

    private void refused(Operator.Said said, String why) {
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).contains("agentroles: ", why);
    }

    @Test
    void itSaysWhatIsPendingAndTheFingerprintIsTheOneThatApplyExpects() throws Exception {
        oneDatabase();
        var before = answered("{\"profile\": \"shop.yaml\"}");

        assertThat(before.values()).allMatch(String.class::isInstance);
        assertThat(before)
                .containsEntry("schema_version", "1")
                .containsEntry("profile", "shop.yaml")
                .containsEntry("environment", "production")
                .containsEntry("pending", "true")
                .containsEntry("frozen", "false")
                .containsEntry("agents", "desk,support-bot")
                .containsEntry(
                        "path." + database.name() + ".support-bot",
                        operator.path("support-bot").value())
                .containsEntry("tiers." + database.name() + ".desk", "orders:ddl-denied");
        assertThat(Integer.parseInt(before.getString("changes"))).isGreaterThan(5);
        assertThat(database.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'agentroles%'"))
                .isEmpty();
        var applied =
                operator.run("apply", "shop.yaml", "--yes", "--no-verify", "--expect", before.getString("fingerprint"));
        assertThat(applied.code()).as(applied.err()).isZero();

        var after = answered("{\"profile\": \"shop.yaml\", \"database\": \"\"}");

        assertThat(after).containsEntry("pending", "false").containsEntry("changes", "0");
        assertThat(after.getString("fingerprint")).isNotEqualTo(before.getString("fingerprint"));
        assertThat(after.toString()).doesNotContain(operator.published("desk").clear());
        assertThat(operator.run("apply", "shop.yaml", "--yes", "--expect", before.getString("fingerprint"))
                        .code())
                .isEqualTo(3);
        assertThat(operator.run("freeze", "shop.yaml", "--reason", "a leak").code())
                .isZero();
        assertThat(answered("{\"profile\": \"shop.yaml\"}")).containsEntry("frozen", "true");
    }

    /// Else a fleet whose logins are rotated by the minute would be pending most of the time.
    @Test
    void aLoginThatIsLeftToReapIsNothingPending() throws Exception {
        oneDatabase();
        operator.run("apply", "shop.yaml", "--yes", "--no-verify");
        var applied = answered("{\"profile\": \"shop.yaml\"}");
        var login = operator.published("desk").username();
        operator.run("rotate", "shop.yaml", "--agent", "desk");
        database.execute(
                "ALTER ROLE \"%s\" VALID UNTIL '2020-01-01'".formatted(login),
                "UPDATE agentroles.lease SET expires_at = now() - interval '1 hour' WHERE login = '%s'"
                        .formatted(login));

        assertThat(answered("{\"profile\": \"shop.yaml\"}")).isEqualTo(applied).containsEntry("pending", "false");
    }

    @Test
    void aDatabaseThatIsNotMeantIsNotNeeded() throws Exception {
        refused(asked("{\"profile\": \"shop.yaml\"}"), "GONE_URL");

        var answer = answered("{\"profile\": \"shop.yaml\", \"database\": \"%s\"}".formatted(database.name()));

        assertThat(answer).containsEntry("pending", "true").containsEntry("agents", "desk,support-bot");
        refused(asked("{\"profile\": \"shop.yaml\", \"database\": \"gon\"}"), "did you mean \"gone\"?");
        refused(asked("{\"profile\": \"shop.yaml\", \"database\": \"elsewhere\"}"), "; it has gone, ");
    }

    static Stream<Arguments> badQueries() {
        return Stream.of(
                Arguments.of("", "it is empty"),
                Arguments.of(" \n", "it is empty"),
                Arguments.of("[\"shop.yaml\"]", "it is no object"),
                Arguments.of("\"shop.yaml\"", "it is no object"),
                Arguments.of("{}", "it names no profile"),
                Arguments.of("{\"profile\": \"\"}", "it names no profile"),
                Arguments.of("{\"profile\": null}", "\"profile\" is no string"),
                Arguments.of("{\"profile\": 1}", "\"profile\" is no string"),
                Arguments.of("{\"profile\": {\"a\": \"b\"}}", "\"profile\" is no string"),
                Arguments.of("{\"profile\": \"shop.yaml\", \"profile\": \"b\"}", "\"profile\" stands there twice"),
                Arguments.of("{\"profil\": \"shop.yaml\"}", "unknown key \"profil\"; did you mean \"profile\"?"),
                Arguments.of(
                        "{\"profile\": \"shop.yaml\", \"x\": \"y\"}", "unknown key \"x\"; it can have profile and"),
                Arguments.of("{\"\\u001b[2K\": \"y\"}", "unknown key \"\\x1b[2K\""),
                Arguments.of("{\"profile\": \"}\\\"\"} {}", "something stands behind the object"),
                Arguments.of("{\"profile\": \"shop.yaml\"", "it is no JSON: line 1"),
                Arguments.of("{profile: shop.yaml}", "it is no JSON: line 1"),
                Arguments.of("[".repeat(1 << 20), "it is no object"),
                Arguments.of("{}" + "[".repeat(1 << 19), "something stands behind the object"),
                Arguments.of("{\"a\":".repeat(100_000), "\"a\" is no string"),
                Arguments.of("{\"profile\": \"" + "x".repeat(1 << 20) + "\"}", "it is longer than 1 MiB"),
                Arguments.of("{\"profile\": \"nowhere.yaml\"}", "nowhere.yaml"));
    }

    @ParameterizedTest
    @MethodSource("badQueries")
    void whatIsNoQueryIsRefusedInWords(String query, String why) {
        refused(asked(query), why);
    }

    @Test
    void bytesThatAreNoTextAreRefusedInWords() {
        operator.pipe(new byte[] {'{', (byte) 0xff, '}'});

        refused(operator.run("terraform"), "it is not UTF-8");
    }

    @Test
    void aPersonAtATerminalIsNotKeptWaiting() {
        operator.answer();

        refused(operator.run("terraform"), "agentroles plan FILE");
    }

    @Test
    void whatStopsAPlanStopsIt() throws Exception {
        oneDatabase();
        operator.edit("shop.yaml", text -> text.replace("app.orders", "app.orderz"));
        refused(asked("{\"profile\": \"shop.yaml\"}"), "did you mean \"app.orders\"?");

        operator.edit("shop.yaml", text -> text.replace("app.orderz", "app.orders"));
        Files.writeString(directory.resolve("leases.age"), "no store");
        refused(asked("{\"profile\": \"shop.yaml\"}"), "leases.age");

        operator.set("DB_PASSWORD", "wrong");
        refused(asked("{\"profile\": \"shop.yaml\"}"), "password");
    }
}
