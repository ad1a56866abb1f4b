package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonParser;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The table that a person reads at a glance.
final class StatusTest {
    private static final String REDRAWN = "\u001b[H\u001b[J";

    @AutoClose
    private final Ground ground;

    private final Path directory;

    StatusTest(@TempDir Path directory) throws SQLException, IOException {
        this.directory = directory;
        this.ground = Ground.onFile(directory);
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @Test
    void itShowsSessionsAndWhatIsOwedAndWhoIsStopped() throws Exception {
        try (var session = ground.connect(Ground.AGENT)) {
            assertThat(session.isValid(5)).isTrue();
            ground.database.execute("INSERT INTO agentroles.owed (work, agent, object, attempts, last_error)"
                    + " VALUES ('DROP_LOGIN', 'order-desk', 'ar_old', 3, 'it owns app.stray')");

            var said = ground.operator.run("status", "shop.yaml");

            assertThat(said.code()).isEqualTo(4);
            assertThat(said.out().lines().map(line -> line.replaceAll(" \\d[0-9a-z]{7} ", " LEASE ")))
                    .satisfiesExactly(
                            head -> assertThat(head)
                                    .matches("AGENT +DATABASE +TIERS +LEASE +STATE +SESSIONS +EXPIRES IN"),
                            bot -> assertThat(bot)
                                    .matches("support-bot +" + ground.database.name()
                                            + " +orders:explore +LEASE +published +1 +59m \\d+s"),
                            desk -> assertThat(desk)
                                    .matches("order-desk +" + ground.database.name()
                                            + " +orders:ddl-denied +LEASE +published +0 +59m \\d+s"),
                            owed -> assertThat(owed)
                                    .matches("owed: dropping login ar_old on " + ground.database.name()
                                            + " for \\ds; 3 tries, last: it owns app.stray"),
                            verified -> assertThat(verified)
                                    .isEqualTo("verified: " + ground.database.name()
                                            + " not lately; agentroles verify does"));
        }
    }

    @Test
    void aNarrowTerminalIsNotOverrun() {
        ground.operator.look(60);

        var said = ground.clean("status", "shop.yaml", "--no-color");

        assertThat(said.out().lines().filter(line -> !line.startsWith("verified: ")))
                .hasSize(6)
                .allMatch(line -> line.length() <= 60);
        assertThat(ground.clean("status", "shop.yaml", "--output", "status.txt").code())
                .isZero();
        assertThat(directory.resolve("status.txt")).content().contains("AGENT", "EXPIRES IN\nsupport-bot");
    }

    @Test
    void itSaysWhoLastVerifiedAndWhatTheyFound() throws Exception {
        ground.operator.run("verify", "shop.yaml", "--no-probes");
        assertThat(ground.clean("status", "shop.yaml").out()).contains("not lately");

        ground.database.execute("GRANT CREATE ON SCHEMA app TO PUBLIC");
        ground.operator.run("verify", "shop.yaml");

        assertThat(ground.clean("status", "shop.yaml").out())
                .containsPattern(
                        "verified: " + ground.database.name() + " \\ds ago by .+: .*\\d high.*; tried as 2 agents\n");
        assertThat(ground.clean("status", "shop.yaml", "--format", "json").out())
                .contains("\"last_verification\"", "tried as 2 agents");
    }

    @Test
    void whatIsNotShownForWantOfARightIsForgivenAndWhatFailsIsNot() throws Exception {
        ground.database.execute("REVOKE SELECT ON pg_catalog.pg_prepared_xacts FROM PUBLIC");
        ground.clean("status", "shop.yaml");

        ground.database.execute(
                "SET allow_system_table_mods = on", "ALTER VIEW pg_catalog.pg_prepared_xacts RENAME TO gone");

        assertThat(ground.ends(1, "status", "shop.yaml").err()).contains("pg_prepared_xacts");
    }

    /// An apply that could not drop its login has erased its secret before.
    @Test
    void whatAnAgentReadsThatIsOutOfTheProfileIsLookedAt() throws Exception {
        ground.without(Ground.AGENT);
        assertThat(ground.clean("status", "shop.yaml").out()).containsPattern("support-bot .* published ");

        try (var store = ground.operator.store()) {
            store.forget(ground.path(Ground.AGENT));
        }

        assertThat(ground.clean("status", "shop.yaml").out()).containsPattern("support-bot .* replaced ");
    }

    @Test
    void aScriptReadsWhoStoppedItAndWhy() throws Exception {
        ground.clean("freeze", "shop.yaml", "--reason", "odd queries");

        var said = ground.clean("status", "shop.yaml", "--format", "json");

        var database =
                JsonParser.object().from(said.out()).getArray("databases").getObject(0);
        assertThat(database.getBoolean("frozen")).isTrue();
        assertThat(database.getObject("freeze").getString("by")).isEqualTo("tester@test");
        assertThat(database.getObject("freeze").getString("reason")).isEqualTo("odd queries");
    }

    @Test
    void aWatchIsRedrawnWithWhatHasHappenedUntilItIsInterrupted() throws Exception {
        ground.operator.answer();
        var code = new CompletableFuture<Integer>();
        try (var pipe = new PipedInputStream();
                var out = new PrintStream(new PipedOutputStream(pipe), true, StandardCharsets.UTF_8);
                var said = new BufferedReader(new InputStreamReader(pipe, StandardCharsets.UTF_8))) {
            var watch = Thread.ofPlatform()
                    .start(() -> code.complete(
                            ground.operator.run(out, out, "status", "--watch", "shop.yaml", "--interval=1")));
            assertThat(said.readLine()).startsWith(REDRAWN).contains("AGENT");
            ground.clean("revoke", "shop.yaml", "--agent", Ground.AGENT, "--reason", "odd queries");

            var next = said.lines().filter(line -> line.startsWith(REDRAWN)).findFirst();

            assertThat(next.orElseThrow()).contains("REVOKED").contains("odd queries");
            watch.interrupt();
            assertThat(code.get()).isZero();
        }
    }

    /// As of `status --watch | head`: it would look at the databases for ever.
    @Test
    @Timeout(60)
    void aWatchThatNobodyReadsAnyMoreEnds() {
        var gone = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        var said = new ByteArrayOutputStream();

        int code = ground.operator.run(
                new PrintStream(gone, true, StandardCharsets.UTF_8),
                new PrintStream(said, true, StandardCharsets.UTF_8),
                "status",
                "--watch",
                "shop.yaml",
                "--interval=1");

        assertThat(code).isEqualTo(1);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("could not be written to standard output");
    }

    @Test
    void aResultThatIsReplacedKeepsItsModeAndOneThatCannotBeWrittenLeavesNothingBehind() throws IOException {
        var result = Files.writeString(directory.resolve("status.txt"), "old");
        Files.setPosixFilePermissions(result, PosixFilePermissions.fromString("rw-r--r--"));
        Files.createDirectories(directory.resolve("folder/full"));

        ground.clean("status", "shop.yaml", "--output", "status.txt");
        assertThat(ground.operator
                        .run("status", "shop.yaml", "--output", "folder")
                        .code())
                .isEqualTo(1);

        assertThat(result).content().startsWith("AGENT");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(result)))
                .isEqualTo("rw-r--r--");
        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }
}
