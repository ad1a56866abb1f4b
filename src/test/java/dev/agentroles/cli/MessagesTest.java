package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator, a script and a scheduler read.
final class MessagesTest {
    private final Path directory;

    @AutoClose
    private final Ground ground;

    MessagesTest(@TempDir Path directory) throws SQLException, IOException {
        this.directory = directory;
        ground = Ground.onFile(directory);
    }

    private static JsonObject json(String text) throws JsonParserException {
        return JsonParser.object().from(text);
    }

    /// Without the agent whom [Ground#OTHER] names.
    private void profile(String include) throws IOException {
        ground.operator.write(
                "shop.yaml", ground.operator.head("production") + """
                scopes:
                  orders: {database: %s, include: [%s]}
                agents:
                  support-bot: {access: [{scope: orders, tier: explore}]}
                """.formatted(ground.database.name(), include));
    }

    /// A plan would list the rights that are missing, and cannot be made.
    @Test
    void whoMayNotConnectIsToldWhoLetsHimIn() throws SQLException {
        var administrator = ground.operator.administrator().username();
        ground.database.execute("REVOKE CONNECT ON DATABASE %s FROM PUBLIC, %s CASCADE"
                .formatted(ground.database.name(), administrator));

        assertThat(ground.ends(1, "plan", "shop.yaml").err())
                .contains(" does not let " + administrator + " in: ")
                .contains("; its owner must GRANT CONNECT ON DATABASE to \"" + administrator + "\"");
    }

    /// As a MySQL server greets whoever connects.
    @Test
    void aPortOfAnotherServerIsToldAsOne() throws IOException {
        try (var other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!other.isClosed()) {
                    try (var guest = other.accept()) {
                        guest.getOutputStream().write("J\0\0\0\n9.7.4\0".getBytes(StandardCharsets.US_ASCII));
                        guest.getInputStream().read();
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
            ground.operator.set("DB_URL", "jdbc:postgresql://127.0.0.1:" + other.getLocalPort() + "/shop");

            assertThat(ground.operator.run("plan", "shop.yaml").err())
                    .contains("/shop does not answer as a PostgreSQL server does: ")
                    .contains("; check that host and port of the URL lead to PostgreSQL");
        }
    }

    @Test
    void everyVariableThatIsMissingIsToldAtOnceWithItsLine() {
        ground.operator.unset("DB_URL");
        ground.operator.set("DB_PASSWORD", "");
        ground.operator.unset("AGE_IDENTITY");

        assertThat(ground.operator.run("plan", "shop.yaml").err()).isEqualTo("""
                agentroles: shop.yaml:3:44: the environment variable AGE_IDENTITY is not set
                agentroles: shop.yaml:7:10: the environment variable DB_URL is not set
                agentroles: shop.yaml:8:50: the environment variable DB_PASSWORD is empty
                """);
        assertThat(ground.operator.run("reap", "shop.yaml").err()).isEqualTo("""
                agentroles: shop.yaml:7:10: the environment variable DB_URL is not set
                agentroles: shop.yaml:8:50: the environment variable DB_PASSWORD is empty
                """);
    }

    /// A server repeats names, and whoever made them may want to move the cursor.
    @Test
    void whatAServerSaidMovesNothingInATraceEither() {
        ground.operator.set("DB_URL", ground.database.url().replaceFirst("/[^/?]+(?=\\?|$)", "/no%1B[2Jwhere"));

        var said = ground.operator.run("plan", "shop.yaml", "-v");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("PSQLException", "no\\x1b[2Jwhere").doesNotContain("\u001b");
    }

    @Test
    void aRunThatFailsSaysWhyInJsonAsWell() throws JsonParserException {
        ground.operator.unset("DB_URL");

        var said = ground.operator.run("plan", "shop.yaml", "--format", "json");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).startsWith("agentroles: shop.yaml:7:10: ");
        assertThat(json(said.out())).isEqualTo(json("""
                {"schema_version": 1, "command": "plan", "exit_code": 1, "problems": [
                  {"what": "the environment variable DB_URL is not set",
                   "where": {"file": "shop.yaml", "line": 7, "column": 10}}]}
                """));
    }

    @Test
    void aResultThatIsThereIsNotFollowedByAnother() throws JsonParserException {
        ground.operator.unset("DB_URL");

        var said = ground.operator.run("reap", "shop.yaml", "--format", "json");

        assertThat(said.code()).isEqualTo(1);
        assertThat(json(said.out()).getArray("databases").getObject(0).getArray("problems"))
                .hasSize(1);
    }

    @Test
    void aQuietRunSaysNothingWhenAllIsWellAndEverythingElse() {
        for (var command :
                List.of(List.of("apply", "--yes"), List.of("plan"), List.of("rotate", "--all"), List.of("reap"))) {
            var arguments = new ArrayList<>(command);
            arguments.addAll(List.of("shop.yaml", "--quiet"));

            var said = ground.clean(arguments.toArray(String[]::new));

            assertThat(said.out() + said.err()).as(command.toString()).isEmpty();
        }

        var found = ground.operator.run("verify", "shop.yaml", "--quiet", "--no-probes");

        assertThat(found.code()).isEqualTo(2);
        assertThat(found.out()).contains("PUBLIC-TEMP");
        assertThat(found.err()).isEmpty();
    }

    @Test
    void aQuietRunReplacesItsFileAlsoWhenAllIsWell() throws IOException {
        var file = Files.writeString(directory.resolve("plan.txt"), "yesterday's");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");

        ground.clean("plan", "shop.yaml", "--quiet", "--output", "plan.txt");

        assertThat(file).content().contains("No changes");
    }

    @Test
    void aQuietApplyThatCannotGoOnShowsThePlanThatItSpeaksOf() throws SQLException {
        ground.database.execute("DROP TABLE app.orders");

        var said = ground.operator.run("apply", "shop.yaml", "--yes", "--quiet");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("Cannot be planned").contains("the plan above has 1 obstacle");
    }

    @Test
    void anAgentThatWasTakenOutOfTheProfileIsShownAndRevokedAndThawedByItsName() throws Exception {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        var login = ground.published(Ground.OTHER).orElseThrow();
        profile("app.orders");

        var status = ground.clean("status", "shop.yaml");
        var wrong = ground.operator.run("revoke", "shop.yaml", "--agent", "order-dsk");
        var revoked = ground.clean("revoke", "shop.yaml", "--agent", Ground.OTHER, "--reason", "odd queries");

        assertThat(status.out())
                .contains("REMOVED order-desk on " + ground.database.name()
                        + " from the profile: apply ends it, and revoke at once")
                .containsPattern("order-desk +" + ground.database.name() + " +- +\\w{8} +published");
        assertThat(wrong.code()).isEqualTo(64);
        assertThat(revoked.out()).contains("order-desk on " + ground.database.name() + " is revoked; 1 login closed");
        assertThat(ground.works(login)).isFalse();
        assertThat(ground.published(Ground.OTHER)).isEmpty();
        assertThat(ground.clean("status", "shop.yaml").out())
                .contains("REVOKED order-desk on " + ground.database.name() + " by tester@test");
        ground.clean("thaw", "shop.yaml", "--agent", Ground.OTHER, "--yes", "--environment", "production");
        assertThat(ground.clean("status", "shop.yaml").out()).doesNotContain("REVOKED");
    }

    @Test
    void statusSaysWhichOfSeveralLeasesIsThePublishedOne() throws Exception {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        var old = lease();
        ground.clean("rotate", "shop.yaml", "--agent", Ground.AGENT);
        var now = lease();

        var said = ground.clean("status", "shop.yaml");

        assertThat(said.out()).containsPattern(old + " +replaced ").containsPattern(now + " +published ");
        ground.clean("revoke", "shop.yaml", "--agent", Ground.AGENT, "--reason", "odd queries");
        assertThat(ground.clean("status", "shop.yaml").out()).containsPattern(now + " +stopped ");
    }

    private String lease() {
        var login = ground.published(Ground.AGENT).orElseThrow().username();
        return login.substring(login.lastIndexOf('_') + 1);
    }

    @Test
    void rotateTellsTheEndThatTheLeaseBeforeHasAfterwards() throws Exception {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        var old = lease();
        ground.database.execute("UPDATE agentroles.lease SET issued_at = issued_at - interval '45 min',"
                + " expires_at = expires_at - interval '45 min'");

        var said = ground.clean("rotate", "shop.yaml");

        assertThat(said.out())
                .contains("+ support-bot on " + ground.database.name() + ": lease " + lease() + ", expires in 1h; "
                        + old + " before it in 10m  # lease " + old + " was due\n");
    }

    @Test
    void applyLeavesMilderFindingsToVerifyAndSaysSo() {
        var said = ground.clean("apply", "shop.yaml", "--yes");

        assertThat(said.err())
                .contains("MEDIUM  PUBLIC-TEMP")
                .endsWith(
                        "note: none of these is high or critical, so apply ends with 0; agentroles verify shop.yaml ends"
                                + " with 2 until they are mended or waived\n");
    }

    @Test
    void verifyTellsOfAPatternThatMatchesNothingAnyMore() throws Exception {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground.database.execute("DROP TABLE app.orders");

        var said = ground.operator.run("verify", "shop.yaml", "--no-probes");

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out())
                .contains("MEDIUM  PROFILE-STALE  pattern \"app.orders\" matches no table or view of database")
                .contains("evidence  shop.yaml:10:");
    }

    @Test
    void aPlanOfNamesThatMoveTheCursorIsSafeToPrintAndCanBeExecuted() throws Exception {
        var name = "x\n  + role \u001b[2K\\ \"y".replace("\"", "\"\"");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground.database.execute(
                "CREATE TABLE app.\"%s\" (id int)".formatted(name),
                "GRANT SELECT ON app.\"%s\" TO %s WITH GRANT OPTION"
                        .formatted(name, ground.operator.administrator().username()));
        profile("\"app.*\"");

        var said = ground.operator.run("plan", "shop.yaml", "--sql");

        assertThat(said.code()).as(said.out()).isEqualTo(2);
        assertThat(said.out())
                .doesNotContain("\u001b")
                .contains("    GRANT SELECT ON TABLE \"app\".U&\"x\\000A  + role \\001B[2K\\\\ \"\"y\" TO ");
        ground.database.execute(said.out()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("GRANT"))
                .toArray(String[]::new));
        assertThat(ground.operator.run("plan", "shop.yaml").out()).contains("Plan: 0 to add");
    }
}
